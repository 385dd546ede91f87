// Error budgets and burn rates: the formulas of macros/handbook/slo.py, which says where they come from. A test
// compares the two over random values. Targets are fractions 0..1, periods are in days.

const MINUTES_PER_DAY = 24 * 60;

export const budget = (target) => 1 - target;
export const allowedMinutes = (target, days) => budget(target) * days * MINUTES_PER_DAY;
export const allowedEvents = (target, days, eventsPerDay) => budget(target) * days * eventsPerDay;
export const targetOfMinutes = (minutes, days) => 1 - minutes / (days * MINUTES_PER_DAY);
export const targetOfEvents = (events, days, eventsPerDay) => 1 - events / (days * eventsPerDay);
export const daysToEmpty = (burnRate, days) => (burnRate > 0 ? days / burnRate : Infinity);
export const burnRateOf = (daysUntilEmpty, days) => (daysUntilEmpty > 0 ? days / daysUntilEmpty : Infinity);
export const inSeries = (targets) => targets.reduce((product, target) => product * target, 1);

/**
 * The rows of an SLO's alert, the fastest first: the length of the long window in minutes, the burn rate from which it
 * fires, the share of the budget that is spent then, and whether it pages.
 */
export function rows(days) {
  const scale = days >= 28 && days <= 31 ? 1 : Math.min(3, days / (days < 28 || days % 7 === 0 ? 28 : 30));
  return [[1, 0.02], [6, 0.05], [24, 0.1], [72, 0.1]].map(([hours, share], place) => {
    const unit = hours * scale < 24 ? 1 : 60;
    const long = Math.max(5, unit * Math.round((hours * 60 * scale) / unit));
    const rate = Math.max(1, (share * days * MINUTES_PER_DAY) / long);
    return { long, rate, spent: (rate * long) / (days * MINUTES_PER_DAY), pages: place < 2 };
  });
}

/** Minutes in the largest unit that divides them: `5m`, `6h`, `3d`. */
export function duration(minutes) {
  const [size, unit] = [[MINUTES_PER_DAY, "d"], [60, "h"], [1, "m"]].find(([size]) => minutes % size === 0);
  return `${minutes / size}${unit}`;
}
