// A journey as the YAML of its file. Every text is written so that the handbook's reader takes it for text
// again: plain where nothing in it could mean anything else, in double quotes otherwise.

const PLAIN = /^\p{L}[\p{L}\p{N} ,.()/–-]*$/u;
const RESERVED = /^(null|true|false|yes|no|on|off|y|n)$/i;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g;
const HIDDEN = /[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const UNSEEN = /[\u0085\u00a0]/g;

/** Text without the characters that come along unseen and that the handbook's reader refuses. */
export function seen(words) {
  return words.replace(CONTROL, "").replace(HIDDEN, "");
}

/** Text as a YAML scalar. */
export function scalar(words) {
  const text = seen(words);
  if (PLAIN.test(text) && !RESERVED.test(text) && !text.endsWith(" ")) return text;
  const escaped = (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(text.toWellFormed?.() ?? text).replace(UNSEEN, escaped);
}

/** A value – mappings, lists, texts and numbers – as YAML, `indent` levels deep. */
export function toYaml(value, indent = 0) {
  const space = "  ".repeat(indent);
  if (Array.isArray(value)) {
    return value.map((item) => `${space}- ${toYaml(item, indent + 1).trimStart()}`).join("");
  }
  return Object.entries(value).map(([key, item]) => {
    if (item !== null && typeof item === "object") return `${space}${key}:\n${toYaml(item, indent + 1)}`;
    return `${space}${key}: ${typeof item === "number" ? item : scalar(item)}\n`;
  }).join("");
}
