"""What each answer to the chooser says about each SRE set-up.

`docs/assets/js/set-up-rules.js` adds it up in the browser.
"""

from collections.abc import Sequence

from macros.model.set_ups import ChooserRule, TeamType


def points(types: Sequence[TeamType], question: str, answer: str) -> tuple[ChooserRule | None, ...]:
    """What one answer says about each type: its rule, or None where it makes no difference."""
    return tuple(
        next((rule for rule in type.chooser if (rule.question, rule.answer) == (question, answer)), None)
        for type in types
    )
