/** Words with their gaps filled; what fills them is taken as it is. */
export function filled(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
