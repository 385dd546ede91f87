"""`new`: a file of any kind to begin with."""

import argparse
import os
from collections.abc import Sequence

from macros.authoring import skeletons
from macros.commands import changing
from macros.commands.command import Command, argument, ask, asks, data_folder
from macros.editing.change_set import ChangeSet, PlannedFile
from macros.handbook import load
from macros.handbook.load import Outline
from macros.model.kinds import KINDS, Kind
from macros.model.values import LANGUAGES
from macros.sources.near_names import ID_WORDS, id_fault, line_fault, unknown
from macros.text import catalogue
from macros.text.problems import RefusedError


@Command(
    "0 done, 1 the file already exists",
    (
        "new playbook refunds-stuck --team payments --template alert",
        "new playbook refunds-stuck --team payments --alert RefundQueueTooLong",
        'new playbook refunds-stuck --team payments --service payments-api --title "Refunds are stuck"',
        "new team payments --title Payments",
        "new journey pay-invoice --team payments --language ja",
    ),
    "At a terminal it asks for missing values, unless the format is JSON.",
    arguments=(
        argument("kind", choices=KINDS, metavar="KIND", help=f"the kind: {', '.join(KINDS)}"),
        argument("id", nargs="?", default="", metavar="ID", help=f"its id: {ID_WORDS}"),
        argument("--team", default="", help="the team that owns it"),
        argument("--title", default="", help="its name; for a playbook, the symptom"),
        argument("--language", choices=LANGUAGES, help="of its texts and comments (default: the organisation's)"),
        argument("--service", default="", help="for a playbook: its service (the team's first)"),
        argument("--template", default=skeletons.USUAL, help="for a playbook: the template (%(default)s)"),
        argument("--alert", default="", help="for a playbook: the alert that it answers"),
    ),
    changes=True,
)
def run(options: argparse.Namespace) -> int:
    """Write the skeleton of a new file; it passes `check` once its blanks are filled in. Overwrites nothing."""
    folder = data_folder(options)
    outline = load.outline(folder)
    kind = KINDS[options.kind]
    if asks(options):
        _ask_for_what_is_missing(kind, options)
    _check(outline, kind, options)
    path = folder / kind.path(options.id, options.team)
    if os.path.lexists(path):
        what_to_do = "choose another id, or edit it" if kind.has_id else "edit it"
        raise FileExistsError(f"{path} already exists; {what_to_do}")
    changes = ChangeSet((PlannedFile(None, path, "", _skeleton(outline, kind, options)),))
    return changing.carry_out(options, changes)


def _ask_for_what_is_missing(kind: Kind, options: argparse.Namespace) -> None:
    """Ask for the names that weren't given."""
    asked = (
        ("id", "Its id, such as `payments-api`", kind.has_id),
        ("team", "The team that owns it", kind.in_team and kind.name != "team"),
        ("title", "Its display name (leave empty to fill it in later)", kind.has_id),
    )
    for name, words, needed in asked:
        if needed and not getattr(options, name):
            setattr(options, name, ask(f"{words}: "))


def _skeleton(outline: Outline, kind: Kind, options: argparse.Namespace) -> str:
    language = options.language or outline.language
    if kind.name != "playbook":
        return skeletons.of_kind(kind, options.title, catalogue.translations(language).gettext)
    template = next(made for made in outline.templates if made.id == options.template)
    service = options.service or next(iter(outline.ids("service", options.team)), skeletons.SERVICE_PLACE)
    return skeletons.playbook(language, template, service, options.title, options.alert)


def _check(outline: Outline, kind: Kind, options: argparse.Namespace) -> None:
    """Raises `RefusedError` where something is wrong with the names that were given."""
    known: dict[str, Sequence[str]] = {}
    if kind.in_team and kind.name != "team":
        if not options.team:
            raise RefusedError(f"--team: name the team that owns the {kind.name}")
        known["team"] = outline.ids("team")
    if kind.name == "playbook":
        known["template"] = [template.id for template in skeletons.templates(outline.templates)]
    if options.service:
        known["service"] = outline.ids("service")
    for what, names in known.items():
        given = getattr(options, what)
        if given not in names:
            raise RefusedError(f"--{what}: {unknown(what, given, names)}")
    if kind.has_id and not options.id:
        raise RefusedError(f"name its id: {ID_WORDS}")
    if kind.has_id and id_fault(options.id):
        raise RefusedError(id_fault(options.id))
    for name in ("title", "alert"):
        given = getattr(options, name)
        if given and line_fault(given):
            raise RefusedError(f"--{name}: {line_fault(given)}")
    if kind.has_id and kind.name != "team" and options.id in outline.ids(kind.name):
        raise RefusedError(f"there is already a {kind.name} `{options.id}`; ids are unique across all teams")
