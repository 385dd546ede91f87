// The definition of a term, shown at the term: on hover, on focus, on tap, until Escape or until the reader goes on.
// Without this script the browser shows the title itself.

const GAP = 6;
const EDGE = 8;

/** Let every term below `root` show its definition. */
export function enhanceTerms(root) {
  for (const term of root.querySelectorAll("abbr.term[title]")) start(term);
}

// Once for all terms: instant navigation takes terms away while one of them is explained.
let shown = null;

function start(term) {
  term.dataset.definition = term.title;
  term.removeAttribute("title");
  term.setAttribute("aria-description", term.dataset.definition);
  term.addEventListener("mouseenter", () => show(term));
  term.addEventListener("focus", () => show(term));
  term.addEventListener("mouseleave", ({ relatedTarget: next }) => leave(term, next));
  term.addEventListener("blur", hide);
  term.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
}

/** The reader may go on to the definition itself, to mark its words. */
function leave(term, next) {
  if (next === shown || document.activeElement === term) return;
  hide();
}

function show(term) {
  hide();
  shown = Object.assign(document.createElement("div"), { className: "definition", textContent: term.dataset.definition });
  shown.setAttribute("role", "tooltip");
  shown.lang = document.documentElement.lang;
  shown.addEventListener("mouseleave", ({ relatedTarget: next }) => next !== term && leave(term, next));
  document.body.append(shown);
  place(shown, term.getClientRects()[0]);
}

/** Below the term where there is room, else above; never beyond the window. */
function place(box, { left, top, bottom }) {
  const { width, height } = box.getBoundingClientRect();
  const below = bottom + GAP + height <= innerHeight;
  box.style.left = `${Math.max(EDGE, Math.min(left, document.documentElement.clientWidth - width - EDGE))}px`;
  box.style.top = `${below ? bottom + GAP : Math.max(EDGE, top - GAP - height)}px`;
}

function hide() {
  shown?.remove();
  shown = null;
}

addEventListener("scroll", hide, { passive: true });
