// The error budget calculator: each field changes the ones that follow from it. Without this script the
// table of usual targets below it stays.
import * as slo from "./slo-arithmetic.js";

/** Start every calculator below `root` that has not been started yet. */
export function enhanceCalculators(root) {
  for (const form of root.querySelectorAll("form[data-calculator][hidden]")) start(form);
}

/** What each field changes: names of fields to a function of the values that gives them. */
const FOLLOWS = {
  target: fromTarget,
  days: fromTarget,
  events_per_day: fromTarget,
  minutes: (it) => fromTarget({ ...it, target: 100 * slo.targetOfMinutes(it.minutes, it.days) }, "target"),
  events: (it) => fromTarget({ ...it, target: 100 * slo.targetOfEvents(it.events, it.days, it.events_per_day) }, "target"),
  burn_rate: (it) => ({ empty_after: slo.daysToEmpty(it.burn_rate, it.days) }),
  empty_after: (it) => ({ burn_rate: slo.burnRateOf(it.empty_after, it.days) }),
  series: fromSeries,
};

function fromTarget(it, also) {
  const target = it.target / 100;
  return {
    ...(also ? { target: it.target } : {}),
    minutes: slo.allowedMinutes(target, it.days),
    events: slo.allowedEvents(target, it.days, it.events_per_day),
    empty_after: slo.daysToEmpty(it.burn_rate, it.days),
  };
}

function fromSeries(it) {
  const targets = it.series.split(/[\s,;]+/).filter(Boolean).map((word) => Number(word.replace("%", "")) / 100);
  return { together: 100 * slo.inSeries(targets) };
}

function start(form) {
  const fields = Object.fromEntries([...form.elements].filter((it) => it.name).map((it) => [it.name, it]));
  const values = () => Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, name === "series" ? field.value : Number(field.value)]),
  );
  const show = (changed, source) => {
    for (const [name, value] of Object.entries(changed)) {
      if (name === source) continue;
      fields[name].value = Number.isFinite(value) ? String(Number(value.toPrecision(8))) : "–";
    }
  };
  const apply = (name) => {
    const given = values();
    const field = fields[name];
    const valid = name === "series" ? fromSeries(given).together >= 0 : field.value.trim() !== "" && given[name] >= 0
      && (name !== "target" || given[name] <= 100);
    field.setAttribute("aria-invalid", String(!valid));
    if (valid) show(FOLLOWS[name](given), name);
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => FOLLOWS[event.target.name] && apply(event.target.name));
  apply("target");
  apply("series");
}
