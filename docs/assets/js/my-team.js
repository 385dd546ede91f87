// My team: one choice, kept in this browser and sent nowhere. The header leads to the team's page, home shows what it
// has, and filters begin with it. Without this script home lists all teams.
import { browserStorage, parsed, texts } from "./kept.js";

const KEY = "handbook.team";
const MOST = { "next-steps": 1 };
const MOST_OF_OTHERS = 3;

/** The team that is chosen: its `id`, and its name by the language of each edition that was seen since; or nothing. */
export function myTeam(storage = browserStorage()) {
  return texts(parsed(storage?.getItem(KEY)));
}

/** Keep a team as the choice, or none with an empty `id`. A storage that is full or closed keeps nothing. */
export function choose(storage, id, names = {}) {
  try {
    if (id) storage.setItem(KEY, JSON.stringify({ ...names, id }));
    else storage.removeItem(KEY);
  } catch {
    // The page shows the choice until it is left.
  }
}

/** Let the reader choose a team on its page and on home, and show what is chosen there and in the header. */
export function enhanceMyTeam(root) {
  const storage = browserStorage();
  if (!storage) return;
  for (const button of root.querySelectorAll("button[data-team]")) startButton(button, storage);
  for (const home of root.querySelectorAll("[data-teams]")) startHome(home, storage);
  showInHeader(storage);
}

/** Whether an element's team is the one with this id; a team keeps those that it had. */
function isOf(element, id) {
  return Boolean(id) && element.dataset.team.split(" ").includes(id);
}

/** Keep the team of an element, called as this page calls it. */
function chooseThat(storage, element, name) {
  const [id] = element.dataset.team.split(" ");
  const known = myTeam(storage);
  choose(storage, id, { ...(isOf(element, known.id) && known), [document.documentElement.lang]: name });
  showInHeader(storage);
}

function startButton(button, storage) {
  const name = document.querySelector("h1").firstChild.textContent.trim();
  const show = (on) => button.setAttribute("aria-pressed", on);
  const isMine = () => isOf(button, myTeam(storage).id);
  if (isMine()) chooseThat(storage, button, name);
  show(isMine());
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    if (isMine()) choose(storage, "");
    else chooseThat(storage, button, name);
    show(isMine());
    showInHeader(storage);
  });
}

function showInHeader(storage) {
  const menu = document.querySelector("[data-my-team]");
  const { id, ...names } = myTeam(storage);
  if (menu) menu.hidden = !id;
  if (!menu || !id) return;
  menu.dataset.address ??= new URL(menu.dataset.myTeam, location).href; // the header stays when the page changes
  const name = names[document.documentElement.lang] ?? Object.values(names)[0] ?? id;
  for (const place of menu.querySelectorAll("[data-name]")) place.textContent = name;
  for (const link of menu.querySelectorAll("a[data-to]")) link.href = new URL(`${id}/${link.dataset.to}`, menu.dataset.address);
  for (const link of menu.querySelectorAll("a[data-home]")) link.href = new URL("../#my-team", menu.dataset.address);
  const button = menu.querySelector("button");
  button.setAttribute("aria-label", `${button.dataset.label}: ${name}`);
  const list = menu.querySelector("[popover]");
  list.onclick = () => list.hidePopover();
}

function startHome(home, storage) {
  const links = [...home.querySelectorAll("a[data-team]")];
  const [picker, select, facts, parts] = ["[data-picker]", "select", "[data-facts]", "[data-parts]"].map((it) => home.querySelector(it));
  const show = async (link) => {
    const chosen = link?.dataset.team.split(" ")[0] ?? "";
    select.value = chosen;
    picker.hidden = Boolean(link);
    const page = link && (await pageAt(link.href));
    if (select.value !== chosen) return; // chosen anew meanwhile
    facts.replaceChildren(...(page ? factsOf(page) : []));
    parts.replaceChildren(...(page ? sectionsOf(page) : []));
    picker.hidden = Boolean(page);
  };
  for (const part of home.querySelectorAll("[hidden]")) part.hidden = false;
  select.addEventListener("change", () => {
    const link = links.find((it) => isOf(it, select.value));
    if (link) chooseThat(storage, link, link.textContent);
    else choose(storage, "");
    showInHeader(storage);
    show(link);
  });
  const mine = links.find((it) => isOf(it, myTeam(storage).id));
  if (mine) chooseThat(storage, mine, mine.textContent);
  show(mine);
}

/** The page of a team, with whole addresses; null where it can't be loaded. */
async function pageAt(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const link of page.querySelectorAll("[data-mine] a[href]")) link.href = new URL(link.getAttribute("href"), address);
  page.address = address;
  return page;
}

/** Who is on call and where to ask: what a page marks without a section, as links where it has them. */
function factsOf(page) {
  const marked = [...page.querySelectorAll("[data-mine='']")];
  const told = marked.flatMap((it) => (it.querySelector("a") ? [...it.querySelectorAll("a")] : [...it.querySelector("dd").childNodes]));
  return told.flatMap((it, place) => [place ? " · " : "", document.importNode(it, true)]);
}

/** The sections that a page marks items of, each with its first ones below a link to all of them. */
function sectionsOf(page) {
  const marked = [...page.querySelectorAll("[data-mine]:not([data-mine=''])")];
  return [...new Set(marked.map((it) => it.dataset.mine))].map((id) => {
    const items = marked.filter((it) => it.dataset.mine === id);
    const heading = page.querySelector(`h2[id^="${id}"]`);
    const title = element("h3", "pair__title", linkTo(page, heading.id, heading.firstChild), " ", element("span", "count", items.length));
    const shown = items.slice(0, MOST[id] ?? MOST_OF_OTHERS);
    return element("section", "", title, element("ul", "plain-list", ...shown.map((it) => element("li", "", named(page, it)))));
  });
}

function element(tag, className, ...children) {
  const made = Object.assign(document.createElement(tag), { className });
  made.append(...children);
  return made;
}

function linkTo(page, id, ...words) {
  const link = element("a", "", ...words.map((it) => document.importNode(it, true)));
  link.href = `${page.address}#${id}`;
  return link;
}

/** The name of an item as a link; a row of a table is linked by its id. */
function named(page, item) {
  const own = item.querySelector(":scope > a");
  return own ? document.importNode(own, true) : linkTo(page, item.id, ...item.querySelector("th").childNodes);
}
