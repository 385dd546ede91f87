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
