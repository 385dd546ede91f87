// My team: one choice, kept in this browser and sent nowhere. The header leads to the team's page, and filters begin
// with it.
import { browserStorage, parsed, texts } from "./kept.js";

const KEY = "handbook.team";

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

/** Let the reader choose a team on its page, and show in the header which is chosen. */
export function enhanceMyTeam(root) {
  const storage = browserStorage();
  if (!storage) return;
  for (const button of root.querySelectorAll("button[data-team]")) startButton(button, storage);
  showInHeader(storage);
}

/** Whether an element's team is the one with this id; a team keeps those that it had. */
export function isOf(element, id) {
  return Boolean(id) && element.dataset.team.split(" ").includes(id);
}

/** Keep the team of an element, called as this page calls it. */
export function chooseThat(storage, element, name) {
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

/** Show in the header which team is chosen, with the ways to it. */
export function showInHeader(storage) {
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
