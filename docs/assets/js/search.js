// The search behind the theme's search box. Pagefind's index is loaded in pieces, once the reader goes to the box.
import { byName, lookUps, mendedQuery, nameLookUp, ranked, SHARED, shortList, shown, spread, vocabulary } from "./search-query.js";
import { filled } from "./words.js";

const KEYS = ["/", "f", "s"];

/** Start the search box; it stays while instant navigation replaces the article. */
export function startSearch(root) {
  const box = root.querySelector("[data-search-box][hidden]");
  if (box) new SearchBox(box).start();
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
    this.list.addEventListener("click", (event) => event.target.closest("a") && this.open(false));
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    document.addEventListener("keydown", (event) => this.onGlobalKey(event));
    const asked = new URLSearchParams(location.search).get("q");
    if (asked) {
      this.field.value = asked;
      this.field.focus();
      this.look();
    }
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

  /** Pagefind and what its index knows, loaded once. */
  engine() {
    this.loading ??= Promise.all([this.pagefind(), this.vocabulary()]);
    return this.loading;
  }

  /** After a failure, the next try loads them anew. */
  forget() {
    this.loading = null;
    this.tries += 1;
  }

  async vocabulary() {
    const answer = await fetch(`${this.index}vocabulary.gzipped`);
    if (!answer.ok) throw new Error(`${answer.status}: ${answer.url}`);
    const unpacked = answer.body.pipeThrough(new DecompressionStream("gzip"));
    return vocabulary(await new Response(unpacked).json());
  }

  /** An instance of Pagefind, and the ids of the pages that teams share. */
  async pagefind() {
    // A browser doesn't load a script again that it failed to load, nor an instance a piece of the index.
    const again = this.tries ? `?${this.tries}` : "";
    const { createInstance } = await import(`${this.index}pagefind.js${again}`);
    const pagefind = createInstance({ basePath: this.index, baseUrl: this.root, noWorker: true });
    await pagefind.init();
    const { results } = await pagefind.search(SHARED);
    // Pagefind takes a piece of the index that it can't load for an empty one.
    if (!results.length) throw new Error("no index");
    return { pagefind, shared: new Set(results.map((it) => it.id)) };
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
      const { pages, count } = await this.find(query, () => turn === this.asked);
      if (turn === this.asked) this.show(pages, this.told(query, pages.length, count));
    } catch {
      this.forget();
      if (turn === this.asked) this.show([], this.words.failed);
    }
  }

  /** The best pages for a query, and how many there are. */
  async find(query, wanted = () => true) {
    const [{ pagefind, shared }, known] = await this.engine();
    const meant = mendedQuery(query, known);
    const name = nameLookUp(meant);
    const words = lookUps(meant, known);
    // All pieces of the index at once; one after the other, each would wait for the one before.
    await Promise.all([name, ...words.map((it) => it.word)].map((it) => pagefind.preload(it)));
    const called = (await pagefind.search(name)).results;
    const answers = [];
    for (const { word, weight } of words) {
      if (!wanted()) return { pages: [], count: 0 };
      const { results } = await pagefind.search(word);
      answers.push({ weight, results });
    }
    const found = ranked(answers, called);
    const best = await Promise.all(shortList(found, shared).map(async ({ result, score }) => {
      const { url, meta } = await result.data();
      const { title, section, description, names = "" } = meta;
      return { url, score, title, section, description, names, shared: shared.has(result.id) };
    }));
    return { pages: shown(spread(byName(best, meant))), count: found.length };
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
