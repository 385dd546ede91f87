// The search behind the theme's search box. What looks up is loaded once the reader goes to the box.
import { parsed } from "./kept.js";
import { filled } from "./words.js";

const KEYS = ["/", "f", "s"];
const FOUND = "handbook:found"; // what is kept for this tab
const MARKS = "found";

/** Start the search box; it stays while instant navigation replaces the article. */
export function startSearch(root) {
  const box = root.querySelector("[data-search-box][hidden]");
  if (box) new SearchBox(box).start();
}

/** Mark the words that were looked for on the page that a result led to; on another one they are forgotten. */
export async function markFound(root) {
  CSS.highlights?.delete(MARKS);
  const { path, words } = found();
  const article = root.querySelector(".md-content article");
  if (path !== location.pathname || !article || !words?.length || !CSS.highlights) return;
  const { rangesOf } = await import("./search-marks.js");
  if (article.isConnected) CSS.highlights.set(MARKS, new Highlight(...rangesOf(article, words)));
}

function found() {
  try {
    return parsed(sessionStorage.getItem(FOUND)) ?? {};
  } catch {
    return {};
  }
}

/** Keep the words that are to be marked on the page at a path. */
function remember(path, words) {
  try {
    sessionStorage.setItem(FOUND, JSON.stringify({ path, words }));
  } catch {
    // Without a place to keep them, nothing is marked.
  }
}

class SearchBox {
  constructor(box) {
    this.box = box;
    this.words = JSON.parse(box.dataset.words);
    this.index = new URL(box.dataset.index, location).href;
    this.root = new URL(box.dataset.root, location).href;
    this.toggle = document.querySelector("#__search");
    this.form = box.querySelector("form");
    this.field = box.querySelector("input");
    this.meta = box.querySelector(".search-results__meta");
    this.list = box.querySelector(".search-results");
    this.output = box.querySelector(".md-search__output");
    this.asked = 0;
    this.found = [];
    this.tries = 0;
  }

  start() {
    this.box.hidden = false;
    this.meta.textContent = this.words.type;
    this.field.addEventListener("focus", () => {
      this.open(true);
      this.engine().catch(() => this.forget());
    });
    this.field.addEventListener("input", () => {
      this.open(true); // the theme closes the search a moment after it has gone to a page
      this.look();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.list.querySelector("a")?.click();
    });
    this.form.addEventListener("reset", () => setTimeout(() => {
      this.look();
      this.field.focus();
    }));
    this.toggle.addEventListener("change", () => {
      this.open(this.toggle.checked);
      if (this.toggle.checked) this.field.focus();
    });
    this.box.addEventListener("focusout", ({ relatedTarget: next }) => next && !this.box.contains(next) && this.open(false));
    this.list.addEventListener("click", ({ target }) => target.closest("a") && this.follow(target.closest("a")));
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    document.addEventListener("keydown", (event) => this.onGlobalKey(event));
    const asked = new URLSearchParams(location.search).get("q");
    if (asked) {
      this.field.value = asked;
      this.field.focus();
      this.look();
    }
  }

  /** What was looked for is marked on the page that a result leads to, which may be this one. */
  follow(link) {
    remember(link.pathname, this.found);
    markFound(document);
    this.open(false);
  }

  open(on) {
    this.toggle.checked = on;
    this.output.hidden = !on;
    if (!on) this.field.blur();
  }

  onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      this.open(false);
      event.preventDefault(); // what was typed stays
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const places = [this.field, ...this.list.querySelectorAll("a")];
    const next = places.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    places[(next + places.length) % places.length].focus();
    event.preventDefault();
  }

  onGlobalKey(event) {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const called = (event.key === "k" && (event.ctrlKey || event.metaKey)) ||
      (KEYS.includes(event.key) && !typing && !event.ctrlKey && !event.metaKey && !event.altKey);
    if (!called) return;
    this.field.focus();
    this.field.select();
    event.preventDefault();
  }

  /** What looks up in the index, loaded once. */
  engine() {
    // A browser doesn't load a script again that it failed to load, nor an instance a piece of the index.
    const again = this.tries ? `?${this.tries}` : "";
    this.loading ??= import(`./search-query.js${again}`).then(({ opened }) => opened(this.index, this.root, again));
    return this.loading;
  }

  /** After a failure, the next try loads it anew. */
  forget() {
    this.loading = null;
    this.tries += 1;
  }

  /** Look up what stands in the field, unless more was typed meanwhile. */
  async look() {
    const turn = (this.asked += 1);
    const query = this.field.value.trim();
    if (!query) {
      this.show([], this.words.type);
      return;
    }
    this.meta.textContent = this.words.looking;
    this.list.setAttribute("aria-busy", "true");
    try {
      const find = await this.engine();
      const { pages, count, words } = await find(query, () => turn === this.asked);
      if (turn !== this.asked) return;
      this.found = words;
      this.show(pages, this.told(query, pages.length, count));
    } catch {
      this.forget();
      if (turn === this.asked) this.show([], this.words.failed);
    }
  }

  told(query, shown, count) {
    if (!count) return filled(this.words.none, { query });
    if (count > shown) return filled(this.words.best, { shown, count });
    return count === 1 ? this.words.one : filled(this.words.many, { count });
  }

  show(pages, told) {
    this.meta.textContent = told;
    this.list.setAttribute("aria-busy", "false");
    this.list.replaceChildren(...pages.map((page) => {
      const link = Object.assign(document.createElement("a"), { href: page.url });
      link.append(line("title", page.title), line("section", page.section), line("description", page.description));
      const item = document.createElement("li");
      item.append(link);
      return item;
    }));
  }
}

function line(name, words) {
  return Object.assign(document.createElement("span"), { className: `search-results__${name}`, textContent: words ?? "" });
}
