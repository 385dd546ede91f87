// The questions that lead to a set-up. The answers are kept in the address, so that a result can be shared.
// Without this script the form stays hidden, and the table of points below it says the same.
import { texts } from "./kept.js";
import { choose, notYet, preparations, sequence } from "./set-up-rules.js";

/** Start every chooser below `root` that has not been started yet. */
export function enhanceChoosers(root) {
  for (const form of root.querySelectorAll("form[data-rules][hidden]")) start(form, JSON.parse(form.dataset.rules));
}

function start(form, rules) {
  const [now, result] = form.querySelectorAll(".chooser__now, .chooser__result");
  const address = new URLSearchParams(location.search);
  for (const { id, answers } of rules.questions) {
    const wanted = address.get(id);
    if (wanted && Object.hasOwn(answers, wanted)) field(form, id).value = wanted;
  }
  const apply = () => {
    const answers = answersOf(form, rules);
    now.replaceChildren(...standing(rules, answers));
    result.replaceChildren(...(isWhole(rules, answers) ? written(rules, answers) : []));
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    apply();
    keep(form, rules);
  });
  // A reset empties the fields after its event.
  form.addEventListener("reset", () => setTimeout(() => { apply(); keep(form, rules); }));
  apply();
}

/** The choices of a question. Their name is not its id alone, which may be what a form calls something else. */
function field(form, id) {
  return form.elements.namedItem(`answer-${id}`);
}

function answersOf(form, rules) {
  return texts(Object.fromEntries(rules.questions.map(({ id }) => [id, field(form, id).value]).filter(([, answer]) => answer)));
}

function keep(form, rules) {
  const url = new URL(location.href);
  const answers = answersOf(form, rules);
  for (const { id } of rules.questions) {
    if (answers[id]) url.searchParams.set(id, answers[id]);
    else url.searchParams.delete(id);
  }
  history.replaceState(history.state, "", url);
}

function isWhole({ questions }, answers) {
  return Object.keys(answers).length === questions.length;
}

/** What stays in view: a bar for each set-up, and the reason that decides, or how many questions are left. */
function standing(rules, answers) {
  const { words, questions } = rules;
  const ranked = choose(rules, answers);
  const most = Math.max(1, ...ranked.map(({ points }) => points));
  const bars = ranked.map(({ type, points }) => {
    const bar = element("span", {});
    bar.style.inlineSize = `${(100 * Math.max(0, points)) / most}%`;
    return element("li", {}, element("span", { className: "bars__label" }, type.name),
      element("span", { className: "bars__value" }, signed(points)), element("span", { className: "bars__bar" }, bar));
  });
  const left = questions.length - Object.keys(answers).length;
  const said = left
    ? [filled(words.left, { left, all: questions.length })]
    : [element("strong", {}, ...filled(words[notYet(ranked[0]) ? "not_yet" : "recommended"],
      { type: element("a", { href: "#result" }, ranked[0].type.name) })), element("br"), decisive(ranked)];
  return [element("p", {}, ...said), element("ul", { className: "bars" }, ...bars)];
}

/** The reason that speaks most for the first set-up and least for the second. */
function decisive([first, second]) {
  const other = (rule) => second?.rules.find(({ question }) => question === rule.question)?.points ?? 0;
  const [most] = first.rules.toSorted((one, two) => two.points - other(two) - one.points + other(one));
  return most?.reason ?? "";
}

function signed(points) {
  return String(points).replace("-", "−");
}

/** The result as elements. */
function written(rules, answers) {
  const { words } = rules;
  const ranked = choose(rules, answers);
  const [first, second] = ranked;
  const before = preparations(first);
  const link = (type) => element("a", { href: type.address }, type.name);
  const byId = (id) => rules.types.find((type) => type.id === id);
  const parts = [
    element("h2", { id: "result" }, ...filled(notYet(first) ? words.not_yet : words.recommended, { type: link(first.type) })),
    element("p", { className: "lead" }, first.type.summary),
  ];
  if (before.length) {
    if (!notYet(first)) parts.push(element("p", { className: "chooser__title" }, words.first));
    parts.push(element("ol", { className: "chooser__first" }, ...before.map((it) => element("li", {},
      it.do, ...(it.type && byId(it.type) ? [" (", link(byId(it.type)), ")"] : [])))));
  }
  parts.push(...reasons(words.because, first.rules.filter((rule) => rule.points > 0)));
  parts.push(...reasons(words.against, first.rules.filter((rule) => rule.points < 0)));
  const order = sequence(first).map(byId).filter(Boolean);
  if (order.length > 1) {
    const way = order.flatMap((type, place) => (place ? [" → ", link(type)] : [link(type)]));
    const after = first.type.then.find((sequel) => sequel.type === order.at(-1).id);
    parts.push(element("h3", {}, words.sequence), element("p", {}, ...way, ...(after ? [element("br"), after.when] : [])));
  }
  if (second) {
    parts.push(element("h3", {}, ...filled(words.runner_up, { type: link(second.type) })));
    const doubts = second.rules.filter((rule) => rule.points < 0);
    parts.push(...(doubts.length
      ? reasons(words.why_not, doubts)
      : [element("p", {}, filled(words.fewer, { points: second.points, more: first.points }))]));
  }
  parts.push(counts(rules, answers, ranked), element("p", { className: "quiet" }, words.share));
  return parts;
}

function reasons(title, rules) {
  if (!rules.length) return [];
  return [
    element("p", { className: "chooser__title" }, title),
    element("ul", {}, ...rules.map((rule) => element("li", {}, rule.reason))),
  ];
}

/** Each answer with the set-ups that it speaks for and against. */
function counts({ words, questions }, answers, ranked) {
  const named = (id, sign) => ranked
    .flatMap(({ type, rules }) => rules.filter((rule) => rule.question === id && Math.sign(rule.points) === sign)
      .map((rule) => `${type.name} ${sign > 0 ? "+" : "−"}${Math.abs(rule.points)}`))
    .join(", ") || "–";
  const list = questions.map(({ id, answers: texts }) => element("li", {},
    element("strong", {}, texts[answers[id]]), element("br"),
    `${words.speaks_for}: ${named(id, 1)}`, element("br"), `${words.speaks_against}: ${named(id, -1)}`));
  const sums = ranked.map(({ type, points }) => `${type.name} ${signed(points)}`).join(" · ");
  return element("details", { className: "more" },
    element("summary", {}, words.each), element("ul", {}, ...list), element("p", {}, sums));
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Fill the gaps of a sentence: a text where all values are texts, else its pieces, with the elements in place. */
function filled(sentence, values) {
  const pieces = sentence.split(/\{(\w+)\}/).map((piece, place) => (place % 2 ? values[piece] : piece));
  return pieces.some((piece) => piece instanceof Node) ? pieces : pieces.join("");
}
