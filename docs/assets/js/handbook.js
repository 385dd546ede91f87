// Entry of the handbook's scripts. Material replaces the article on each navigation and says so on
// `document$`; every part below takes the new article and improves it.
import { enhanceTerms } from "./definitions.js";
import { followPage } from "./edition-switch.js";
import { enhanceMyTeam } from "./my-team.js";
import { markFound, startSearch } from "./search.js";

const PARTS = [startSearch, markFound, followPage, enhanceMyTeam, enhanceTerms, nameNoLandmark, reachWideTables];

/** What few pages need, loaded by the first that does: a selector, and the function of a module for what it finds. */
const PARTS_OF_FEW_PAGES = [
  ["[data-teams]", "./my-team-home.js", "enhanceHome"],
  ["[data-readings]", "./reading-marks.js", "enhanceReadingLists"],
  ["form[data-filter]", "./table-filter.js", "enhanceFilters"], // by the marks of a reading list, too
  ["form[data-rules]", "./set-up-chooser.js", "enhanceChoosers"],
  ["[data-checklist]", "./checklist.js", "enhanceChecklists"],
  ["form[data-calculator]", "./slo-calculator.js", "enhanceCalculators"],
  ["form[data-journey-form]", "./journey-form.js", "enhanceJourneyForms"],
  ["table.sortable, tbody > tr:nth-child(9)", "./table-sort.js", "enhanceSorting"],
  ["ul[data-variables]", "./playbook.js", "enhanceVariables"],
  ["[data-help]", "./playbook.js", "enhanceHelp"],
  ["[data-carries]", "./playbook.js", "carryQuery"],
  ["[data-not-found]", "./not-found.js", "helpWhoIsLost"],
];

/** Settles once all parts have taken the page. */
export let ready;

document$.subscribe(() => {
  takePage(PARTS);
  const needed = PARTS_OF_FEW_PAGES.filter(([selector]) => document.querySelector(selector));
  ready = Promise.all(needed.map(loaded)).then(takePage);
});

function takePage(parts) {
  for (const part of parts) {
    try {
      part(document);
    } catch (error) {
      reportError(error); // the other parts don't depend on it
    }
  }
}

/** The function of a module. In place of one that can't be loaded stands one that says why. */
function loaded([, module, name]) {
  return import(module).then((it) => it[name], (error) => () => { throw error; });
}

/** The theme puts each copy button into a landmark without a name; a list of those leads nowhere. */
function nameNoLandmark(root) {
  for (const nav of root.querySelectorAll(".md-code__nav")) nav.setAttribute("role", "none");
}

/** What the theme lets scroll can be scrolled with the keyboard, too. */
function reachWideTables(root) {
  for (const wrap of root.querySelectorAll(".md-typeset__scrollwrap")) {
    if (wrap.scrollWidth > wrap.clientWidth && !wrap.querySelector("a[href]")) wrap.tabIndex = 0;
  }
}
