// A playbook's commands, filled with what the alert knew: the values come from the address, as the alert's link has
// them, or from the fields on top of the page. They stay in the page: nothing is kept, nothing is sent. Without this
// script the blanks stay blanks, and the list says what goes into them.
import { inCommand, inQuery, pieces, refused } from "./quoting.js";
import { filled } from "./words.js";

const EACH_MINUTE = 60_000;

/** What templates say of a label that there isn't. */
const NO_VALUE = /^[[<]no value[\]>]$/;

/** All of the page that an element is on. */
const pageOf = (element) => element.closest(".md-content") ?? document.body;

/** Put a field into each variable below `root`, and what the fields hold into the blanks. */
export function enhanceVariables(root) {
  for (const list of root.querySelectorAll("ul[data-variables]:not([data-enhanced])")) start(list);
}

/** Give the bar at the bottom what needs a script: the first update to copy, and the minutes since the page opened. */
export function enhanceHelp(root) {
  for (const bar of root.querySelectorAll("[data-help]:not([data-enhanced])")) help(bar);
}

/** Hand on what this page was asked for to the playbooks that it offers. */
export function carryQuery(root) {
  for (const link of root.querySelectorAll("[data-carries] a[href]")) {
    const target = new URL(link.href);
    if (target.origin !== location.origin) continue;
    target.search = location.search;
    link.href = target;
  }
}

function start(list) {
  list.dataset.enhanced = "";
  const words = JSON.parse(list.dataset.variables);
  const asked = new URLSearchParams(location.search);
  const items = [...list.querySelectorAll("[data-variable]")];
  for (const item of items) addField(item, asked.get(item.dataset.variable)?.replace(NO_VALUE, "") ?? "");
  const said = Object.assign(document.createElement("p"), { className: "variables__said" });
  said.setAttribute("role", "status");
  const fold = Object.assign(document.createElement("details"), { className: "variables__fold" });
  const summary = document.createElement("summary");
  fold.append(summary);
  list.replaceWith(fold, said);
  fold.append(list);
  const fill = filler(pageOf(fold));
  const take = () => {
    const { values, faults } = read(list, words);
    for (const name of fill(values)) faults.push(filled(words.by_hand, { name, given: values.get(name) }));
    said.replaceChildren(...faults.map((fault) => Object.assign(document.createElement("span"), { textContent: fault })));
    summary.textContent = [...values].map((pair) => pair.join(" = ")).join(" · ") || words.values;
    return !faults.length && values.size === items.length;
  };
  fold.open = !take();
  list.addEventListener("input", ({ target }) => {
    delete target.dataset.asked;
    take();
  });
}

function addField(item, value) {
  const label = document.createElement("label");
  const field = Object.assign(document.createElement("input"), { autocomplete: "off", spellcheck: false, value });
  field.setAttribute("autocapitalize", "off");
  field.dataset.asked = value; // a field itself has no line breaks
  const about = document.createElement("span");
  about.append(...item.childNodes);
  label.append(about, field);
  item.append(label);
}

/** What the fields of a list hold: the values that are taken, and what is said of the others. */
function read(list, words) {
  const values = new Map();
  const faults = [];
  for (const item of list.querySelectorAll("[data-variable]")) {
    const { variable: name, example, pattern } = item.dataset;
    const field = item.querySelector("input");
    const given = field.dataset.asked ?? field.value;
    const fault = given && refused(given, pattern);
    field.setAttribute("aria-invalid", String(Boolean(fault)));
    if (fault) faults.push(filled(words[fault], { name, given, example }));
    else if (given) values.set(name, given);
  }
  return { values, faults };
}

/** What fills the blanks of a page with values, and gives the names of those that can't be quoted somewhere. */
function filler(page) {
  const blanks = [...page.querySelectorAll(".blank[data-variable]")];
  const texts = [...new Set(blanks.map((blank) => blank.closest("code") ?? blank))].map(textOf);
  const links = [...page.querySelectorAll('a[href*="g0.expr="]')].map((link) => {
    const address = new URL(link.href);
    return { link, address, parts: pieces(address.searchParams.get("g0.expr") ?? "") };
  }).filter(({ parts }) => parts.length > 1);
  return (values) => {
    const left = new Set();
    const write = (parts, found, put) => found.forEach((value, number) => {
      const name = parts[2 * number + 1];
      if (value === null && values.has(name)) left.add(name);
      put(value, name, number);
    });
    for (const { parts, spans, inPlace } of texts) {
      write(parts, inPlace(parts, values), (value, name, number) => {
        spans[number].textContent = value ?? `{${name}}`;
        spans[number].classList.toggle("blank--filled", value !== null);
      });
    }
    for (const { link, address, parts } of links) {
      const whole = [...parts];
      write(parts, inQuery(parts, values), (value, name, number) => { whole[2 * number + 1] = value ?? `{${name}}`; });
      address.searchParams.set("g0.expr", whole.join(""));
      link.href = address;
    }
    return left;
  };
}

/** A text with blanks: its parts, as `pieces` has them, its blanks, and how a value is written in it. */
function textOf(element) {
  const spans = element.matches(".blank") ? [element] : [...element.querySelectorAll(".blank[data-variable]")];
  const parts = [""];
  const add = (node) => {
    if (spans.includes(node)) parts.push(node.dataset.variable, "");
    else if (node.nodeType === Node.TEXT_NODE) parts[parts.length - 1] += node.data;
    else node.childNodes.forEach(add);
  };
  add(element);
  const isCommand = element.closest("pre") && !element.closest("[data-words]");
  return { parts, spans, inPlace: element.closest("[data-query]") ? inQuery : isCommand ? inCommand : asIs };
}

/** Words that a person reads. */
function asIs(parts, values) {
  return parts.filter((_, number) => number % 2).map((name) => values.get(name) ?? null);
}

function help(bar) {
  bar.dataset.enhanced = "";
  const words = JSON.parse(bar.dataset.help);
  const opened = new Date();
  if (bar.dataset.update) bar.append(copyButton(bar, words, opened));
  const minutes = document.createElement("span");
  minutes.setAttribute("role", "timer");
  const tell = () => {
    if (!bar.isConnected) clearInterval(clock);
    minutes.textContent = filled(words.opened, { minutes: Math.floor((Date.now() - opened) / EACH_MINUTE) });
  };
  const clock = setInterval(tell, EACH_MINUTE / 4);
  bar.append(minutes);
  tell();
}

function copyButton(bar, words, opened) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.copy_update });
  button.addEventListener("click", async () => {
    const list = pageOf(bar).querySelector("ul[data-variables]");
    const values = list ? read(list, JSON.parse(list.dataset.variables)).values : new Map();
    const text = update(bar.dataset.update, values, opened);
    bar.querySelector("textarea")?.remove();
    if (await isCopied(text, bar)) button.textContent = words.copied;
    else bar.querySelector("textarea").setAttribute("aria-label", words.not_copied);
  });
  return button;
}

/** The first update: its first `HH:MM` is when the page was opened, its blanks are filled. */
export function update(text, values, opened) {
  const clock = [opened.getHours(), opened.getMinutes()].map((number) => String(number).padStart(2, "0")).join(":");
  const parts = pieces(text);
  const whole = parts.map((part, number) => (number % 2 ? values.get(part) ?? `{${part}}` : part)).join("");
  return whole.replace("HH:MM", clock);
}

/** Copy a text; where the browser doesn't let a script do that, the text is left below `element`, to be copied by hand. */
async function isCopied(text, element) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    element.append(field);
    field.select();
    if (!document.execCommand("copy")) return false;
    field.remove();
    return true;
  }
}
