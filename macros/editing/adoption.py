"""An organisation takes the handbook over: the worked example goes, the curated content stays."""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from macros.authoring import skeletons
from macros.authoring.reference import Translate
from macros.authoring.skeletons import quoted
from macros.editing.change_set import ChangeSet, PlannedFile, files_below, text_of, written
from macros.exports import codeowners
from macros.handbook import load
from macros.handbook.graph import Handbook
from macros.model.kinds import KINDS
from macros.model.organisation import Organisation, RepositoryHost
from macros.model.values import LANGUAGES, Location, address_fault
from macros.sources import git, near_names, records
from macros.sources.git import GitError
from macros.sources.yaml_file import MOST_BYTES, Source
from macros.text import catalogue
from macros.text.problems import N_, RefusedError

DATA, TEAMS, ORGANISATION = "data", "data/teams", f"data/{KINDS['organisation'].file}"
PICTURES = "screenshots"
"""The pictures of the README: they show the example."""

OWNERS = (".github/CODEOWNERS", "CODEOWNERS")
ADDRESSED = (".github/**/*.yml", ".github/*.md", ".gitlab/**/*.md", "README.md", "CONTRIBUTING.md")
"""The files outside the data that may hold the handbook's own addresses."""

HOSTS = tuple(host.value for host in RepositoryHost)
ISSUE_LINKS = ".github/ISSUE_TEMPLATE/config.yml"

REWRITTEN = ("name", "language", "site_address", "public", "repository", "chat", "paging", "prometheus", "illustration")
"""The keys of organisation.yaml that are written anew. What else stands there is a place to start from."""

_PICTURE = re.compile(rf"^!\[[^\]\n]*\]\({PICTURES}/[^)\n]*\)\n\n?", re.M)
_HEAD = (
    N_("The incident and error budget policies below are a starting point: agree on them, or change them."),
    N_("Give each severity `examples` of your own."),
)
_DECLARE = """\
  declare:
    en: Write what users see and since when, even if you aren't sure.
    ja: ユーザーに何がいつから起きているかを書いてください。確信がなくてもかまいません。
"""
"""How to declare an incident, without the example's promise of who answers how soon."""

_TEAM_HEAD = N_("Fill in the lines below that you know and remove their #; the team's page says what to add next.")


def _answer(words: str, metavar: str | None = None) -> Any:
    """A field that is an option of the command line, with its help, which asks for it too, and its value's place."""
    return field(default="", metadata={"help": words, "metavar": metavar})


@dataclass(frozen=True)
class OrganisationAnswers:
    """What the organisation says of itself. What is empty isn't known yet."""

    name: str = _answer("the organisation's name", "NAME")
    language: str = _answer("the language, en or ja, of plain texts and of what short addresses open (en)")
    team: str = _answer("the id of the first team: lower-case letters, digits and single hyphens", "ID")
    team_name: str = _answer("the team's display name (default: from its id)", "NAME")
    channel: str = _answer("the channel where anyone can reach the team", "CHANNEL")
    site: str = _answer("the address where the handbook will be published (default: not known yet)", "ADDRESS")
    repository: str = _answer("the repository's address in a browser (default: not known yet)", "ADDRESS")
    host: str = _answer("the kind of repository host (default: from its address)")
    page: str = _answer("values of the label `severity` that page, as in critical (page)", "SEVERITIES")
    ticket: str = _answer("those that open a ticket, as in warning,minor (ticket)", "SEVERITIES")


def faults(answers: OrganisationAnswers) -> Iterator[tuple[str, str]]:
    """What is wrong with the answers: the field, and what to do."""
    for name in ("name", "channel", "team"):
        if not getattr(answers, name):
            yield name, "is missing"
    for names, fault in _FAULTS:
        for name in names:
            words = fault(getattr(answers, name))
            if getattr(answers, name) and words:
                yield name, words
    if answers.host and not answers.repository:
        yield "host", "needs the repository's address"


def _choice_fault(*words: str) -> Callable[[str], str]:
    return lambda given: "" if given in words else f"choose {' or '.join(words)}"


def _address_fault(given: str) -> str:
    is_web = given.startswith(("https://", "http://")) and not address_fault(given)
    return "" if is_web else f"`{given}` isn't an address; begin it with https://"


_FAULTS: tuple[tuple[tuple[str, ...], Callable[[str], str]], ...] = (
    (("name", "team_name", "channel", "page", "ticket"), near_names.line_fault),
    (("team",), near_names.id_fault),
    (("language",), _choice_fault(*LANGUAGES)),
    (("site", "repository"), _address_fault),
    (("host",), _choice_fault(*HOSTS)),
)
"""What is wrong with fields that are filled in: functions from one to what to do, or to nothing."""


def planned(root: Path, handbook: Handbook, answers: OrganisationAnswers) -> ChangeSet:
    """What adopting the handbook in `root` takes. `handbook` is what its data says now, the example with it.

    Raises `DataError` with the problems that its data would have afterwards.
    """
    answers = whole(answers)
    words = catalogue.translations(answers.language).gettext
    gone = {file.relative_to(root).as_posix() for folder in (TEAMS, PICTURES) for file in files_below(root / folder)}
    addressed = sorted({file for pattern in ADDRESSED for file in root.glob(pattern) if file.is_file()})
    now = {file.relative_to(root).as_posix(): text_of(file) for file in (root / ORGANISATION, *addressed)}
    texts = {path: _with_own_addresses(path, text, handbook.organisation, answers) for path, text in now.items()}
    source = handbook.sources[handbook.organisation.path]
    texts[ORGANISATION] = _organisation(now[ORGANISATION], source, answers, words)
    texts["README.md"] = _PICTURE.sub("", texts.get("README.md", ""))
    texts[f"{TEAMS}/{answers.team}/team.yaml"] = _team(answers, words)
    after = load.load(root / DATA, DATA, handbook.guides, ChangeSet(_files(root, gone, texts)).within(root / DATA))
    owners = codeowners.place(after)
    texts[owners] = codeowners.text(after)
    gone |= {path for path in (*OWNERS, f"{DATA}/{records.FILE}") if path != owners and (root / path).is_file()}
    note = f"fill in {TEAMS}/{answers.team}/team.yaml; docs/contribute/adopt.md has the other first steps"
    return ChangeSet(_files(root, gone, texts), notes=(note,))


def _files(root: Path, gone: Set[str], texts: Mapping[str, str]) -> tuple[PlannedFile, ...]:
    """The files that go, but for those with a text, and the files whose text becomes another."""
    removed = (PlannedFile(root / path, None, text_of(root / path)) for path in sorted(gone - texts.keys()))
    there = (written(root / path, text) for path, text in sorted(texts.items()))
    return (*removed, *(file for file in there if file.new_text != file.old_text))


def whole(answers: OrganisationAnswers) -> OrganisationAnswers:
    """The answers with what is usual where nothing was said."""
    id, repository = answers.team, answers.repository.rstrip("/").removesuffix(".git")
    # A short one is taken for an abbreviation.
    team_name = id.upper() if len(id) <= len("SRE") else id.replace("-", " ").capitalize()
    host = RepositoryHost.GITLAB if "gitlab" in repository.lower() else RepositoryHost.GITHUB
    return replace(
        answers,
        team_name=answers.team_name or team_name,
        language=answers.language or LANGUAGES[0],
        site=f"{answers.site.rstrip('/')}/" if answers.site else "",
        repository=repository,
        host=answers.host or host.value,
    )


def _with_own_addresses(path: str, text: str, example: Organisation, answers: OrganisationAnswers) -> str:
    """A file that speaks of the organisation's own site and repository."""
    if path == ISSUE_LINKS and not answers.site:
        text = text.partition("contact_links:")[0]
    old_site = (example.site_address or "").rstrip("/")
    if old_site and answers.site:
        text = text.replace(f"{old_site}/", answers.site)
    if example.repository and answers.repository:
        text = text.replace(example.repository.address.rstrip("/"), answers.repository)
    return text


def _organisation(text: str, source: Source, answers: OrganisationAnswers, words: Translate) -> str:
    """organisation.yaml: the keys of the example anew, at the top, and the others as they stand."""
    gone: list[Location] = [(key,) for key in REWRITTEN]
    gone += [location for location in source.keys if "severities" in location and location[-1] == "examples"]
    anew = {_lines_of(source, location): "" for location in gone}
    anew[_lines_of(source, ("incidents", "declare"))] = _DECLARE
    lines = text.replace("\r\n", "\n").splitlines(keepends=True)  # as YAML counts them, in a file that it has read
    for span in sorted(filter(None, anew), key=lambda span: span.start, reverse=True):
        lines[span.start : span.stop] = [anew[span]]
    first = min(line for line, _ in source.keys.values())
    return "".join((*(f"{line}\n" for line in _own_head(answers, words)), *lines[first - 1 :]))


def _lines_of(source: Source, location: Location) -> range:
    """The lines, from 0, of a key and its value, up to the next key; none where it isn't there."""
    if location not in source.keys:
        return range(0)
    start, _ = source.keys[location]
    others = (line for other, (line, _) in source.keys.items() if other[: len(location)] != location and line > start)
    return range(start - 1, min(others, default=MOST_BYTES) - 1)


def _own_head(answers: OrganisationAnswers, words: Translate) -> Iterator[str]:
    yield from (f"# {words(sentence)}" for sentence in _HEAD)
    yield f"name: {quoted(answers.name)}"
    yield f"language: {answers.language}"
    repository = (
        "repository:",
        f"  address: {quoted(answers.repository)}",
        f"  host: {answers.host}",
        '  # maintainers: "@example/sre"',
    )
    severities = [
        f"  also_{name}: [{', '.join(quoted(value.strip()) for value in values.split(','))}]"
        for name, values in (("page", answers.page), ("ticket", answers.ticket))
        if values
    ]
    given = {
        "site_address": (f"site_address: {quoted(answers.site)}",) if answers.site else (),
        "repository": repository if answers.repository else (),
        "chat": (),
        "paging": ("paging:", *severities) if severities else (),
    }
    for key, lines in given.items():
        yield from lines or skeletons.commented_out(Organisation, key, words)


def _team(answers: OrganisationAnswers, words: Translate) -> str:
    """The first team's file: its name and its channel, and all else to be filled in."""
    head, *lines = skeletons.of_kind(KINDS["team"], answers.team_name, words).split("\n")
    channel = f"channel: {quoted(answers.channel)}"
    lines = [channel if line.startswith("channel:") else line for line in lines]
    return "\n".join((head, f"# {words(_TEAM_HEAD)}", *lines))


def uncommitted(root: Path, changes: ChangeSet) -> tuple[str, ...]:
    """What git would lose among all that changes; nothing where `root` is in no repository.

    Raises `RefusedError` where it is in one and git can't tell.
    """
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return ()
    paths = [file.relative_to(root).as_posix() for file in changes.overlay]
    try:
        found = git.output(root, "status", "--porcelain", "--", DATA, *paths)
    except GitError as error:
        raise RefusedError(f"can't tell whether all changes are committed: {error}; --force ignores that") from error
    return tuple(line[3:] for line in found.splitlines())
