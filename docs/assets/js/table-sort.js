// Sorts the rows of a table by a column. Without this script the table is as the page wrote it.

/** Put a button into each heading of every table below `root` that asks for it. */
export function enhanceSorting(root) {
  for (const table of root.querySelectorAll("table.sortable:not([data-sorts])")) {
    table.dataset.sorts = "yes";
    [...table.tHead.rows[0].cells].forEach((heading, column) => start(table, heading, column));
  }
}

function start(table, heading, column) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener("click", () => {
    const up = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((one, other) => compare(key(one, column), key(other, column)));
    body.append(...(up ? rows : rows.reverse()));
  });
}

/** What a cell is sorted by: the number that it names or is, else its words. */
function key(row, column) {
  const cell = row.cells[column];
  const value = cell?.dataset.sort ?? (cell?.textContent ?? "").trim();
  return value === "" || isNaN(value) ? value : Number(value);
}

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), document.documentElement.lang);
}
