// What a reader has read: a mark for each work, kept in this browser, and one with its ticks in checklists.
// Without this script the reading list is whole, without marks.
import { browserStorage, parsed, texts } from "./kept.js";
import { filled } from "./words.js";

const KEY = "handbook.reading";

/** The marks that a storage holds, if there is one: the day on which each work was read, by its id. */
export function loadMarks(storage) {
  return texts(parsed(storage?.getItem(KEY)));
}

/** Mark a work as read on `day`, or with an empty `day` as not read. A storage that is full or closed keeps nothing. */
export function mark(storage, id, day) {
  const marks = loadMarks(storage);
  if (day) marks[id] = day;
  else delete marks[id];
  try {
    storage.setItem(KEY, JSON.stringify(marks));
  } catch {
    // The box stays as the reader set it until the page is left.
  }
}

/** Give each work of a reading list below `root` a box to mark it as read. */
export function enhanceReadingLists(root) {
  for (const list of root.querySelectorAll("[data-readings]:not([data-enhanced])")) start(list);
}

function start(list) {
  list.dataset.enhanced = "";
  const storage = browserStorage();
  if (!storage) return;
  const words = JSON.parse(list.dataset.readings);
  const marks = loadMarks(storage);
  const works = [...list.querySelectorAll("[data-reading]")];
  const count = Object.assign(document.createElement("p"), { className: "reading-count" });
  count.setAttribute("role", "status");
  const tell = () => {
    const done = works.filter((work) => work.dataset.mark === "read").length;
    count.textContent = `${filled(words.marked, { done, total: works.length })} · ${words.kept}`;
  };
  for (const work of works) {
    const label = Object.assign(document.createElement("label"), { className: "reading__mark" });
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: work.dataset.reading in marks });
    const name = work.querySelector(".reading__title a").textContent;
    box.setAttribute("aria-label", `${words.read}: ${name}`);
    work.dataset.mark = box.checked ? "read" : "unread";
    box.addEventListener("change", () => {
      work.dataset.mark = box.checked ? "read" : "unread";
      mark(storage, work.dataset.reading, box.checked ? new Date().toISOString().slice(0, 10) : "");
      tell();
    });
    label.append(box, ` ${words.read}`);
    work.prepend(label);
  }
  list.prepend(count);
  tell();
}
