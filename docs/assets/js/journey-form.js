// The worksheet on the screen: a journey's fields, kept in this browser, as the YAML of its file.
// Without this script the form stays hidden, and the blank sheet for paper remains.
import { seen, toYaml } from "./journey-yaml.js";
import { browserStorage, isMapping, isText, parsed, texts } from "./kept.js";
import { read } from "./numbers.js";

const LONGEST_ADDRESS = 7000;

/** Start every form below `root` that has not been started yet. */
export function enhanceJourneyForms(root) {
  for (const form of root.querySelectorAll("form[data-journey-form][hidden]")) start(form);
}

function start(form) {
  const words = JSON.parse(form.dataset.words);
  const checks = JSON.parse(form.dataset.checks);
  const kept = `handbook:journey:${new URL("..", location.href).pathname.replace("/ja/", "/")}`;
  const storage = browserStorage();
  const refresh = () => show(form, words, checks);
  const save = () => {
    form.dataset.touched = "yes";
    try {
      storage?.setItem(kept, JSON.stringify(state(form)));
    } catch {
      // A browser whose storage is full still gives the finished file.
    }
    refresh();
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (target.matches("[data-key=name]") && !target.closest("[data-list]")) nameFile(form, target.value);
    save();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-add]")) addItem(button.parentElement).querySelector("[data-key]").focus();
    if (button?.matches("[data-remove]")) {
      const list = button.closest("[data-list]");
      button.closest(".form__item").remove();
      list.querySelector("[data-add]").focus();
    }
    if (button?.matches("[data-add], [data-remove]")) save();
    if (button?.matches("[data-copy]")) copy(form, words);
    if (button?.matches("[data-print]")) print(form);
    if (button?.matches("[data-download]")) download(form, checked(form, words, checks), words);
  });
  form.addEventListener("reset", (event) => {
    if (!confirm(words.sure)) event.preventDefault();
  });
  form.addEventListener("reset", (event) => event.defaultPrevented || setTimeout(() => {
    form.dataset.touched = form.dataset.named = "";
    for (const items of form.querySelectorAll("[data-items]")) items.replaceChildren();
    storage?.removeItem(kept);
    refresh();
  }));
  if (restore(form, parsed(storage?.getItem(kept)))) form.dataset.touched = "yes";
  form.hidden = false;
  refresh();
}

/** Name the file after the journey, until it has been given another name. */
function nameFile(form, name) {
  const { id } = form.elements;
  if (id.value === (form.dataset.named ?? "")) id.value = form.dataset.named = fileName(name);
}

/** A journey's name as that of its file: `Pay an invoice` as `pay-an-invoice`. Of other letters than Latin ones there is none. */
export function fileName(name) {
  const plain = name.normalize("NFKD").replace(/[\p{M}'’]/gu, "").toLowerCase();
  return /(?![a-z])\p{L}/u.test(plain) ? "" : plain.split(/[^a-z0-9]+/).filter(Boolean).join("-").slice(0, 100).replace(/-$/, "");
}

/** Print what is filled in; the page prints the blank sheet else. */
function print(form) {
  form.dataset.printed = "";
  addEventListener("afterprint", () => delete form.dataset.printed, { once: true });
  window.print();
}

function addItem(list) {
  const item = list.querySelector("template").content.cloneNode(true);
  const items = list.querySelector("[data-items]");
  items.append(item);
  return items.lastElementChild;
}

/** What stands in the fields, as it is kept: texts by their keys, and lists of such. */
function state(form) {
  const own = (root) => [...root.querySelectorAll("[data-key]")];
  const values = (fields) => Object.fromEntries(fields.map((field) => [field.dataset.key, field.value]));
  const top = own(form).filter((field) => !field.closest("[data-list]"));
  const group = (field) => field.closest("[data-group]")?.dataset.group;
  return {
    team: form.elements.team.value,
    id: form.elements.id.value,
    fields: Object.fromEntries(top.map((field) => [[group(field), field.dataset.key].filter(Boolean).join("."), field.value])),
    lists: Object.fromEntries([...form.querySelectorAll("[data-list]")].map((list) => [
      list.dataset.list,
      [...list.querySelectorAll("[data-items] > .form__item")].map((item) => values(own(item))),
    ])),
  };
}

/** Put what was kept back into the fields; gives whether anything was. */
function restore(form, kept) {
  const { team, id, fields, lists } = isMapping(kept) ? kept : {};
  const own = texts(fields);
  if ([...form.elements.team.options].some((it) => it.value === team)) form.elements.team.value = team;
  if (isText(id)) form.elements.id.value = id;
  const fill = (field, value) => {
    if (isText(value)) field.value = value;
  };
  for (const field of form.querySelectorAll("[data-key]")) {
    if (field.closest("[data-list]")) continue;
    const group = field.closest("[data-group]")?.dataset.group;
    fill(field, own[[group, field.dataset.key].filter(Boolean).join(".")]);
  }
  for (const list of form.querySelectorAll("[data-list]")) {
    const items = lists?.[list.dataset.list];
    for (const values of Array.isArray(items) ? items.map(texts) : []) {
      for (const field of addItem(list).querySelectorAll("[data-key]")) fill(field, values[field.dataset.key]);
    }
  }
  return isMapping(fields);
}

/** The journey as its file has it: empty fields left out, dotted keys as mappings, each value as `written` gives it. */
export function journeyOf({ fields, lists }, written) {
  const journey = nested(fields, written);
  for (const [name, items] of Object.entries(lists)) {
    const made = items.map((item) => nested(item, written)).filter((item) => Object.keys(item).length);
    if (made.length) journey[name] = made;
  }
  return journey;
}

function nested(values, written) {
  const made = {};
  for (const [key, value] of Object.entries(values)) {
    if (!value.trim()) continue;
    const way = key.split(".");
    let place = made;
    way.slice(0, -1).forEach((step, position) => {
      place = place[step] ??= /^\d+$/.test(way[position + 1]) ? [] : {};
    });
    place[way.at(-1)] = written(key, value.trim());
  }
  // A list may begin with a field that was left empty.
  for (const [key, value] of Object.entries(made)) if (Array.isArray(value)) made[key] = value.filter(Boolean);
  return made;
}

function number(text) {
  const value = read(text);
  return Number.isNaN(value) ? text.trim() : value;
}

/** A target as a fraction: `99.5`, `99.5 %` and `0.995` are one. Nobody promises less than 1 %. */
export function fraction(text) {
  const value = read(text, true);
  if (Number.isNaN(value)) return text.trim();
  return /[%％]\s*$/.test(text) || value > 1 ? Number((value / 100).toPrecision(12)) : value;
}

/** What is wrong with a form's state, in words: what `check` would say of the file, before there is one. */
export function faultsOf({ id, fields, lists }, words, checks, label) {
  const fits = (pattern, text) => new RegExp(checks.patterns[pattern]).test(text);
  const faults = [];
  const say = (sentence, values) => faults.push(sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]));
  const filled = (item) => Object.values(item).some((value) => value.trim());
  if (!id) say(words.missing, { key: words.file });
  else if (!fits("id", id)) say(words.id, { key: words.file, given: id });
  for (const key of checks.required[""]) if (!fields[key]?.trim()) say(words.missing, { key: label("", key) });
  wrongTarget(fields.target, () => say(words.target, { key: label("", "target"), given: fields.target }));
  const ranks = ["impact", "frequency", "visibility"].filter((key) => fields[`ranking.${key}`]);
  if (ranks.length && ranks.length < 3) say(words.ranking, {});
  for (const [name, items] of Object.entries(lists)) {
    const seen = new Set();
    items.forEach((item, position) => {
      if (!filled(item)) return;
      const place = `${label(name)} ${position + 1}`;
      for (const key of checks.required[name]) if (!item[key]?.trim()) say(words.missing, { key: `${place}: ${label(name, key)}` });
      if (item.id?.trim()) {
        if (!fits("id", item.id.trim())) say(words.id, { key: place, given: item.id });
        if (seen.has(item.id.trim())) say(words.twice, { key: place, given: item.id });
        seen.add(item.id.trim());
      }
    });
  }
  lists.steps?.forEach((item, position) => {
    for (const number of [0, 1]) {
      const [what, sees] = ["what", "user_sees"].map((key) => `failure_points.${number}.${key}`);
      if (item[sees]?.trim() && !item[what]?.trim()) say(words.missing, { key: `${label("steps")} ${position + 1}: ${label("steps", what)}` });
    }
  });
  lists.slis?.forEach((item, position) => {
    const has = (key) => Boolean(item[key]?.trim());
    const queries = ["events.good", "events.bad", "events.total"].filter(has);
    const complete = has("events.total") && has("events.good") !== has("events.bad");
    if (queries.length && !complete) say(words.both, { key: `${label("slis")} ${position + 1}` });
    const gauge = ["threshold.metric", "threshold.at_most", "threshold.at_least"].filter(has);
    const other = ["other.system", "other.query"].filter(has);
    if ([queries, gauge, other].filter((it) => it.length).length > 1) say(words.one_query, { key: `${label("slis")} ${position + 1}` });
    if (gauge.length && (!has("threshold.metric") || gauge.length !== 2)) say(words.gauge, { key: `${label("slis")} ${position + 1}` });
    if (has("threshold.metric")) queries.push("threshold.metric");
    for (const key of gauge.slice(has("threshold.metric") ? 1 : 0)) {
      if (typeof number(item[key]) !== "number") say(words.number, { key: `${label("slis")} ${position + 1}`, given: item[key] });
    }
    if (other.length === 1) say(words.other, { key: `${label("slis")} ${position + 1}` });
    for (const key of queries) if (!fits("selector", item[key].trim())) say(words.selector, { key: `${label("slis")} ${position + 1}`, given: item[key] });
  });
  const slis = new Set((lists.slis ?? []).map((item) => item.id?.trim()));
  lists.slos?.forEach((item, position) => {
    const place = `${label("slos")} ${position + 1}`;
    if (!filled({ ...item, "period.days": "" })) return;
    if (Boolean(item["period.days"]?.trim()) === Boolean(item["period.calendar"])) say(words.period, { key: place });
    if (item.sli?.trim() && !slis.has(item.sli.trim())) say(words.sli, { key: place, given: item.sli });
    wrongTarget(item.target, () => say(words.target, { key: place, given: item.target }));
    whole(item["period.days"], checks.most.days, () => say(words.days, { key: place, given: item["period.days"] }));
    whole(item.events_per_day, Infinity, () => say(words.events, { key: place, given: item.events_per_day }));
    whole(item.minimum_events, Infinity, () => say(words.events, { key: place, given: item.minimum_events }));
    if (item.dashboard?.trim() && !fits("address", item.dashboard.trim())) say(words.address, { key: place, given: item.dashboard });
    for (const step of [0, 1, 2]) {
      const [spent, todo] = ["spent_percent", "do"].map((key) => item[`error_budget_policy.${step}.${key}`]?.trim() ?? "");
      if (!spent !== !todo) say(words.policy, { key: place });
      whole(spent, checks.most.percent, () => say(words.percent, { key: place, given: spent }));
    }
  });
  return faults;
}

function wrongTarget(text, fault) {
  const target = fraction(text ?? "");
  if (text?.trim() && !(target > 0 && target < 1)) fault();
}

function whole(text, most, fault) {
  const value = number(text ?? "");
  if (text?.trim() && !(Number.isInteger(value) && value >= 1 && value <= most)) fault();
}

/** What stands in the form, and what is wrong with it. */
function checked(form, words, checks) {
  const now = state(form);
  // An SLO of which nothing but the period that it comes with is filled in is none.
  now.lists.slos = now.lists.slos.filter((item) => Object.entries(item).some(([key, value]) => key !== "period.days" && value.trim()));
  return { now, faults: faultsOf(now, words, checks, (list, key) => labelOf(form, list, key)) };
}

function show(form, words, checks) {
  const { now, faults } = checked(form, words, checks);
  const parts = [form, ...[...form.querySelectorAll("template")].map((template) => template.content)];
  const keysOf = (type) => parts.flatMap((part) => [...part.querySelectorAll(`[data-type=${type}]`)].map((field) => field.dataset.key));
  const { language } = form.dataset;
  const numbers = new Set(keysOf("number"));
  // Words that aren't in the organisation's language stand below their own.
  const foreign = new Set(language ? keysOf("text") : []);
  const written = (key, value) => {
    if (key === "target") return fraction(value);
    if (numbers.has(key.split(".").at(-1)) || numbers.has(key)) return number(value);
    return foreign.has(key) ? { [language]: value } : value;
  };
  const yaml = toYaml(journeyOf(now, written));
  const path = `data/teams/${now.team}/journeys/${now.id || "…"}.yaml`;
  form.querySelector(".form__faults").replaceChildren(...(form.dataset.touched ? faults : []).map((fault) => {
    const item = document.createElement("li");
    item.textContent = fault;
    return item;
  }));
  form.querySelector(".form__path code").textContent = path;
  form.querySelector(".form__yaml").value = yaml;
  form.querySelector("[data-copy]").disabled = faults.length > 0;
  form.querySelector("[data-download]").textContent = faults.length ? words.download_draft : words.download;
  const link = form.querySelector("[data-open]");
  link.hidden = !form.dataset.new || faults.length > 0;
  if (!link.hidden) link.href = newAddress(form, now, yaml);
}

/** What a field, or a list of them, is called on the page. */
function labelOf(form, list, key) {
  const part = list ? form.querySelector(`[data-list="${list}"]`) : form;
  if (!key) return part.querySelector("legend").textContent;
  const field = (list ? part.querySelector("template").content : part).querySelector(`[data-key="${key}"]`);
  return field.closest("label").firstChild.textContent.trim();
}

/** Where the file is begun at the repository's host; with its text where the host takes it and it fits. */
function newAddress(form, { team, id }, yaml) {
  const address = form.dataset.new.replace("TEAM", encodeURIComponent(team)).replace("ID", encodeURIComponent(id));
  const whole = `${address}&value=${encodeURIComponent(yaml)}`;
  return form.dataset.takesText && whole.length < LONGEST_ADDRESS ? whole : address;
}

async function copy(form, words) {
  const text = form.querySelector(".form__yaml");
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    text.select();
    document.execCommand("copy");
  }
  form.querySelector(".form__result output").value = words.copied;
}

/** The file so far, below a comment on each thing that is still missing or wrong; a finished one as it is. */
export function draft(yaml, faults, words) {
  return faults.length ? [words.draft, ...faults.map((fault) => `- ${fault}`)].map(comment).join("") + yaml : yaml;
}

function comment(line) {
  return `# ${seen(line).replace(/\s+/g, " ")}\n`;
}

/** A draft has a name that the handbook takes for no journey's, so that it isn't taken for finished. */
function download(form, { now, faults }, words) {
  const file = draft(form.querySelector(".form__yaml").value, faults, words);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([file], { type: "application/yaml" }));
  link.download = faults.length ? `${now.id || "journey"}.draft.yaml` : `${now.id}.yaml`;
  link.click();
  URL.revokeObjectURL(link.href);
}
