"""What is asked of checklists: that they hold together, and that they are short, concrete and hard to forget."""

from __future__ import annotations

import re
from collections.abc import Iterator

from macros.handbook import checklists
from macros.handbook.graph import Handbook
from macros.model.checklists import Checklist, ChecklistItem, ChecklistSection, Extension, See, TeamChecklist
from macros.model.reading import ReadingPath
from macros.model.values import Location
from macros.sources import near_names
from macros.text.problems import N_, Finding, Message, Problem

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

AnyChecklist = Checklist | TeamChecklist


def unknown_section(handbook: Handbook) -> Iterator[Problem]:
    """A list that takes a section which the other list doesn't have."""
    for made, location, extension in _extensions(handbook):
        other = handbook.get(Checklist, extension.checklist)
        if not isinstance(other, Checklist):
            continue
        known = [section.id for section in checklists.sections_of(handbook, other, [])]
        for position, id in enumerate(extension.sections):
            if id not in known:
                message = near_names.with_hint(
                    Message("there is no section `{id}` in {list}", {"id": id, "list": other.id}),
                    near_names.near(id, known) or Message("it has {known}", {"known": ", ".join(known)}),
                )
                place = handbook.place(made, (*location, "sections", position))
                yield Problem(made.path, *place, "unknown-section", message)


def circular_extension(handbook: Handbook) -> Iterator[Problem]:
    """A list that takes sections from itself, by whatever way."""
    for made, location, extension in _extensions(handbook):
        if checklists.list_id(made) in _reached(handbook, extension.checklist):
            template = "`{id}` leads back to this list; take its sections from one side only"
            yield handbook.problem(made, location, "circular-extension", template, id=extension.checklist)


def repeated_item(handbook: Handbook) -> Iterator[Problem]:
    """Two items of one checklist with the same id."""
    for made in _all(handbook):
        seen: dict[str, ChecklistItem] = {}
        if isinstance(made, TeamChecklist):
            shared = handbook.get(Checklist, checklists.list_id(made))
            if isinstance(shared, Checklist):
                seen |= {it.id: it for section in checklists.sections_of(handbook, shared, []) for it in section.items}
        for position, extension in enumerate(made.extends):
            taken = made.model_copy(update={"extends": (extension,), "sections": ()})
            for item in (it for section in checklists.sections_of(handbook, taken, []) for it in section.items):
                if seen.setdefault(item.id, item) is not item:
                    template = "`{list}` brings another item `{id}` than is in this list already; give one another id"
                    values = {"list": extension.checklist, "id": item.id}
                    yield handbook.problem(made, ("extends", position), "repeated-item", template, **values)
        for position, section in enumerate(made.sections):
            above = {**seen}
            for number, item in enumerate(section.items):
                if item.id in above:  # two in one section are a `repeated-item-id`, as in any list
                    location = ("sections", position, "items", number, "id")
                    template = "there is an item `{id}` in this list already; ticks are kept by id, so give it another"
                    yield handbook.problem(made, location, "repeated-item", template, id=item.id)
                seen[item.id] = item


def unknown_guide(handbook: Handbook) -> Iterator[Problem]:
    """An item of a checklist or of a reading path that leads to a hand-written page which isn't there."""
    for made, location, see in _sights(handbook):
        if see.guide is None or not handbook.guides:
            continue
        address = see.guide.partition("#")[0]
        if address not in handbook.guides:
            message = near_names.with_hint(
                Message("there is no page at `{address}`", {"address": see.guide}),
                near_names.near(address, handbook.guides) or Message("write it as in `incidents/`"),
            )
            yield Problem(made.path, *handbook.place(made, (*location, "guide")), "unknown-guide", message)


def team_in_shared_list(handbook: Handbook) -> Iterator[Problem]:
    """A shared list, or a reading path, that leads to something of one team."""
    for made, location, see in _sights(handbook):
        if not isinstance(made, TeamChecklist):
            for name in ("service", "journey", "playbook"):
                if getattr(see, name) is not None:
                    template = "a shared list can't lead to a {name} of one team; let `for_each` find each team's own"
                    yield handbook.problem(made, (*location, name), "team-in-shared-list", template, name=name)


def checklist_without_purpose(handbook: Handbook) -> Iterator[Problem]:
    """A team's own list that doesn't say what it is called or what it is for."""
    for made in handbook.team_checklists:
        if handbook.get(Checklist, checklists.list_id(made)) is not None:
            continue
        for name in ("name", "purpose"):
            if getattr(made, name) is None:
                template = "`{key}` is missing: no shared list has this id, so this is a list of the team's own"
                yield handbook.problem(made, (), "checklist-without-purpose", template, key=name)


def pause_point_size(handbook: Handbook) -> Iterator[Finding]:
    """A pause point with fewer than five items, or with more than nine."""
    for made, section, location in _sections(handbook):
        count = len(section.items)
        if isinstance(made, TeamChecklist) and handbook.get(Checklist, checklists.list_id(made)):
            continue  # what a team adds to a shared list is as long as it needs
        if not FEWEST_ITEMS <= count <= MOST_ITEMS:
            template = (
                N_("“{name}” has fewer than {fewest} items ({count}): join it to another pause point")
                if count < FEWEST_ITEMS
                else N_(
                    "“{name}” has {count} items: nobody holds more than {most} in mind; split it, or leave some out"
                )
            )
            values = {"name": section.name, "count": count, "fewest": FEWEST_ITEMS, "most": MOST_ITEMS}
            yield handbook.finding(made, location, "pause-point-size", Message(template, values))


def item_without_verb(handbook: Handbook) -> Iterator[Finding]:
    """An item in English that doesn't begin with what is done."""
    for made, item, location in _items(handbook):
        word = _first_word(item)
        if word in NO_VERBS.split() or (word.endswith("ing") and word not in ("bring", "ring", "ping", "string")):
            message = Message(N_("“{do}” doesn't begin with a verb: say what is done"), {"do": item.do})
            yield handbook.finding(made, (*location, "do"), "item-without-verb", message)


def item_with_two_thoughts(handbook: Handbook) -> Iterator[Finding]:
    """An item in English that asks for two things."""
    verbs = {_first_word(item) for _, item, _ in _items(handbook)}.difference(NO_VERBS.split())
    for made, item, location in _items(handbook):
        if any((one or other).lower() in verbs for one, other in _SECOND.findall(item.do.en or "")):
            message = Message(N_("“{do}” asks for two things: make two items of it"), {"do": item.do})
            yield handbook.finding(made, (*location, "do"), "item-with-two-thoughts", message)


def obvious_item(handbook: Handbook) -> Iterator[Finding]:
    """An item that nobody could forget, or of which nobody can say that it is done."""
    for made, item, location in _items(handbook):
        if any(_OBVIOUS.search(words) for words in (item.do.en, item.do.ja) if words):
            message = Message(N_("“{do}” is what nobody forgets: name the step that gets missed"), {"do": item.do})
            yield handbook.finding(made, (*location, "do"), "obvious-item", message)


def checklist_without_owner(handbook: Handbook) -> Iterator[Finding]:
    """A list of which no role sees to it."""
    for made in handbook.checklists:
        if made.owner is None:
            message = Message(N_("“{name}” has no owner: name the role that keeps it right"), {"name": made.name})
            yield handbook.finding(made, ("owner",), "checklist-without-owner", message)


def _all(handbook: Handbook) -> Iterator[AnyChecklist]:
    yield from handbook.checklists
    yield from handbook.team_checklists


def _extensions(handbook: Handbook) -> Iterator[tuple[AnyChecklist, Location, Extension]]:
    for made in _all(handbook):
        for position, extension in enumerate(made.extends):
            yield made, ("extends", position), extension


def _reached(handbook: Handbook, id: str) -> set[str]:
    """The ids of a list and of all that it takes sections from."""
    found: set[str] = set()
    left = [id]
    while left:
        made = handbook.get(Checklist, left.pop())
        if isinstance(made, Checklist) and made.id not in found:
            found.add(made.id)
            left += [extension.checklist for extension in made.extends]
    return found


def _sections(handbook: Handbook) -> Iterator[tuple[AnyChecklist, ChecklistSection, Location]]:
    for made in _all(handbook):
        for position, section in enumerate(made.sections):
            yield made, section, ("sections", position)


def _items(handbook: Handbook) -> Iterator[tuple[AnyChecklist, ChecklistItem, Location]]:
    for made, section, location in _sections(handbook):
        for number, item in enumerate(section.items):
            yield made, item, (*location, "items", number)


def _sights(handbook: Handbook) -> Iterator[tuple[AnyChecklist | ReadingPath, Location, See]]:
    for made, item, location in _items(handbook):
        if item.see is not None:
            yield made, (*location, "see"), item.see
    for path in handbook.reading_paths:
        for position, deed in enumerate(path.then):
            yield path, ("then", position, "see"), deed.see


def _first_word(item: ChecklistItem) -> str:
    match = re.match(r"[A-Za-z]+", item.do.en or "")
    return match[0].lower() if match else ""


CHECKS = (
    unknown_section,
    circular_extension,
    repeated_item,
    unknown_guide,
    team_in_shared_list,
    checklist_without_purpose,
    pause_point_size,
    item_without_verb,
    item_with_two_thoughts,
    obvious_item,
    checklist_without_owner,
)
