// The page for addresses that don't exist sees which one was asked for. An alert's short address in another
// letter case leads on; for any other, the names that are near it are offered, and a search for it.

const OFFERED = 5;
const NEAR = 0.35;

/** Improve the 404 page, where `root` is one. */
export async function helpWhoIsLost(root) {
  const page = root.querySelector("[data-not-found]");
  if (!page) return;
  const site = new URL(page.dataset.root, location).pathname;
  const asked = askedFor(location.pathname, site);
  for (const link of page.querySelectorAll("[data-report]")) nameBrokenLink(link);
  if (!asked.name) return;
  for (const block of page.querySelectorAll("[data-edition]")) offerSearch(block, asked.words);
  const answer = await fetch(page.dataset.names).catch(() => null);
  if (!answer?.ok) return;
  const published = await answer.json();
  const known = asked.alert
    ? published.alerts.map(({ name, address }) => ({ name, address }))
    : published.pages.filter(Boolean).map((address) => ({ name: address.split("/").at(-2), address }));
  const sought = asked.name.toLowerCase();
  const isSought = ({ name, address }) => [name, address.slice("go/".length, -1)].some((it) => it.toLowerCase() === sought);
  const same = asked.alert && known.find(isSought);
  if (same) {
    location.replace(`${site}${asked.edition}${encodeURI(same.address)}${location.search}${location.hash}`);
    return;
  }
  const near = nearest(asked.name, known);
  for (const block of page.querySelectorAll("[data-edition]")) offerNames(block, asked.name, near);
}

/** What an address asks for: the edition, a name, the name in words, and whether it is an alert's. */
export function askedFor(path, root) {
  const below = path.startsWith(root) ? path.slice(root.length) : path.slice(1);
  const [, edition = "", rest] = /^(ja\/)?(.*)$/.exec(below);
  const parts = rest.replace(/(index\.html)?$/, "").split("/").filter(Boolean).map(decoded);
  const name = parts.at(-1) ?? "";
  const words = name.replace(/([a-z0-9])(?=[A-Z])/g, "$1 ").replace(/[-_]+/g, " ").trim();
  return { edition, name, words: parts[0] === "go" ? name : words, alert: parts[0] === "go" && parts.length === 2 };
}

/** The known names that are most like `name`, the best first, each name once. */
export function nearest(name, known) {
  const scored = known.map((it) => ({ ...it, likeness: likeness(name.toLowerCase(), it.name.toLowerCase()) }));
  scored.sort((one, other) => other.likeness - one.likeness || one.name.localeCompare(other.name));
  const found = new Map();
  for (const it of scored) if (it.likeness >= NEAR && !found.has(it.address)) found.set(it.address, it);
  return [...found.values()].slice(0, OFFERED);
}

/** How alike two words are, 0..1: the share of the pairs of letters that they have in common (Dice, 1945). */
function likeness(one, other) {
  const pairs = (word) => Array.from({ length: Math.max(word.length - 1, 0) }, (_, place) => word.slice(place, place + 2));
  const left = pairs(one);
  const right = pairs(other);
  if (!left.length || !right.length) return one === other ? 1 : 0;
  const all = left.length + right.length;
  let common = 0;
  for (const pair of left) {
    const place = right.indexOf(pair);
    if (place < 0) continue;
    right.splice(place, 1);
    common += 1;
  }
  return (2 * common) / all;
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Tell a report which address is missing and, where the browser says so, which page led to it. */
function nameBrokenLink(link) {
  const told = document.referrer ? `${location.href} ← ${document.referrer}` : location.href;
  link.href = link.dataset.report.replace("%7Baddress%7D", encodeURIComponent(told));
}

function offerSearch(block, words) {
  const item = block.querySelector("[data-search]");
  const link = item.querySelector("a");
  link.href = `${new URL(block.dataset.edition, location).pathname}?q=${encodeURIComponent(words)}`;
  // A full page load: only then does the theme's search take the words from the address.
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    location.assign(link.href);
  });
  item.querySelector("span").textContent = words;
  item.hidden = false;
}

function offerNames(block, name, near) {
  if (!near.length) return;
  const part = block.querySelector("[data-near]");
  const edition = new URL(block.dataset.edition, location).pathname;
  part.querySelector("[data-asked]").textContent = name;
  const items = near.map((it) => {
    const href = `${edition}${encodeURI(it.address)}`;
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("a"), { href, textContent: it.name }));
    return item;
  });
  part.querySelector("ul").replaceChildren(...items);
  part.hidden = false;
}
