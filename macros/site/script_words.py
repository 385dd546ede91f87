"""What scripts write into pages, in the language of the page. The gaps are filled in the browser."""

import json
from collections.abc import Callable, Mapping

from macros.text.problems import N_

SCRIPT_WORDS: Mapping[str, Mapping[str, str]] = {
    "checklist": {
        "done": N_("{done} of {total}"),
        "progress": N_("Progress"),
        "hide": N_("Hide completed items"),
        "name": N_("Name"),
        "start": N_("Start date"),
        "copy": N_("Copy as task list"),
        "copied": N_("Copied."),
        "not_copied": N_("The browser blocked copying. Select the text and copy it:"),
        "print": N_("Print"),
        "with_ticks": N_("with ticks"),
        "reset": N_("Start over"),
        "sure": N_("Delete all ticks and reasons, the name and the start date of this list?"),
        "kept": N_("Ticks are stored in this browser only. No one else sees them."),
        "not_kept": N_("This browser can't store ticks: they are lost when you close the page."),
        "set_aside": N_("Your saved ticks couldn't be read and were set aside. The list starts over."),
        "more": N_("More"),
        "not_applicable": N_("not applicable"),
        "applicable": N_("applicable after all"),
        "reason": N_("Why is it not applicable?"),
        "skipped": N_("Not applicable: {reason}"),
        "due": N_("due {day}"),
        "overdue": N_("was due {day}"),
        "all_done": N_("All done."),
        "changed": N_("This list has changed since you started it."),
        "added": N_("New: {items}"),
        "removed": N_("Removed: {items}"),
        "reworded": N_("Reworded: {items}"),
        "seen": N_("Got it"),
    },
    "chooser": {
        "left": N_("{left} of {all} questions left."),
        "recommended": N_("Start with {type}"),
        "not_yet": N_("Not yet {type}: do this first"),
        "first": N_("First:"),
        "because": N_("Reasons"),
        "against": N_("Drawbacks"),
        "runner_up": N_("Runner-up: {type}"),
        "why_not": N_("Why not:"),
        "fewer": N_("It fits your answers too, but has {points} points against {more}."),
        "sequence": N_("In this order"),
        "each": N_("Points for each answer"),
        "answer": N_("Answer"),
        "speaks_for": N_("Counts for"),
        "speaks_against": N_("Counts against"),
        "share": N_("This page's URL contains your answers; copy it to share them."),
    },
    "journey-form": {
        "file": N_("File name"),
        "missing": N_("{key} is missing."),
        "id": N_("{key}: “{given}” may have only lower-case letters, digits and single hyphens."),
        "twice": N_("{key}: “{given}” is used twice."),
        "ranking": N_("The rank needs all three: impact, frequency, visibility."),
        "both": N_("{key}: the query needs all events, and either the good or the bad ones."),
        "selector": N_("{key}: “{given}” isn't a metric name with matchers."),
        "sli": N_("{key}: there is no SLI “{given}” above."),
        "target": N_("{key}: “{given}” is no target; write one as in 99.5 or 0.995."),
        "days": N_("{key}: “{given}” is not a number of days from 1 to 366."),
        "events": N_("{key}: “{given}” is not a whole number."),
        "one_query": N_("{key}: keep one query – events, a gauge, or another system's."),
        "gauge": N_("{key}: a gauge needs its name and one limit."),
        "other": N_("{key}: another system's query needs both system and query."),
        "number": N_("{key}: “{given}” is not a number."),
        "period": N_("{key}: choose days of a rolling window, or the calendar month."),
        "address": N_("{key}: “{given}” isn't a URL; write it in full, as in https://example.com/page."),
        "policy": N_("{key}: each step of the policy needs both a percentage and an action."),
        "percent": N_("{key}: “{given}” is not a whole number from 1 to 100."),
        "download": N_("Download"),
        "download_draft": N_("Download the draft"),
        "draft": N_("A draft, with this left to do:"),
        "sure": N_("Delete everything that you filled in?"),
        "copied": N_("Copied."),
    },
    "variables": {
        "values": N_("Values for the commands"),
        "pattern": N_("{name}: “{given}” doesn't have the form of a value such as {example}. It isn't filled in."),
        "hidden": N_("{name}: the value has a line break or an invisible character. It isn't filled in."),
        "option": N_("{name}: “{given}” begins with a hyphen, and commands would take it for an option."),
        "by_hand": N_("{name}: “{given}” can't be quoted everywhere. Where the blank is left, fill it in by hand."),
    },
    "help": {
        "copy_update": N_("Copy the first update"),
        "copied": N_("Copied."),
        "not_copied": N_("The browser blocked copying. Select the text and copy it:"),
        "opened": N_("open for {minutes} min"),
    },
    "search": {
        "type": N_("Type to search: a page, an alert, a service, a word."),
        "looking": N_("Searching …"),
        "none": N_("No results for “{query}”. Try fewer or different words."),
        "one": N_("1 page"),
        "many": N_("{count} pages"),
        "best": N_("The best {shown} of {count} pages"),
        "failed": N_("The search can't be loaded. Reload the page to try again."),
    },
    "reading": {
        "read": N_("read"),
        "marked": N_("{done} of {total} read"),
        "kept": N_("Read marks are stored in this browser only."),
    },
}
"""By the script that uses them; each word by the name that the script calls it."""


def words(translate: Callable[[str], str], script: str) -> dict[str, str]:
    """The words of a script in one language."""
    return {name: translate(english) for name, english in SCRIPT_WORDS[script].items()}


def written(translate: Callable[[str], str], script: str) -> str:
    """The words of a script in one language, as JSON."""
    return json.dumps(words(translate, script), ensure_ascii=False)
