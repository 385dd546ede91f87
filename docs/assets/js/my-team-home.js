// Home: the reader's own team is chosen here, and home shows what it has. Without this script home lists all teams.
import { browserStorage } from "./kept.js";
import { choose, chooseThat, isOf, myTeam, showInHeader } from "./my-team.js";

const MOST = { "next-steps": 1 };
const MOST_OF_OTHERS = 3;

/** Let the reader choose a team on home, and show there what it has. */
export function enhanceHome(root) {
  const storage = browserStorage();
  if (!storage) return;
  for (const home of root.querySelectorAll("[data-teams]")) startHome(home, storage);
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
    return element("section", "", title, element("ul", "plain-list", ...shown.map((it) => element("li", "", linkOf(it)))));
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

/** The name of an item as a link. */
function linkOf(item) {
  return document.importNode(item.querySelector(":scope > a"), true);
}
