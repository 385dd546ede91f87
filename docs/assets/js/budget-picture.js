// The picture of an error budget that burns down, as macros/site/budget_picture.py draws it: a test compares the two.
import { budget, daysToEmpty, duration, rows } from "./slo-arithmetic.js";

const [LEFT, TOP, WIDTH, HEIGHT, LINE, ROOM] = [4, 20, 332, 160, 16, 213];
const [BOTTOM, EDGE] = [TOP + HEIGHT, LEFT + WIDTH];

const figures = (number) => String(Number(number.toPrecision(4)));
const across = (time) => Number((LEFT + WIDTH * time).toFixed(1));
const down = (spent) => Number((TOP + HEIGHT * spent).toFixed(1));
const end = (rate) => [across(Math.min(1, daysToEmpty(rate, 1))), down(Math.min(1, rate))];
const line = (rate) => `M${LEFT} ${TOP}L${end(rate).join(" ")}`;

/** Draw the picture in `root` again, of a target over so many days and one more burn rate; hide it if one is NaN. */
export function redraw(root, target, days, own) {
  const { day, page, ticket } = root.dataset;
  const isKnown = target >= 0 && days > 0 && own >= 0;
  root.style.visibility = isKnown ? "" : "hidden";
  if (!isKnown) return;
  const [x, y] = end(own);
  const paths = { here: line(own), other: `M${x} ${y}V${TOP - 4}`, some: "", bad: "" };
  const words = [0.5, 1].map((part) => [WIDTH * part, day.replace("{number}", figures(days * part)), "end"]);
  words.push([Math.min(x, EDGE - 40), `${figures(own)}×`]);
  const firing = rows(days).filter(({ rate }) => rate * budget(target) < 1).reverse();
  for (const [place, { long, rate, spent, pages }] of firing.entries()) {
    const [x] = end(rate);
    const ring = `M${across(long / (days * 24 * 60)) - 3} ${down(spent)}a3 3 0 1 0 6 0a3 3 0 1 0-6 0`;
    paths[pages ? "bad" : "some"] += line(rate) + ring;
    paths.other += `M${x} ${BOTTOM}V${BOTTOM + LINE * (place + 2) - 12}`;
    const values = { rate: figures(rate), window: duration(long), spent: `${Number((100 * spent).toFixed(1))} %` };
    const said = (pages ? page : ticket).replace(/\{(\w+)\}/g, (_, name) => values[name]);
    words.push(x < EDGE ? [Math.min(x, EDGE - ROOM), said] : [x, said, "end"]);
  }
  for (const look in paths) root.querySelector(`[class="picture__arrow ${look}"]`).setAttribute("d", paths[look]);
  [...root.querySelectorAll("text")].slice(2).forEach((text, place) => {
    const [x, said, look = ""] = words[place] ?? [0, ""];
    text.setAttribute("x", x);
    text.setAttribute("class", `picture__words ${look}`);
    text.textContent = said;
  });
}
