// What a browser keeps, read by its shape. It may have been kept by another version, or changed by hand: whatever has
// another shape counts for nothing. An id may be `constructor` or `__proto__`, so nothing is inherited either.

export const isText = (value) => typeof value === "string";

/** Whether a value is a mapping, of which every value is `right`. */
export function isMapping(value, right = () => true) {
  return value !== null && typeof value === "object" && !Array.isArray(value) && Object.values(value).every(right);
}

/** A mapping with the texts of `value` and nothing else; empty where it is no mapping. */
export function texts(value) {
  const own = isMapping(value) ? Object.entries(value).filter(([, it]) => isText(it)) : [];
  return Object.assign(Object.create(null), Object.fromEntries(own));
}

/** The browser's storage, or null where a page gets none. */
export function browserStorage() {
  try {
    localStorage.setItem("handbook.test", "");
    localStorage.removeItem("handbook.test");
    return localStorage;
  } catch {
    return null;
  }
}

/** The value that a kept text stands for, or null. */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
