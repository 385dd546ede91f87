"""What scripts write into pages, in the language of the page. The gaps are filled in the browser."""

import json
from collections.abc import Callable, Mapping

from macros.text.problems import N_

SCRIPT_WORDS: Mapping[str, Mapping[str, str]] = {
    "checklist": {
        "done": N_("{done} of {total}"),
        "progress": N_("Progress"),
        "hide": N_("Hide what is done"),
        "name": N_("Name"),
        "start": N_("Start date"),
        "copy": N_("Copy as task list"),
        "copied": N_("Copied."),
        "not_copied": N_("The browser doesn't let this page copy. Mark the text and copy it:"),
        "print": N_("Print"),
        "with_ticks": N_("with ticks"),
        "reset": N_("Start anew"),
        "sure": N_("Throw away all ticks, reasons, the name and the start date of this list?"),
        "kept": N_("Ticks are kept in this browser alone. Nobody else sees them."),
        "not_kept": N_("This browser keeps nothing for this page: ticks are gone once it is closed."),
        "set_aside": N_("What was kept could not be read and was set aside. The list begins anew."),
        "not_applicable": N_("not applicable"),
        "applicable": N_("applicable after all"),
        "reason": N_("Why is it not applicable?"),
        "skipped": N_("Not applicable: {reason}"),
        "due": N_("due {day}"),
        "overdue": N_("was due {day}"),
        "all_done": N_("All done."),
        "changed": N_("This list has changed since you began it."),
        "added": N_("New: {items}"),
        "removed": N_("Gone: {items}"),
        "reworded": N_("Reworded: {items}"),
        "seen": N_("Seen"),
    },
    "chooser": {
        "left": N_("{left} of {all} questions left."),
        "recommended": N_("Start with {type}"),
        "not_yet": N_("Not yet {type}: do this first"),
        "first": N_("First:"),
        "because": N_("Because"),
        "against": N_("What speaks against it"),
        "runner_up": N_("Runner-up: {type}"),
        "why_not": N_("Why not:"),
        "fewer": N_("Your answers speak for it too, with {points} points against {more}."),
        "sequence": N_("In this order"),
        "each": N_("How each answer counts"),
        "answer": N_("Answer"),
        "speaks_for": N_("Speaks for"),
        "speaks_against": N_("Speaks against"),
        "share": N_("The address of this page holds your answers; copy it to share them."),
    },
    "journey-form": {
        "file": N_("File name"),
        "missing": N_("{key} is missing."),
        "id": N_("{key}: “{given}” must be of lower-case letters, digits and single hyphens."),
        "twice": N_("{key}: “{given}” stands twice."),
        "ranking": N_("The rank needs all three: impact, frequency, visibility."),
        "both": N_("{key}: the query needs both, good and all events."),
        "selector": N_("{key}: “{given}” is no metric's name with matchers."),
        "sli": N_("{key}: there is no SLI “{given}” above."),
        "target": N_("{key}: “{given}” is not between 0 and 1."),
        "days": N_("{key}: “{given}” is not a number of days from 1 to 366."),
        "events": N_("{key}: “{given}” is not a whole number."),
        "one_query": N_("{key}: keep one query – events, a gauge, or another system's."),
        "gauge": N_("{key}: a gauge needs its name and one limit."),
        "other": N_("{key}: another system's query needs both, system and query."),
        "number": N_("{key}: “{given}” is not a number."),
        "period": N_("{key}: choose days of a rolling window, or the calendar month."),
        "address": N_("{key}: “{given}” is no address; write it whole, as in https://example.com/page."),
        "policy": N_("{key}: each step of the policy needs both, the percent and what is done."),
        "percent": N_("{key}: “{given}” is not a whole number from 1 to 100."),
        "sure": N_("Throw away everything that is filled in?"),
        "copied": N_("Copied."),
    },
    "search": {
        "type": N_("Type to search: a page, an alert, a service, a word."),
        "looking": N_("Looking …"),
        "none": N_("Nothing found for “{query}”. Try fewer or other words."),
        "one": N_("1 page"),
        "many": N_("{count} pages"),
        "best": N_("The best {shown} of {count} pages"),
        "failed": N_("The search can't be loaded. Reload the page to try again."),
    },
    "reading": {
        "read": N_("read"),
        "marked": N_("{done} of {total} read"),
        "kept": N_("Marks are kept in this browser alone."),
    },
}
"""By the script that uses them; each word by the name that the script calls it."""


def words(translate: Callable[[str], str], script: str) -> dict[str, str]:
    """The words of a script in one language."""
    return {name: translate(english) for name, english in SCRIPT_WORDS[script].items()}


def written(translate: Callable[[str], str], script: str) -> str:
    """The words of a script in one language, as JSON."""
    return json.dumps(words(translate, script), ensure_ascii=False)
