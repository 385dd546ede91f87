"""What is asked of checklists: that they hold together, and that they are short, concrete and hard to forget."""

import re
from collections.abc import Iterator

from macros.gaps.check import Reason, Task, gap, problem
from macros.gaps.spots import Spot, Spots, at, unknown
from macros.handbook import checklists
from macros.handbook.checklists import AnyChecklist
from macros.handbook.graph import Handbook
from macros.model.checklists import Checklist, ChecklistItem, ChecklistSection, Extension, See, TeamChecklist
from macros.model.values import Entity
from macros.sources import near_names
from macros.text.problems import N_, Message

FEWEST_ITEMS, MOST_ITEMS = 5, 9
"""Of a pause point. Gawande, “The Checklist Manifesto” (2009), gives five to nine as what a mind holds."""

NO_VERBS = (
    "a an the all any both each every no some this that these those it its they we you your our is are was were be "
    "there here if when while where in on at by for from of to with without after before during not never"
)
"""Words that an item in English doesn't begin with: articles, pronouns, prepositions and their like."""

_SECOND = re.compile(
    r"\band (?:then )?([a-z]+) (?:down |up |out )?(?:the|a|an|your|their|its|each|every|it|them|what|where|who|one)\b"
    r"|[.;] +([A-Za-z]+)"
)
"""A word that may begin a second thought: behind `and` with a thing that it is done to, or behind a stop."""

_OBVIOUS = re.compile(
    r"\b(?:be (?:careful|mindful|prepared|ready|sure)|do your best|take care|take your time|pay attention"
    r"|(?:keep|stay) (?:calm|focused)|have fun|use (?:common sense|good judge?ment)|make sure (?:all|everything)"
    r"|(?:read|open|use|follow|finish|tick) (?:this|the) (?:check)?list(?! (?:of|with))"
    r"|(?:come|go) to (?:the office|work)|(?:switch|turn) on (?:the|your) (?:laptop|computer)"
    r"|as (?:usual|needed|necessary|appropriate)|(?:if|where|when) (?:needed|necessary|appropriate|required))\b"
    r"|気を(?:付け|つけ)|注意(?:する|を払)|心(?:掛|が)け|頑張|がんばる|落ち着いて|適宜|適切に|必要に応じ|いつも(?:通り|どおり)"
    r"|出社する|(?:パソコン|PC) ?の電源|(?:この|本)?(?:チェック)?リストを(?:読む|開く|使う|埋める)",
    re.IGNORECASE,
)
"""What nobody forgets, or nobody can tell whether it is done. Gawande asks what is missed, and harms if it is."""


@problem("there is no section `{id}` in {list}")
def unknown_section(handbook: Handbook) -> Spots:
    """A list that includes a section which the other list doesn't have."""
    for made, location, extension in handbook.every(Entity, Extension):
        sections = checklists.sections_of(handbook, handbook.checklist(extension.checklist))
        known = [section.id for section in sections]
        for position, id in enumerate(extension.sections):
            yield from unknown(made, (*location, "sections", position), id, known, list=extension.checklist)


@problem("`{id}` includes this list, too; include sections in one direction only")
def circular_extension(handbook: Handbook) -> Spots:
    """A list that includes itself, directly or through other lists."""
    for made, location, extension in handbook.every(Entity, Extension):
        parts = checklists.parts_of(handbook, handbook.checklist(extension.checklist))
        if any(checklists.list_id(made) == checklists.list_id(source) for source, _ in parts):
            yield at(made, *location, id=extension.checklist)


@problem("this list already has an item `{id}`; ticks are kept by id, so give one of the two another")
def repeated_item(handbook: Handbook) -> Spots:
    """Two items of one checklist with the same id."""
    lists: tuple[AnyChecklist, ...] = (*handbook.checklists, *handbook.team_checklists)
    for made in lists:
        shared = handbook.get(Checklist, checklists.list_id(made)) if isinstance(made, TeamChecklist) else None
        seen = {item.id: item for item in _items_of(handbook, shared)} if shared else {}
        brought = [
            (("extends", position), item)
            for position, extension in enumerate(made.extends)
            for item in _items_of(handbook, made.model_copy(update={"extends": (extension,), "sections": ()}))
        ]
        own = [(location, item) for location, item in made.parts if isinstance(item, ChecklistItem)]
        for location, item in (*brought, *own):
            if seen.setdefault(item.id, item) is not item:
                yield at(made, *location, "id", id=item.id)


@problem("there is no page at `{address}`")
def unknown_guide(handbook: Handbook) -> Spots:
    """An item of a checklist or of a reading path that links to a hand-written page that doesn't exist."""
    for made, location, see in handbook.every(Entity, See):
        address = (see.guide or "").partition("#")[0]
        if see.guide is not None and handbook.guides and address not in handbook.guides:
            hint = near_names.near(address, handbook.guides) or Message("write it as in `incidents/`")
            yield at(made, *location, "guide", hint=hint, address=see.guide)


@problem("a shared list can't link to a {name} of one team; use `for_each` to find each team's own")
def team_in_shared_list(handbook: Handbook) -> Spots:
    """A shared list, or a reading path, that links to something of one team."""
    for made, location, see in handbook.every(Entity, See):
        for name in ("service", "journey", "playbook"):
            if not isinstance(made, TeamChecklist) and getattr(see, name) is not None:
                yield at(made, *location, name, name=name)


@problem("`{key}` is missing: no shared list has this id, so the list is the team's own and needs it")
def checklist_without_purpose(handbook: Handbook) -> Spots:
    """A team's own list without a name or a purpose."""
    for made in handbook.team_checklists:
        if handbook.get(Checklist, checklists.list_id(made)) is None:
            for key in ("name", "purpose"):
                if getattr(made, key) is None:
                    yield at(made, key=key)


@gap(
    N_("“{name}” has {count} items, and people keep at most {most} in mind: split it, or leave some out"),
    Task(Reason.WORDS, 20),
    N_("People can't keep more in mind, and don't stop for fewer"),
    looks_at=("checklist",),
)
def pause_point_size(handbook: Handbook) -> Spots:
    """A pause point with fewer than five items, or with more than nine."""
    few = N_("“{name}” has fewer than {fewest} items ({count}): merge it with another pause point")
    for made, location, section in handbook.every(Entity, ChecklistSection):
        if isinstance(made, TeamChecklist) and handbook.get(Checklist, checklists.list_id(made)):
            continue  # what a team adds to a shared list is as long as it needs
        count = len(section.items)
        if not FEWEST_ITEMS <= count <= MOST_ITEMS:
            values = {"name": section.name, "count": count, "fewest": FEWEST_ITEMS, "most": MOST_ITEMS}
            yield Spot(made, location, values, few if count < FEWEST_ITEMS else "")


@gap(
    N_("“{do}” doesn't begin with a verb: say what to do"),
    Task(Reason.WORDS, 5, first=True),
    N_("Under pressure, people read only the first word"),
)
def item_without_verb(handbook: Handbook) -> Spots:
    """An item in English that doesn't begin with a verb."""
    for made, location, item in handbook.every(Entity, ChecklistItem):
        word = _first_word(item)
        if word in NO_VERBS.split() or (word.endswith("ing") and word not in ("bring", "ring", "ping", "string")):
            yield at(made, *location, "do", do=item.do)


@gap(
    N_("“{do}” asks for two things: split it into two items"),
    Task(Reason.WORDS, 5, first=True),
    N_("One tick can't say which half was done"),
    looks_at=("checklist", "team-checklist"),
)
def item_with_two_thoughts(handbook: Handbook) -> Spots:
    """An item in English that asks for two things."""
    items = list(handbook.every(Entity, ChecklistItem))
    verbs = {_first_word(item) for _, _, item in items}.difference(NO_VERBS.split())
    for made, location, item in items:
        if any((one or other).lower() in verbs for one, other in _SECOND.findall(item.do.en or "")):
            yield at(made, *location, "do", do=item.do)


@gap(
    N_("“{do}” is too obvious or too vague: name the step that gets missed"),
    Task(Reason.WORDS, 5, first=True),
    N_("Needless lines make people skip the others"),
)
def obvious_item(handbook: Handbook) -> Spots:
    """An item that is too obvious to forget, or too vague to tick off."""
    for made, location, item in handbook.every(Entity, ChecklistItem):
        if any(map(_OBVIOUS.search, item.do.said.values())):
            yield at(made, *location, "do", do=item.do)


@gap(
    N_("“{name}” has no owner: name the role that maintains it"),
    Task(Reason.WORDS, 10, first=True),
    N_("A list without an owner is soon out of date"),
)
def checklist_without_owner(handbook: Handbook) -> Spots:
    """A list without an owner."""
    return [at(made, "owner") for made in handbook.checklists if made.owner is None]


@gap(
    N_("“{name}” was never gone through: use it, and write down the day"),
    Task(Reason.INCIDENT, 45),
    N_("What is missing in a list shows when it is used"),
    looks_at=("checklist",),
)
def checklist_never_used(handbook: Handbook) -> Spots:
    """A team's own list that was never gone through."""
    for made in handbook.team_checklists:
        if not made.exercised and handbook.get(Checklist, checklists.list_id(made)) is None:
            yield at(made, "exercised")


def _items_of(handbook: Handbook, made: AnyChecklist) -> Iterator[ChecklistItem]:
    """The items of a list, those that it takes from others too."""
    return (item for section in checklists.sections_of(handbook, made) for item in section.items)


def _first_word(item: ChecklistItem) -> str:
    match = re.match(r"[A-Za-z]+", item.do.en or "")
    return match[0].lower() if match else ""
