// The error budget calculator: each field changes the ones that follow from it, and the picture. Without this script
// the table of usual targets below it stays.
import { redraw } from "./budget-picture.js";
import { read, shown } from "./numbers.js";
import * as slo from "./slo-arithmetic.js";

const MINUTES_PER_DAY = 24 * 60;
const MOST_DAYS = 366;
const PERCENTAGES = ["target", "together"];

/** Fields that say the same in other words: the one that was filled in last leads, the others follow. */
const BUDGET = ["target", "minutes", "events"];
const BURN = ["burn_rate", "empty_after"];

/** The least and the most that a field may say, by the values of the others. */
const LIMITS = {
  target: () => [0, 100],
  days: () => [1, MOST_DAYS],
  minutes: ({ days }) => [0, (days || MOST_DAYS) * MINUTES_PER_DAY],
  events_per_day: () => [Number.MIN_VALUE, Infinity],
  events: ({ days, events_per_day }) => [0, (days || MOST_DAYS) * (events_per_day || Infinity)],
  burn_rate: () => [0, Infinity],
  empty_after: () => [Number.MIN_VALUE, Infinity],
};

/** Start every calculator below `root` that has not been started yet. */
export function enhanceCalculators(root) {
  for (const form of root.querySelectorAll("form[data-calculator][hidden]")) start(form);
}

/** What follows from the values of the fields that lead; NaN where one of those that it needs is wrong. */
function following(values, budget, burn) {
  const { days, events_per_day } = values;
  const target = {
    target: values.target / 100,
    minutes: slo.targetOfMinutes(values.minutes, days),
    events: slo.targetOfEvents(values.events, days, events_per_day),
  }[budget];
  const rate = burn === "burn_rate" ? values.burn_rate : known(values.empty_after, slo.burnRateOf(values.empty_after, days));
  return {
    target: 100 * target,
    minutes: slo.allowedMinutes(target, days),
    events: slo.allowedEvents(target, days, events_per_day),
    burn_rate: rate,
    empty_after: known(rate, slo.daysToEmpty(rate, days)),
  };
}

/** The arithmetic takes what isn't above 0, NaN too, for a burn that never ends. */
const known = (given, result) => (Number.isNaN(given) ? NaN : result);

/** The targets that a list names, as fractions: a comma between figures is a decimal one if it is the only one. */
function targetsIn(text) {
  const words = text.normalize("NFKC").split(/[\s;、]+/).map((word) => word.replace(/,$/, ""));
  const parts = words.flatMap((word) => (word.split(",").length > 2 ? word.split(",") : [word]));
  return parts.filter(Boolean).map((part) => read(part, true) / 100);
}

function start(form) {
  const fields = Object.fromEntries([...form.elements].filter((field) => field.name).map((field) => [field.name, field]));
  const values = {};
  let [budget] = BUDGET;
  let [burn] = BURN;

  const mark = (name, isRight, most) => {
    const hint = document.getElementById(fields[name].getAttribute("aria-describedby"));
    const limit = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(most);
    fields[name].setAttribute("aria-invalid", String(!isRight));
    hint.textContent = isRight ? "" : hint.dataset.wrong.replace("{most}", limit);
  };
  const show = (name, value) => {
    fields[name].value = shown(value, PERCENTAGES.includes(name));
  };
  /** Take the value of a field that leads; what is shown of one that was reckoned has fewer figures than it. */
  const take = (name, changed) => {
    const isReckoned = name !== changed && values[name] >= 0;
    const value = isReckoned ? values[name] : read(fields[name].value, PERCENTAGES.includes(name));
    const [least, most] = LIMITS[name](values);
    const isRight = value >= least && !(value > most);
    values[name] = isRight ? value : NaN;
    mark(name, isRight, most);
  };
  const reckon = (changed) => {
    // When the period changes, a target and a burn rate stay as they are, and what is wrong is judged again.
    if (BUDGET.includes(changed)) budget = changed;
    else if (!Number.isNaN(values[budget])) [budget] = BUDGET;
    if (BURN.includes(changed)) burn = changed;
    else if (!Number.isNaN(values[burn])) [burn] = BURN;
    for (const name of ["days", "events_per_day", budget, burn]) take(name, changed);
    for (const [name, value] of Object.entries(following(values, budget, burn))) {
      if (name === budget || name === burn) continue;
      values[name] = value;
      mark(name, true);
      show(name, value);
    }
    redraw(form.querySelector("[data-ticket]"), values.target / 100, values.days, values.burn_rate);
  };
  const combine = () => {
    const targets = targetsIn(fields.series.value);
    const isRight = targets.length > 0 && targets.every((target) => target <= 1);
    mark("series", isRight);
    show("together", isRight ? 100 * slo.inSeries(targets) : NaN);
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    if (target.name === "series") combine();
    else if (LIMITS[target.name]) reckon(target.name);
  });
  reckon();
  combine();
}
