// Values that come from an address, as a command or a query takes them. An address is written by anyone, so that a
// value stands for itself and nothing else, wherever its blank is.

/** What means nothing to a shell, nor to a query. */
const HARMLESS = /^[\w./:@,+-]+$/;

/** Line ends and what is invisible: a terminal obeys it, or a reader doesn't see it. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Commands that give their words to another shell, which would read them once more. */
const ANOTHER_SHELL = /(?:^|[\s;|&(`'"/])(?:ssh|eval|su|watch|(?:ba|da|k|z)?sh)(?=\s)/;

/** A name in braces, as `macros/text/placeholders.py` has it. */
const BLANK = /(?<![$\\{])\{(?!\d+\})(\w[\w-]*)\}(?!\})/;

/** Why a value isn't taken, as the name of what is said of it; empty where it is. */
export function refused(value, pattern) {
  if (HIDDEN.test(value)) return "hidden";
  if (value.startsWith("-")) return "option";
  return pattern && !fits(value, pattern) ? "pattern" : "";
}

function fits(value, pattern) {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  } catch {
    return new RegExp(`^(?:${pattern})$`).test(value); // it escapes what needs no escape
  }
}

/** A text in pieces: words and the names of blanks, in turn. */
export function pieces(text) {
  return text.split(BLANK);
}

/** What each blank of a command is written as with `values`: null where it has none, or can't be quoted there. */
export function inCommand(parts, values) {
  const isReadTwice = ANOTHER_SHELL.test(parts.filter((_, number) => number % 2 === 0).join(""));
  return written(parts, values, shellPlaces(parts), (value, place) => inShell(value, isReadTwice ? "" : place));
}

/** The same of a query in PromQL. */
export function inQuery(parts, values) {
  return written(parts, values, queryPlaces(parts), (value, place) => {
    if (place === '"' || place === "'") return value.replace(/["'\\]/g, "\\$&");
    return HARMLESS.test(value) || (place === "`" && !value.includes("`")) ? value : null;
  });
}

function written(parts, values, places, quoted) {
  const names = parts.filter((_, number) => number % 2 === 1);
  return names.map((name, number) => (values.has(name) ? quoted(values.get(name), places[number]) : null));
}

function inShell(value, place) {
  if (HARMLESS.test(value) || place === "#") return value;
  if (place === "bare") return `'${value.replaceAll("'", "'\\''")}'`;
  if (place === "'") return value.replaceAll("'", "'\\''");
  // An exclamation mark calls up old commands there, also behind a backslash.
  if (place === '"') return value.replace(/[\\"$`]/g, "\\$&").replaceAll("!", `"'!'"`);
  return null;
}

/** Where each blank of a command stands: `bare`, in quotes (`'` or `"`), in a comment (`#`), or where none helps. */
function shellPlaces(parts) {
  const open = ["("]; // what has been opened and not closed, the innermost last
  let before = " ";
  let hasDocument = false;
  const places = [];
  parts.forEach((part, number) => {
    if (number % 2) {
      const place = open.at(-1) === "(" ? "bare" : open.at(-1);
      places.push(hasDocument || open.includes("`") ? "" : place);
      before = "x";
      return;
    }
    for (let at = 0; at < part.length; at += 1) {
      const sign = part[at];
      const inner = open.at(-1);
      if (sign === "\\" && inner !== "'" && inner !== "#") at += 1;
      else if (inner === "#") sign === "\n" && open.pop();
      else if (inner === "'" || inner === "$'") sign === "'" && open.pop();
      else if (sign === "`") inner === "`" ? open.pop() : open.push("`");
      else if (sign === "(" && (inner !== '"' || before === "$")) open.push(before === "(" ? "((" : "(");
      else if (sign === '"') inner === '"' ? open.pop() : open.push('"');
      else if (inner === '"') { /* nothing else means anything there */ }
      else if (sign === ")") open.length > 1 && open.pop();
      else if (sign === "'") open.push(before === "$" ? "$'" : "'");
      else if (sign === "#" && /[\s;|&(]/.test(before)) open.push("#");
      else if (sign === "<" && before === "<") hasDocument = true;
      before = sign;
    }
  });
  return places;
}

/** Where each blank of a query stands: in one of the three quotes, or in none. */
function queryPlaces(parts) {
  let inner = "";
  return parts.flatMap((part, number) => {
    if (number % 2) return [inner];
    for (let at = 0; at < part.length; at += 1) {
      if (part[at] === "\\" && inner && inner !== "`") at += 1;
      else if (inner) inner = part[at] === inner ? "" : inner;
      else if ("\"'`".includes(part[at])) inner = part[at];
    }
    return [];
  });
}
