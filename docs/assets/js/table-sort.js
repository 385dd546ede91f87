// Sorts the rows of a table by a column. Without this script the table is as the page wrote it.

const FEW_ROWS = 8;

/** What in a cell, and in a row, has no order of its own; and tables that are filled in by hand. */
const MANY_THINGS = "ul, ol, dl, pre, details";
const SPANS = ":is(th, td):is([colspan], [rowspan])";
const ON_PAPER = ".sheet, .handwriting";

/** Put a button into each heading that sorts: of every long table below `root`, and of those that ask for it. */
export function enhanceSorting(root) {
  for (const table of root.querySelectorAll("table:not([data-sorts])")) {
    if (!table.matches(".sortable") && !isSortable(table)) continue;
    table.dataset.sorts = "yes";
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      if (isComparable(table, heading, column)) start(table, heading, column);
    });
  }
}

function isSortable(table) {
  const isPlain = table.tHead && table.tBodies.length === 1 && !table.querySelector(SPANS) && !table.closest(ON_PAPER);
  return isPlain && table.tBodies[0].rows.length > FEW_ROWS;
}

/** Whether there is an order by a column: each cell says one thing, and not all say the same. */
function isComparable(table, heading, column) {
  const rows = [...table.tBodies[0].rows];
  const isOfOne = rows.every((row) => !row.cells[column]?.querySelector(MANY_THINGS));
  return heading.textContent.trim() !== "" && isOfOne && new Set(rows.map((row) => key(row, column))).size > 1;
}

function start(table, heading, column) {
  const button = document.createElement("button");
  button.type = "button";
  const mark = Object.assign(document.createElement("span"), { className: "screen-only sort-mark", textContent: " ↕" });
  mark.setAttribute("aria-hidden", "true");
  button.append(...heading.childNodes, mark);
  heading.append(button);
  button.addEventListener("click", () => {
    const up = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    for (const other of table.tHead.querySelectorAll(".sort-mark")) other.textContent = " ↕";
    mark.textContent = up ? " ↑" : " ↓";
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((one, other) => compare(key(one, column), key(other, column)));
    body.append(...(up ? rows : rows.reverse()));
  });
}

/** What a cell is sorted by: what it names, nothing where its words have no order, else the number or words that it is. */
function key(row, column) {
  const cell = row.cells[column];
  const value = (cell?.dataset.sort ?? (cell?.textContent ?? "").trim()).replace(/^\u2212/, "-");
  return value === "" || isNaN(value) ? value : Number(value);
}

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), document.documentElement.lang, { numeric: true });
}
