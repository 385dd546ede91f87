// Filters the rows of a table, or the entries of a list in groups, by text and by choice. The choice is kept in
// the address, so that what is filtered can be shared. Without this script the form stays hidden and all is shown.
// Where the address asks for nothing, a list of what teams have begins with the reader's own team.
import { myTeam } from "./my-team.js";

/** Start every filter form below `root` that has not been started yet. */
export function enhanceFilters(root) {
  for (const form of root.querySelectorAll("form[data-filter][hidden]")) {
    const list = root.querySelector(`#${CSS.escape(form.dataset.filter)}`);
    if (list) start(form, list, [...(list.tBodies?.[0].rows ?? list.querySelectorAll("[data-row]"))]);
  }
}

function start(form, list, rows) {
  const groups = list.querySelectorAll("[data-group]");
  const folds = [...list.querySelectorAll("details[data-group]")];
  const fields = [...form.elements].filter((field) => field.name);
  const output = form.querySelector("output");
  const address = new URLSearchParams(location.search);
  const asksForNothing = !location.search && !location.hash;
  const mine = myTeam().id ?? "";
  for (const field of fields) {
    const wanted = address.get(field.name) ?? (asksForNothing && field.name === "team" ? mine : "");
    if (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === wanted)) {
      field.value = wanted;
    }
  }
  let folded = [];
  // What is found is to be seen; afterwards a group is folded again, unless the reader had opened it.
  const unfold = (asked) => {
    if (asked) folded = folded.concat(folds.filter((fold) => !fold.open));
    for (const fold of folded) fold.open = asked;
    if (!asked) folded = [];
  };
  const apply = () => {
    const tests = fields.filter(({ value }) => value).map(asked);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !tests.every((test) => test(row));
      shown += row.hidden ? 0 : 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-row]:not([hidden])");
    unfold(fields.some((field) => field.value));
    output.value = output.dataset.shown.replace("{shown}", shown).replace("{all}", rows.length);
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    apply();
    keep(fields);
  });
  // A reset empties the fields after its event.
  form.addEventListener("reset", () => setTimeout(() => { apply(); keep(fields); }));
  apply();
}

/** What a field asks of a row. In a table of a thousand rows, short keys stand for the choices. */
function asked({ name, value, selectedOptions }) {
  return name === "text" ? hasWords(value) : has(name, selectedOptions?.[0].dataset.key ?? value);
}

// A long table is asked at each letter that is typed.
const texts = new WeakMap();

/** Whether a row has every word of a search. */
function hasWords(search) {
  const words = normal(search).split(/\s+/);
  return (row) => {
    if (!texts.has(row)) texts.set(row, normal(row.textContent));
    return words.every((word) => texts.get(row).includes(word));
  };
}

/** Whether a row has a choice among the values of its data attribute. */
function has(name, choice) {
  return (row) => (row.dataset[name] ?? "").split(/\s+/).includes(choice);
}

/** Letter case and the widths of Japanese letters make no difference. */
function normal(text) {
  return text.normalize("NFKC").toLowerCase().trim();
}

/** A list of all teams, where it would begin with one, has an empty `team` in its address. */
function keep(fields) {
  const url = new URL(location.href);
  for (const { name, value } of fields) {
    if (value || (name === "team" && myTeam().id)) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  history.replaceState(history.state, "", url);
}
