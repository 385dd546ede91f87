// What is typed into the search, as the words that the index knows; and what the index answers, best first.
// Pagefind loads its index in pieces.
// macros/site/search.py cuts the pages in the same way.

const RUNS = /[\u3005\u3007\u4e00-\u9fff]+|[\u30a1-\u30fa\u30fc]+|[\u3041-\u3096]+|[^\s\u3005\u3007\u4e00-\u9fff\u30a1-\u30fa\u30fc\u3041-\u3096]+/g;
const JAPANESE = /^[\u3005\u3007\u4e00-\u9fff\u30a1-\u30fa\u30fc\u3041-\u3096]/;
const HIRAGANA = /^[\u3041-\u3096]/;
const KATAKANA = /^[\u30a1-\u30fa\u30fc]/;
const BLANK = /(?<=[\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff]) | (?=[\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff])/g;
const HUMP = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g;

/** The look-up that finds the pages that teams share. */
export const SHARED = '"zxshared"';

/** Words that say little of what is looked for: they count for little. */
const WEAK = new Set(
  ("a about all an and any are as at be by can could do does for from get have how i if in is it me my no not of on or our " +
    "should so some that the there this to us was we what when where which who why will with you your").split(" "),
);

const WEIGHED = 20;
const WEIGHED_SHARED = 10;
const SHOWN = 10;
const SHOWN_SHARED = 4;

const SEPARATOR = " · ";
const TITLED = 6;
const NAMED = 5;
const PARTLY = 1.5;
const OF_A_LIST = 2;
const LIST = 50;
const LEAST_OF_A_NAME = 0.6;

const OF_A_HEADING = 4;
const IN_HEADING = 1.5;
const IN_NAMES = 1.25;

const WORD = 2;
const PAIR = 1;
const MOST_PAIRS = 10;
const ENOUGH_WITHOUT_KANA = 3;
const SINGLE = 0.4;
const KANA = 0.2;
const WEAKLY = 0.15;

/** As macros/site/search.py compares texts: one width, lower case, one blank between words, none beside Japanese. */
export function normal(text) {
  const words = text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}_]+/gu, " ").trim();
  return words.replace(BLANK, "");
}

/** What an index knows, from its file: sorted `words`, and the `pairs` of Japanese characters, rare ones first, each in one string. */
export function vocabulary({ words, pairs }) {
  return { words: words.split(" ").filter(Boolean), pairs: new Map((pairs.match(/../gu) ?? []).map((pair, place) => [pair, place])) };
}

/** A query in which each longer word that the index doesn't know is the nearest that it does. */
export function mendedQuery(query, known) {
  return query.normalize("NFKC").replace(/[\u30a1-\u30fa\u30fc]+|[A-Za-z0-9]+/g, (word) => {
    const mend = (it) => mended(it, known.words);
    return /\d/.test(word) || word.split(HUMP).length > 1 ? word : KATAKANA.test(word) ? mend(word) : sameCase(word, mend(word.toLowerCase()));
  });
}

function sameCase(word, mend) {
  return mend === word.toLowerCase() ? word : mend;
}

/** The words to look up for a query: `{ word, weight }`, each once. */
export function lookUps(query, known) {
  const found = new Map();
  const add = (word, weight) => found.set(word, Math.max(found.get(word) ?? 0, weight));
  const typed = query.normalize("NFKC");
  for (const { 0: part, index } of typed.matchAll(RUNS)) {
    if (!JAPANESE.test(part)) addWords(part, part === typed, known, add);
    else if (part.length > 1) addRun(part, known, add);
    else addSingle(part, typed[index + 1] ?? "", part === typed, known, add);
    // Words of katakana that were typed without being converted.
    if (HIRAGANA.test(part) && part.length > 4) addRun(mended(katakana(part), known.words), known, add);
  }
  return thinned(found, known).map(([word, weight]) => ({ word, weight }));
}

/**
 * The look-ups with no more pairs than `MOST_PAIRS`: of those that count the same the rare ones, which say most. Endings
 * and particles, in hiragana, stand on most pages: they are looked up where there is little else.
 */
function thinned(found, known) {
  const places = new Map([...known.pairs].map(([pair, place]) => [code(pair), place]));
  const isPair = ([word]) => places.has(word);
  const most = [...found].filter(([, weight]) => weight > KANA).length < ENOUGH_WITHOUT_KANA ? KANA : PAIR;
  const best = [...found].filter((it) => isPair(it) && it[1] >= most);
  best.sort(([one, weight], [other, its]) => its - weight || places.get(one) - places.get(other));
  const kept = new Set(best.slice(0, MOST_PAIRS).map(([word]) => word));
  return [...found].filter((it) => !isPair(it) || kept.has(it[0]));
}

/** What to look up to find the pages that are called like the query: one word, in the quotes that ask for it alone. */
export function nameLookUp(query) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(normal(query))) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return `"zy${String(value).padStart(10, "0")}"`;
}

function addRun(run, known, add) {
  const weight = HIRAGANA.test(run) ? KANA : PAIR;
  const step = KATAKANA.test(run) && run.length > 5 ? 2 : 1;
  for (const place of placesOf(run, step)) {
    const pair = run.slice(place, place + 2);
    if (known.pairs.has(pair)) add(code(pair), weight);
  }
}

/** Where the pairs of a run begin that are looked up: every second one is enough of a long word of katakana. */
function placesOf(run, step) {
  const last = run.length - 2;
  const places = Array.from({ length: Math.floor(last / step) + 1 }, (_, number) => number * step);
  return places.includes(last) ? places : [...places, last];
}

/** A kanji that stands alone has its ending with it, as 引き in 引き継ぎ. A single kana in a longer query says nothing. */
function addSingle(character, next, isAll, known, add) {
  const isKana = HIRAGANA.test(character);
  const withEnding = character + next;
  if (!isKana && HIRAGANA.test(next) && known.pairs.has(withEnding)) add(code(withEnding), PAIR);
  else if (!isKana || isAll) add(code(character), SINGLE);
}

function code(pair) {
  return `zz${[...pair].map((it) => it.codePointAt(0)).join("")}`;
}

function addWords(part, isAll, known, add) {
  for (const name of part.split(/[^\p{L}\p{N}]+/u).filter(Boolean)) {
    const humps = name.split(HUMP);
    if (humps.length > 1) add(name.toLowerCase(), WORD);
    for (const hump of humps) {
      const word = hump.toLowerCase();
      if (isNonsense(word, known.words)) continue;
      const isWeak = WEAK.has(word) && !isAll;
      // In quotes, a word is not the beginning of longer ones.
      add(isWeak || word.length === 1 ? `"${word}"` : word, isWeak ? WEAKLY : WORD);
    }
  }
}

/** Whether nothing that is known begins as this word does: Pagefind would find what begins with its first letter. */
function isNonsense(word, known) {
  const start = word.slice(0, 4);
  return /^[a-z]{4}/.test(word) && !(known[placeOf(start, known)] ?? "").startsWith(start);
}

function katakana(hiragana) {
  return String.fromCharCode(...[...hiragana].map((it) => it.charCodeAt(0) + 0x60));
}

/** The word itself where the index knows it, else the known word that is nearest, if one is near. */
export function mended(word, known) {
  if (word.length < 4 || !known.length || isKnown(word, known)) return word;
  const most = word.length < 8 ? 1 : 2;
  let best = word;
  let least = most + 1;
  for (const candidate of known) {
    if (KATAKANA.test(candidate) !== KATAKANA.test(word) || Math.abs(candidate.length - word.length) > most) continue;
    const away = distance(word, candidate, least);
    if (away < least) [best, least] = [candidate, away];
  }
  return best;
}

/** Whether a known word begins with it – or it with one, as `alerting` with `alert` – or, in katakana, holds it. */
function isKnown(word, known) {
  if (KATAKANA.test(word)) return known.some((it) => it.includes(word) || word.includes(it));
  const place = placeOf(word, known);
  return (known[place] ?? "").startsWith(word) || ENDINGS.some((it) => word.endsWith(it) && has(known, word.slice(0, -it.length)));
}

const ENDINGS = ["s", "es", "ed", "ing", "d"];

function has(known, word) {
  return known[placeOf(word, known)] === word;
}

/** The place of the first of sorted words that doesn't come before this one. */
function placeOf(word, known) {
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (known[middle] < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Letters to add, drop, change or swap between two words (Damerau–Levenshtein, neighbours swapped once); `limit` or more is `limit`. */
export function distance(one, other, limit = Infinity) {
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let place = 1; place <= other.length; place += 1) {
      const change = one[row - 1] === other[place - 1] ? 0 : 1;
      line[place] = Math.min(last[place] + 1, line[place - 1] + 1, last[place - 1] + change);
      if (row > 1 && place > 1 && one[row - 1] === other[place - 2] && one[row - 2] === other[place - 1]) {
        line[place] = Math.min(line[place], before[place - 2] + 1);
      }
    }
    if (Math.min(...line) >= limit) return limit;
    [before, last] = [last, line];
  }
  return Math.min(last[other.length], limit);
}

/**
 * The pages that have most to do with a query, the best first and before them those that are called like it: `answers` are, for each word looked up, `{ weight, results }`,
 * and results are Pagefind's, best first. A word counts for less the more pages have it, and a page for less the fewer of
 * the words it has. `called` are the results that are called like the query: they are among the first, whatever they say.
 */
export function ranked(answers, called = []) {
  const pages = new Map();
  const all = answers.reduce((sum, { weight }) => sum + weight, 0);
  for (const { weight, results } of answers) {
    const rarity = 1 / Math.log2(2 + results.length);
    const best = results[0]?.score || 1;
    for (const result of results) {
      const page = pages.get(result.id) ?? { result, score: 0, share: 0, places: [] };
      page.score += (weight * rarity * result.score) / best;
      page.share += weight / all;
      page.places.push({ weight: weight * rarity, words: result.words ?? [] });
      pages.set(result.id, page);
    }
  }
  const rated = [...pages.values()].map((page) => ({ ...page, score: page.score * page.share ** 3 }));
  const most = Math.max(0, ...rated.map((page) => page.score));
  for (const result of called) {
    const page = rated.find((it) => it.result.id === result.id);
    if (page) page.score = Math.max(page.score, most * LEAST_OF_A_NAME);
    else rated.push({ result, score: (most || 1) * LEAST_OF_A_NAME, places: [] });
  }
  const isCalled = new Set(called.map((it) => it.id));
  const place = ({ result }) => (isCalled.has(result.id) ? 0 : 1);
  return rated.sort((one, other) => place(one) - place(other) || other.score - one.score);
}

/**
 * What is worth a closer look: the best of what `ranked` found, and the best of the pages that teams share, whose ids are
 * `shared`. There are as many pages like a team's as there are teams, and together they leave no room for the others.
 */
export function shortList(found, shared) {
  const ofAll = found.filter(({ result }) => shared.has(result.id));
  return [...new Set([...found.slice(0, WEIGHED), ...ofAll.slice(0, WEIGHED_SHARED)])];
}

/** The first of the pages; where teams share some, a few of these are among them. */
export function shown(pages) {
  const front = pages.slice(0, SHOWN);
  const lacking = SHOWN_SHARED - front.filter((page) => page.shared).length;
  const added = lacking > 0 ? pages.slice(SHOWN).filter((page) => page.shared).slice(0, lacking) : [];
  const given = new Set(added.length ? front.filter((page) => !page.shared).slice(-added.length) : []);
  return [...front.filter((page) => !given.has(page)), ...added];
}

/**
 * The pages with no more than two of a family in front: team pages that are made from the same list follow each other else.
 * A page's family is the last part of its address. Of what teams share there is one.
 */
export function spread(pages) {
  const times = new Map();
  const [front, behind] = [[], []];
  for (const page of pages) {
    const family = page.url.split("/").filter(Boolean).at(-1) ?? "";
    if (!page.shared) times.set(family, (times.get(family) ?? 0) + 1);
    (page.shared || times.get(family) <= 2 ? front : behind).push(page);
  }
  return [...front, ...behind];
}

/** Whether a page with these names is a list of things: what one of them is called says little of the page. */
function isList(names) {
  return names.length > LIST;
}

/**
 * Lifts the pages that are called what is looked for, wholly or in part; `pages` are `{ score, title, names }`.
 * A query that is a name means what is called so; one that holds a name, or is a part of one, may mean it.
 */
export function byName(pages, query) {
  const sought = normal(query);
  const lifted = pages.map((page) => {
    const title = normal(page.title);
    const isTitle = [sought, `${sought}s`].includes(title);
    const names = page.names.split(SEPARATOR).filter(Boolean);
    if (isList(names)) return { ...page, score: page.score * (isTitle ? TITLED : names.includes(sought) ? OF_A_LIST : 1) };
    const held = Math.max(0, ...[title, ...names].filter((it) => it.length > 1 && sought.includes(it)).map((it) => it.length));
    const whole = isTitle ? TITLED : names.includes(sought) ? NAMED : 1;
    const holds = [title, ...names].some((it) => it.includes(sought));
    const part = 1 + PARTLY * (held / sought.length) ** 2 + (holds ? PARTLY / 3 : 0);
    return { ...page, score: page.score * Math.max(whole, part) };
  });
  return lifted.sort((one, other) => other.score - one.score);
}

/**
 * The id of the section of a page that a query means; none, where that is the page as a whole, which is called so. Else it
 * is the one that has most of the words. `sections` are `[id, place]` in their order, and end where the next one begins;
 * `places` are, for each word that was looked up, `{ weight, words }`: where it stands.
 */
export function landing({ title, names, sections, places }, query) {
  const sought = normal(query);
  const called = normal(title);
  const own = sections.find(([id]) => normal(id) === sought);
  if (called === sought) return "";
  if (own) return own[0];
  if (called.includes(sought)) return "";
  const scores = sections.map(([id, start], number) => {
    const end = sections[number + 1]?.[1] ?? Infinity;
    // A section says in its heading what it is about, as a page does in its names and its description.
    const [from, to] = id ? [start, Math.min(end, start + OF_A_HEADING)] : [isList(names.split(SEPARATOR)) ? start : 0, start];
    const stands = (words, first, last) => words.some((place) => place >= first && place < last);
    const counts = (words) => (stands(words, from, to) ? (id ? IN_HEADING : IN_NAMES) : stands(words, start, end) ? 1 : 0);
    return places.reduce((sum, { weight, words }) => sum + weight * counts(words), 0);
  });
  const most = Math.max(0, ...scores);
  return most ? sections[scores.indexOf(most)][0] : "";
}

/** The words of a query that are marked on the page: those that say something, or all. */
export function marked(query) {
  const runs = (query.normalize("NFKC").match(RUNS) ?? []).flatMap((run) => run.split(/[^\p{L}\p{N}_]+/u)).filter(Boolean);
  const telling = runs.filter((run) => !WEAK.has(run.toLowerCase()) && !HIRAGANA.test(run) && run.length > 1);
  return telling.length ? telling : runs;
}

/**
 * What finds the best pages for a query, and how many there are, in the index at an address, of the pages below `root`.
 * Rejects where the index can't be loaded; another `again` loads it anew.
 */
export async function opened(index, root, again = "") {
  const [{ pagefind, shared }, known] = await Promise.all([pagefindOf(index, root, again), vocabularyOf(index)]);
  return (query, wanted = () => true) => find(query, wanted, pagefind, shared, known);
}

async function vocabularyOf(index) {
  const answer = await fetch(`${index}vocabulary.gzipped`);
  if (!answer.ok) throw new Error(`${answer.status}: ${answer.url}`);
  const unpacked = answer.body.pipeThrough(new DecompressionStream("gzip"));
  return vocabulary(await new Response(unpacked).json());
}

/** An instance of Pagefind, and the ids of the pages that teams share. */
async function pagefindOf(index, root, again) {
  const { createInstance } = await import(`${index}pagefind.js${again}`);
  const pagefind = createInstance({ basePath: index, baseUrl: root, noWorker: true });
  await pagefind.init();
  const { results } = await pagefind.search(SHARED);
  // Pagefind takes a piece of the index that it can't load for an empty one.
  if (!results.length) throw new Error("no index");
  return { pagefind, shared: new Set(results.map((it) => it.id)) };
}

async function find(query, wanted, pagefind, shared, known) {
  const meant = mendedQuery(query, known);
  const name = nameLookUp(meant);
  const words = lookUps(meant, known);
  // All pieces of the index at once; one after the other, each would wait for the one before.
  await Promise.all([name, ...words.map((it) => it.word)].map((it) => pagefind.preload(it)));
  const called = (await pagefind.search(name)).results;
  const answers = [];
  for (const { word, weight } of words) {
    if (!wanted()) return { pages: [], count: 0 };
    const { results } = await pagefind.search(word);
    answers.push({ weight, results });
  }
  const found = ranked(answers, called);
  const best = await Promise.all(shortList(found, shared).map(async ({ result, score, places }) => {
    const { url, meta, sections = [] } = await result.data();
    const { title, section, description, names = "" } = meta;
    return { url, score, title, section, description, names, sections, places, shared: shared.has(result.id) };
  }));
  const pages = shown(spread(byName(best, meant))).map((page) => {
    const id = landing(page, meant);
    return { ...page, url: id ? `${page.url}#${encodeURIComponent(id)}` : page.url };
  });
  return { pages, count: found.length, words: marked(meant) };
}
