"""`adopt`: the handbook becomes an organisation's own, and takes later versions."""

import argparse
from dataclasses import fields, replace
from functools import partial

from macros.commands import changing
from macros.commands.command import FAULTY, OK, Command, argument, ask, asks, print_result
from macros.editing import adoption, updates
from macros.editing.adoption import HOSTS, ORGANISATION, OrganisationAnswers
from macros.editing.change_set import ChangeSet
from macros.handbook.graph import Handbook
from macros.model.values import LANGUAGES
from macros.site.project import ROOT
from macros.text.problems import RefusedError

OPTIONS = {field.name: field.metadata for field in fields(OrganisationAnswers)}
CHOICES = {"language": LANGUAGES, "host": HOSTS}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


@Command(
    "0 done, 1 problems in the data, a file can't be written, or an update conflicts with your changes",
    (
        "adopt",
        'adopt --name "Example Ltd" --team payments --channel "#team-payments" --dry-run',
        'adopt --name "Example Ltd" --language ja --team payments --team-name Payments --channel "#team-payments" '
        "--site https://sre.example.com/ --repository https://git.example.com/sre/handbook --host gitlab",
        "adopt --update upstream/main",
    ),
    "At a terminal it asks for missing values, unless the format is JSON.",
    arguments=(
        *(argument(_option(name), default="", choices=CHOICES.get(name), **said) for name, said in OPTIONS.items()),
        argument("--force", action="store_true", help="continue despite uncommitted changes, which are lost"),
        argument("--update", default="", metavar="VERSION", help="merge a later version instead: upstream/main"),
    ),
    changes=True,
    data=False,
)
def run(options: argparse.Namespace) -> int:
    """Remove the worked example, keep the shared content, and leave one team to fill in."""
    if options.update:
        return _update(options)
    return changing.change(options, partial(_planned, options))


def _update(options: argparse.Namespace) -> int:
    if options.dry_run or options.force or any(getattr(options, name) for name in OPTIONS):
        raise RefusedError("--update: can be combined only with --format")
    taken = updates.take(ROOT, options.update)
    print_result(options, updates.as_text(taken), taken._asdict())
    return FAULTY if taken.conflicts else OK


def _planned(options: argparse.Namespace, handbook: Handbook, *_: object) -> ChangeSet:
    if handbook.organisation.illustration is None:
        raise RefusedError(f"this handbook is already yours: {ORGANISATION} has no `illustration` any more")
    answers = OrganisationAnswers(**{name: getattr(options, name) for name in OPTIONS})
    if asks(options):
        answers = _asked(answers)
    # At a terminal the answers have been looked at, the options haven't.
    wrong = [f"{_option(name)}: {words}" for name, words in adoption.faults(answers)]
    if wrong:
        raise RefusedError("; ".join(wrong))
    changes = adoption.planned(ROOT, handbook, answers)
    if not options.dry_run:
        _refuse_to_lose(options, changes)
    return changes


def _asked(answers: OrganisationAnswers) -> OrganisationAnswers:
    """The answers with those that only the person at the terminal knows; a wrong one is asked for again."""
    for name, said in OPTIONS.items():
        if name == "host" and not answers.repository:
            continue
        words = f"{said['help'][0].upper()}{said['help'][1:]}"
        otherwise = f"#team-{answers.team}" if name == "channel" else getattr(adoption.whole(answers), name)
        while not getattr(answers, name):
            shown = f"{words.partition(' (')[0]} [{otherwise}]: " if otherwise else f"{words}: "
            answers = replace(answers, **{name: ask(shown) or otherwise})
            fault = dict(adoption.faults(answers)).get(name)
            if fault:
                print(f"  {fault}")
                answers = replace(answers, **{name: ""})
            elif not otherwise:
                break
    return answers


def _refuse_to_lose(options: argparse.Namespace, changes: ChangeSet) -> None:
    uncommitted = () if options.force else adoption.uncommitted(ROOT, changes)
    if uncommitted:
        more = f" and {len(uncommitted) - 1} more" if len(uncommitted) > 1 else ""
        raise RefusedError(f"{uncommitted[0]}{more} would be lost: commit first, or use --force")
    if not asks(options):
        return
    removed = sum(file.sort == "removed" for file in changes.files)
    counts = f"{removed} files will be removed, {len(changes.files) - removed} written (--dry-run lists them)"
    if ask(f"{counts}. Continue? [y/N]: ").lower() not in ("y", "yes", "はい"):
        raise EOFError("nothing was changed")
