// Entry of the handbook's scripts. Material replaces the article on each navigation and says so on
// `document$`; every part below takes the new article and improves it.
import { enhanceChecklists } from "./checklist.js";
import { enhanceTerms } from "./definitions.js";
import { followPage } from "./edition-switch.js";
import { enhanceJourneyForms } from "./journey-form.js";
import { helpWhoIsLost } from "./not-found.js";
import { enhanceReadingLists } from "./reading-marks.js";
import { startSearch } from "./search.js";
import { enhanceChoosers } from "./set-up-chooser.js";
import { enhanceCalculators } from "./slo-calculator.js";
import { enhanceFilters } from "./table-filter.js";
import { enhanceSorting } from "./table-sort.js";

const PARTS = [
  startSearch,
  followPage,
  enhanceTerms,
  enhanceReadingLists,
  enhanceFilters,
  enhanceChoosers,
  enhanceChecklists,
  enhanceCalculators,
  enhanceJourneyForms,
  enhanceSorting,
  nameNoLandmark,
  helpWhoIsLost,
];

document$.subscribe(() => {
  for (const part of PARTS) {
    try {
      part(document);
    } catch (error) {
      reportError(error); // the other parts don't depend on it
    }
  }
});

/** The theme puts each copy button into a landmark without a name; a list of those leads nowhere. */
function nameNoLandmark(root) {
  for (const nav of root.querySelectorAll(".md-code__nav")) nav.setAttribute("role", "none");
}
