// The words that the search was asked for, marked on the page that a result led to.
import { parsed } from "./kept.js";

const KEPT = "handbook:found";
const MARKS = "found";

/** Keep the words that are to be marked on the page at a path, for this tab. */
export function remember(path, words) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ path, words }));
  } catch {
    // Without a place to keep them, nothing is marked.
  }
}

/** Mark the words on the page that a result led to; on another one they are forgotten. */
export function markFound(root) {
  CSS.highlights?.delete(MARKS);
  const { path, words } = kept();
  if (!CSS.highlights || !Array.isArray(words) || path !== location.pathname) return;
  const article = root.querySelector(".md-content article");
  if (article && words.length) CSS.highlights.set(MARKS, new Highlight(...rangesOf(article, words)));
}

function kept() {
  try {
    return parsed(sessionStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

/** Where each of the words stands: Latin ones at the beginning of a word. */
function rangesOf(article, words) {
  const patterns = words.map((word) => (/^[\x00-\x7f]/.test(word) ? `(?<![\\p{L}\\p{N}])${word}` : word));
  const pattern = new RegExp(patterns.join("|"), "giu");
  const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  const ranges = [];
  while (texts.nextNode()) {
    for (const { 0: word, index } of texts.currentNode.data.matchAll(pattern)) {
      const range = new Range();
      range.setStart(texts.currentNode, index);
      range.setEnd(texts.currentNode, index + word.length);
      ranges.push(range);
    }
  }
  return ranges;
}
