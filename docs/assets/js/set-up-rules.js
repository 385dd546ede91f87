// Which set-up a set of answers speaks for: the same logic as tests/choosing.py, without the page.
// `rules` is what the macro set_up_chooser writes: types in the order of their rank, each with its rules in
// any order. A test compares the two for every combination of answers.

/** The set-ups, the one that the answers speak for most first; `answers` maps a question's id to an answer's. */
export function choose(rules, answers) {
  const order = rules.questions.map((question) => question.id);
  const candidates = rules.types.map((type) => {
    const met = type.rules
      .filter((rule) => answers[rule.question] === rule.answer)
      .sort((one, other) => order.indexOf(one.question) - order.indexOf(other.question));
    return { type, rules: met, points: met.reduce((sum, rule) => sum + rule.points, 0) };
  });
  // Sorting is stable, so that of several with as many points the one of the lowest rank stays first.
  return candidates.sort((one, other) => other.points - one.points);
}

/** Whether an answer that speaks against a set-up has to change before it makes sense. */
export function notYet(candidate) {
  return candidate.rules.some((rule) => rule.first && rule.points < 0);
}

/** What to do first, given the answers. */
export function preparations(candidate) {
  return candidate.rules.filter((rule) => rule.first).map((rule) => rule.first);
}

/** The ids of the set-ups in their order: what prepares the recommended one, it, what can follow it. */
export function sequence(recommended) {
  const own = recommended.type.id;
  const before = preparations(recommended).map((first) => first.type).filter((id) => id && id !== own);
  const after = recommended.type.then.slice(0, 1).map((sequel) => sequel.type);
  return [...new Set([...before, own, ...after])];
}
