// What a reader has ticked: kept as plain data, so that it can be tested without a page.
import { isMapping, isText, parsed, texts } from "./kept.js";

const VERSION = 1;
const PREFIX = "handbook.checklist.";
const SET_ASIDE = ".set-aside";

/** A list that nobody has begun. */
export function fresh() {
  return { version: VERSION, ticked: texts(), skipped: texts(), seen: texts(), language: "", name: "", start: "" };
}

/**
 * What a browser keeps of a list.
 * `keys` are the list's own key and those that it had before. Gives the state, and whether it was broken: then
 * it is kept under another name, and the list begins anew.
 */
export function load(storage, keys) {
  for (const key of keys) {
    const text = storage.getItem(PREFIX + key);
    if (text === null) continue;
    const state = shaped(parsed(text));
    if (state) return { state, broken: false };
    try {
      storage.setItem(PREFIX + key + SET_ASIDE, text);
      storage.removeItem(PREFIX + key);
    } catch {
      // In a full storage it stays where it is, until something is ticked.
    }
    return { state: fresh(), broken: true };
  }
  return { state: fresh(), broken: false };
}

/** Keep a list under its own key; those that it had before go. */
export function save(storage, keys, state) {
  const [key, ...before] = keys;
  storage.setItem(PREFIX + key, JSON.stringify(state));
  for (const old of before) storage.removeItem(PREFIX + old);
}

/** Forget a list. */
export function forget(storage, keys) {
  for (const key of keys) storage.removeItem(PREFIX + key);
}

function shaped(value) {
  const { version, ticked, skipped, seen, language, name, start } = value ?? {};
  const right = [ticked, skipped, seen].every((it) => isMapping(it, isText)) && [language, name, start].every(isText);
  if (version !== VERSION || !right) return null;
  return { version, ticked: texts(ticked), skipped: texts(skipped), seen: texts(seen), language, name, start };
}

/**
 * Bring ticks under old ids to the ids that their lines have now. `boxes` are `{ id, aliases, text }`.
 * In another language every line has other words; those that it had are not compared with them.
 */
export function follow(state, boxes, language) {
  for (const { id, aliases } of boxes) {
    for (const old of aliases) {
      for (const map of [state.ticked, state.skipped, state.seen]) {
        if (!(old in map)) continue;
        map[id] ??= map[old];
        delete map[old];
      }
    }
  }
  if (state.language !== language) for (const { id, text } of boxes) if (id in state.seen) state.seen[id] = text;
  state.language = language;
}

/** How many lines are done, of those that apply. */
export function progress(state, boxes) {
  const applicable = boxes.filter(({ id }) => !(id in state.skipped));
  return { done: applicable.filter(({ id }) => id in state.ticked).length, total: applicable.length };
}

/** Whether anybody has begun it. */
export function begun(state) {
  return Object.keys(state.ticked).length + Object.keys(state.skipped).length > 0;
}

/** Remember the list as it is now; later changes are told against it. */
export function remember(state, boxes, language) {
  state.language = language;
  state.seen = texts(Object.fromEntries(boxes.map(({ id, text }) => [id, text])));
}

/** What has changed in the list since it was begun: lists of texts. */
export function changes(state, boxes) {
  const known = Object.keys(state.seen).length > 0;
  const now = new Map(boxes.map(({ id, text }) => [id, text]));
  return {
    added: known ? boxes.filter(({ id }) => !(id in state.seen)).map(({ text }) => text) : [],
    removed: Object.entries(state.seen).filter(([id]) => !now.has(id)).map(([, text]) => text),
    reworded: boxes.filter(({ id, text }) => id in state.seen && state.seen[id] !== text).map(({ text }) => text),
  };
}

/** The day on which `due` ("day 3", "week 2", "month 1") ends, from a start date ("2026-11-24"), or null. */
export function dueDay(start, due) {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(start);
  const time = /^(day|week|month) (\d+)$/.exec(due ?? "");
  if (!day || !time) return null;
  const [year, month, date] = day.slice(1).map(Number);
  const number = Number(time[2]);
  if (time[1] !== "month") return new Date(Date.UTC(year, month - 1, date + number * (time[1] === "week" ? 7 : 1) - 1));
  const last = new Date(Date.UTC(year, month - 1 + number + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + number, Math.min(date, last)));
}

/** The list in Markdown, for a ticket: a heading, and a box for each line that applies. */
export function taskList(title, sections, state) {
  const lines = [`# ${title}`];
  for (const { name, boxes } of sections) {
    lines.push("", `## ${name}`, "");
    for (const { id, text, url } of boxes) {
      const words = url ? `[${text.replace(/[[\]]/g, "\\$&")}](${url})` : text;
      if (id in state.skipped) lines.push(`- ~~${words}~~ (${state.skipped[id]})`);
      else lines.push(`- [${id in state.ticked ? "x" : " "}] ${words}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
