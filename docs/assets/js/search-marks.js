// The words that the search was asked for, found on the page that a result led to.

/** Where each of the words stands: Latin ones at the beginning of a word. */
export function rangesOf(article, words) {
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
