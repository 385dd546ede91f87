"""`python -m macros`: the handbook's commands."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from macros import (
    catalogue,
    checks,
    codeowners,
    editor,
    exports,
    functions,
    imports,
    links,
    publish,
    published,
    renaming,
    reporting,
    rules,
    serve,
    skeletons,
    validate,
)
from macros.exports import EXPORTS
from macros.exports.document import FIRST_LINE
from macros.handbook import Handbook
from macros.imports import IMPORTS
from macros.imports import reporting as imports_reporting
from macros.kinds import KINDS, Kind, schema
from macros.model import LANGUAGES, PlaybookTemplate
from macros.problems import DataError, in_order
from macros.project import ROOT, check_everything, load_handbook, outside_addresses, shown

OK, FAULTY, WRONG_USE = 0, 1, 2
FETCH_SECONDS = 30
LONGEST_TIMEOUT = 600


def check(options: argparse.Namespace) -> int:
    """Print every problem and finding of the data and of the pages that call macros."""
    unknown = sorted(set(options.fail_on) - {checks.rule_name(it) for it in checks.CHECKS})
    if unknown:
        print(f"check: --fail-on: no rule is called {', '.join(unknown)}", file=sys.stderr)
        return WRONG_USE
    if not options.data.is_dir():
        print(f"check: --data: there is no folder {options.data}", file=sys.stderr)
        return WRONG_USE
    problems, findings = check_everything(options.data)
    report = reporting.FORMATS[options.format](problems, findings)
    if report:
        print(report)
    counting = [it for it in findings if options.strict or it.rule in options.fail_on]
    return FAULTY if problems or counting else OK


def print_schema(options: argparse.Namespace) -> int:
    """Print the JSON Schema of a kind or of all, or write each to a file."""
    if options.settings:
        options.settings.parent.mkdir(parents=True, exist_ok=True)
        options.settings.write_text(editor.settings(KINDS.values()), encoding="utf-8")
    if options.output is None:
        kinds = [options.kind] if options.kind else list(KINDS)
        schemas = {name: schema(KINDS[name]) for name in kinds}
        print(json.dumps(schemas[options.kind] if options.kind else schemas, ensure_ascii=False, indent=2))
        return OK
    if options.output.exists() and not options.output.is_dir():
        print(f"schema: --output: {options.output} is a file; name a folder", file=sys.stderr)
        return WRONG_USE
    options.output.mkdir(parents=True, exist_ok=True)
    for name in [options.kind] if options.kind else KINDS:
        text = json.dumps(schema(KINDS[name]), ensure_ascii=False, indent=2)
        (options.output / editor.schema_name(KINDS[name])).write_text(f"{text}\n", encoding="utf-8")
    return OK


def write_exports(options: argparse.Namespace) -> int:
    """Write what machines read: rules and OpenSLO objects from the SLOs, the teams' own rules with `runbook_url`."""
    if options.output.exists() and not options.output.is_dir():
        print(f"export: {options.output} is a file; name a folder", file=sys.stderr)
        return WRONG_USE
    if not options.data.is_dir():
        print(f"export: --data: there is no folder {options.data}", file=sys.stderr)
        return WRONG_USE
    try:
        handbook, _ = load_handbook(options.data)
    except DataError as error:
        print(error, file=sys.stderr)
        return FAULTY
    chosen = [EXPORTS[name] for name in options.format or EXPORTS]
    made = {
        options.output / file.address.removeprefix("exports/"): file.text
        for file in exports.files(handbook)
        if file.export in chosen
    }
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)
    for export in chosen:
        # What an earlier run wrote for a team that has it no more would go on alerting.
        for path in sorted((options.output / export.name).rglob("*.y*ml")):
            if path not in made and path.read_text(encoding="utf-8").startswith(FIRST_LINE):
                path.unlink()
                print(f"{path}: removed, since nothing makes it any more")
    for export in chosen:
        for team in handbook.teams:
            for journey, sli in export.leaves_out(handbook, team):
                print(f"{journey.path}: left out of {export.name}, since `{sli.id}` has no query for it")
    return OK


def rule_coverage(options: argparse.Namespace) -> int:
    """Check rule files from anywhere against the handbook: does each alert lead to a playbook?"""
    try:
        known = published.read(_published_document(options))
    except (OSError, ValueError) as error:
        print(f"coverage: {error}", file=sys.stderr)
        return WRONG_USE
    except DataError as error:
        print(error, file=sys.stderr)
        return FAULTY
    read = [rules.read(path, path.as_posix()) for path in options.rules]
    problems = in_order(problem for _, faults in read for problem in faults)
    stands = tuple(published.standings((file for file, _ in read if file is not None), known, options.team))
    report = reporting.RULE_FORMATS[options.format](problems, stands, known)
    if report:
        print(report)
    return FAULTY if problems or any(it.findings for it in stands) else OK


def _published_document(options: argparse.Namespace) -> Any:
    """What the handbook publishes: of the data here, of a file, or of a site."""
    if not options.handbook:
        if not options.data.is_dir():
            raise ValueError(f"--data: there is no folder {options.data}")
        return published.document(load_handbook(options.data)[0])
    if not options.handbook.startswith(("https://", "http://")):
        return json.loads(Path(options.handbook).read_text(encoding="utf-8"))
    whole = options.handbook.endswith(".json")
    address = options.handbook if whole else f"{options.handbook.rstrip('/')}/{published.ADDRESS}"
    with urllib.request.urlopen(address, timeout=FETCH_SECONDS) as response:
        return json.load(response)


def check_links(options: argparse.Namespace) -> int:
    """Ask every outside address of the data and the pages whether it is still there; needs the network."""
    if not options.data.is_dir():
        print(f"links: --data: there is no folder {options.data}", file=sys.stderr)
        return WRONG_USE
    if not 0 < options.timeout <= LONGEST_TIMEOUT:
        print(f"links: --timeout: give seconds, more than 0 and {LONGEST_TIMEOUT} at most", file=sys.stderr)
        return WRONG_USE
    try:
        handbook, _ = load_handbook(options.data)
        places = outside_addresses(handbook, options.data)
        own = handbook.organisation.site_address
        answers = links.check(places, own, links.asker(options.timeout), time.sleep)
    except DataError as error:
        print(error, file=sys.stderr)
        return FAULTY
    except links.NoNetworkError as error:
        print(f"links: no network: {error}", file=sys.stderr)
        return FAULTY
    report = reporting.LINK_FORMATS[options.format](answers)
    if report:
        print(report)
    return FAULTY if answers.broken else OK


def new(options: argparse.Namespace) -> int:
    """Write a skeleton of a new file, which passes `check` once its blanks are filled in. Overwrites nothing."""
    if not options.data.is_dir():
        print(f"new: --data: there is no folder {options.data}", file=sys.stderr)
        return WRONG_USE
    try:
        handbook, _ = load_handbook(options.data)
    except DataError as error:
        print(error, file=sys.stderr)
        return FAULTY
    kind = KINDS[options.kind]
    _ask_for_what_is_missing(kind, options)
    fault = _fault_of_new(handbook, kind, options)
    if fault:
        print(f"new: {fault}", file=sys.stderr)
        return WRONG_USE
    path = options.data / kind.path(options.id, options.team)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_skeleton(handbook, kind, options))
    except FileExistsError:
        print(f"new: {path} is there already; choose another id, or edit it", file=sys.stderr)
        return FAULTY
    print(path)
    return OK


def _ask_for_what_is_missing(kind: Kind, options: argparse.Namespace) -> None:
    """Ask at a terminal for the names that weren't given; elsewhere they stay empty."""
    asked = [("id", "Its id, as in `payments-api`", kind.has_id)]
    asked.append(("team", "The team in whose folder it stands", kind.in_team and kind.name != "team"))
    asked.append(("title", "Its name, for people (empty: fill it in later)", kind.has_id))
    for name, words, needed in asked:
        if needed and not getattr(options, name) and sys.stdin.isatty():
            setattr(options, name, input(f"{words}: ").strip())


def _skeleton(handbook: Handbook, kind: Kind, options: argparse.Namespace) -> str:
    if kind.name != "playbook":
        translations = catalogue.translations(options.language or handbook.organisation.language)
        return skeletons.of_kind(kind, options.title, translations.gettext)
    template = handbook.get("playbook-template", options.template)
    assert isinstance(template, PlaybookTemplate)
    own = [service.id for service in handbook.services if service.team == options.team]
    service = options.service or next(iter(own), skeletons.SERVICE_PLACE)
    return skeletons.playbook(template, service, options.title, options.alert)


def _fault_of_new(handbook: Handbook, kind: Kind, options: argparse.Namespace) -> str:
    """What is wrong with the names that `new` was given, or nothing."""
    named = []
    if kind.in_team and kind.name != "team":
        if not options.team:
            return f"--team: name the team in whose folder the {kind.name} stands"
        named.append(("team", options.team, [team.id for team in handbook.teams]))
    if kind.name == "playbook":
        makers = [template.id for template in skeletons.templates(handbook)]
        named.append(("template", options.template, makers))
    if options.service:
        named.append(("service", options.service, [service.id for service in handbook.services]))
    for what, given, known in named:
        if given not in known:
            hint = validate.near(given, known) or f"there are {', '.join(known) or 'none'}"
            return f"--{what}: there is no {what} `{given}`; {hint}"
    if kind.has_id and not options.id:
        return "name its id: lower-case letters, digits and single hyphens"
    if kind.has_id and not validate.is_id(options.id):
        return f"`{options.id}` can't be an id; use lower-case letters, digits and single hyphens"
    for name, given in (("title", options.title), ("alert", options.alert)):
        if given and not (given.strip() and given.isprintable()):
            return f"--{name}: write it on one line, in letters that can be seen"
    if kind.has_id and kind.name != "team" and handbook.get(kind.name, options.id):
        return f"there is a {kind.name} `{options.id}` already; ids are unique over all teams"
    return ""


def rename(options: argparse.Namespace) -> int:
    """Give something another id: its file, every reference and every link follow, and the old address leads on."""
    return _changed(
        "rename",
        options,
        lambda handbook, docs: renaming.rename(handbook, options.data, options.kind, options.old, options.new, docs),
    )


def move(options: argparse.Namespace) -> int:
    """Put a file into another team's folder."""
    return _changed(
        "move",
        options,
        lambda handbook, docs: renaming.move(handbook, options.data, options.kind, options.id, options.team, docs),
    )


def _changed(
    command: str,
    options: argparse.Namespace,
    change: Callable[[Handbook, Path | None], tuple[renaming.Change, ...]],
) -> int:
    """Work out changes of the data, and make them if all of it is right afterwards."""
    if not options.data.is_dir():
        print(f"{command}: --data: there is no folder {options.data}", file=sys.stderr)
        return WRONG_USE
    # Links in docs/ are those of this checkout's own data.
    docs = ROOT / "docs" if options.data.resolve() == (ROOT / "data").resolve() else None
    try:
        problems, _ = check_everything(options.data)
        if problems:
            raise DataError(problems)
        handbook, _ = load_handbook(options.data)
        changes = change(handbook, docs)
        after = renaming.checked(handbook, options.data, changes, docs)
        if options.dry_run:
            print(renaming.as_diff(changes, shown), end="")
            return OK
        renaming.write(changes)
    except renaming.RefusedError as error:
        print(f"{command}: {error}", file=sys.stderr)
        return WRONG_USE
    except DataError as error:
        print(error, file=sys.stderr)
        return FAULTY
    except OSError as error:
        print(f"{command}: {error}", file=sys.stderr)
        return FAULTY
    print(renaming.FORMATS[options.format](changes, renaming.remarks(handbook, after), shown))
    return OK


def import_files(options: argparse.Namespace) -> int:
    """Make team and service files from what an organisation already has. Overwrites nothing."""
    if not options.data.is_dir():
        print(f"import: --data: there is no folder {options.data}", file=sys.stderr)
        return WRONG_USE
    try:
        handbook, _ = load_handbook(options.data)
        made = imports.run(
            IMPORTS[options.source], options.files, handbook, options.data, shown(options.data), dry_run=options.dry_run
        )
    except DataError as error:
        print(error, file=sys.stderr)
        return FAULTY
    print(imports_reporting.FORMATS[options.format](made, shown(options.data), options.dry_run))
    return OK


def write_codeowners(options: argparse.Namespace) -> int:
    """Write who reviews which folder, for the repository's host, from the teams' groups."""
    if not options.data.is_dir():
        print(f"codeowners: --data: there is no folder {options.data}", file=sys.stderr)
        return WRONG_USE
    try:
        handbook, _ = load_handbook(options.data)
        path = ROOT / codeowners.place(handbook)
        difference = codeowners.difference(handbook, path)
    except DataError as error:
        print(error, file=sys.stderr)
        return FAULTY
    except OSError as error:
        print(f"codeowners: {error}", file=sys.stderr)
        return FAULTY
    if options.check:
        if difference:
            print(difference)
        return FAULTY if difference else OK
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(codeowners.text(handbook), encoding="utf-8")
    print(shown(path))
    return OK


def build_site(options: argparse.Namespace) -> int:
    """Build both editions into one folder, or leave that folder as it is."""
    return OK if publish.site(options.output, pdfs=options.pdf) else FAULTY


def serve_site(options: argparse.Namespace) -> int:
    """Serve one edition, and build it again after each change."""
    return serve.run(options.edition, options.host, options.port)


def update_catalogue(options: argparse.Namespace) -> int:
    """Bring the Japanese catalogue up to date with the program."""
    total, missing = catalogue.update("ja", [*checks.CHECKS, *functions.MACROS.values()])
    print(f"{shown(catalogue.catalogue_path('ja'))}: {total} messages, {missing} without a translation")
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m macros", description="The SRE handbook's commands.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], epilog: str) -> argparse.ArgumentParser:
        text = (run.__doc__ or "").split("\n")[0]
        sub = commands.add_parser(
            name, help=text, description=text, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        sub.set_defaults(run=run)
        return sub

    sub = command(
        "check",
        check,
        "exit code: 0 fine, 1 problems (or findings that count), 2 wrong use\n\n"
        "examples:\n  python -m macros check\n  python -m macros check --strict --format github\n"
        "  python -m macros check --fail-on requirement-missed",
    )
    sub.add_argument("--data", type=Path, default=_default_data(), metavar="DIR", help="the data folder (%(default)s)")
    sub.add_argument("--format", choices=reporting.FORMATS, default="text", help="how to print (%(default)s)")
    sub.add_argument("--strict", action="store_true", help="exit 1 for findings, too")
    sub.add_argument(
        "--fail-on",
        action="append",
        default=[],
        metavar="RULE",
        help="exit 1 for findings of this rule; may be repeated",
    )

    sub = command(
        "schema",
        print_schema,
        "examples:\n  python -m macros schema team\n"
        "  python -m macros schema -o schemas/ --settings .vscode/settings.json",
    )
    sub.add_argument("kind", nargs="?", choices=KINDS, help="the kind; all kinds where it is left out")
    sub.add_argument("-o", "--output", type=Path, metavar="DIR", help="write a file for each kind there")
    sub.add_argument(
        "--settings",
        type=Path,
        metavar="FILE",
        help="also write the settings that lead VS Code from each file to its schema",
    )

    sub = command(
        "export",
        write_exports,
        "examples:\n  python -m macros export rules/\n  python -m macros export rules/ --format prometheus",
    )
    sub.add_argument("output", type=Path, metavar="DIR", help="the folder to write to")
    sub.add_argument("--data", type=Path, default=_default_data(), metavar="DIR", help="the data folder (%(default)s)")
    sub.add_argument(
        "--format", action="append", choices=EXPORTS, help="this format alone; may be repeated (all formats)"
    )

    sub = command(
        "coverage",
        rule_coverage,
        "exit code: 0 every alert that wakes somebody has a playbook, 1 one has none, or a file or a runbook_url is\n"
        "wrong, 2 wrong use\n\n"
        "examples:\n  python -m macros coverage --rules rules/*.yaml --team payments\n"
        "  python -m macros coverage --rules rules/*.yaml --handbook https://handbook.example.com/",
    )
    sub.add_argument("--rules", type=Path, nargs="+", required=True, metavar="FILE", help="Prometheus rule files")
    sub.add_argument("--team", default="", metavar="TEAM", help="whose they are (their label `team`)")
    sub.add_argument(
        "--handbook", default="", metavar="ADDRESS", help=f"a published handbook, or its {published.ADDRESS} as a file"
    )
    sub.add_argument("--data", type=Path, default=_default_data(), metavar="DIR", help="the data folder (%(default)s)")
    sub.add_argument("--format", choices=reporting.RULE_FORMATS, default="text", help="how to print (%(default)s)")

    sub = command(
        "links",
        check_links,
        "exit code: 0 nothing is broken, 1 an address is gone, twice in a row (404, 410, no such host, connection\n"
        "refused), or there is no network, 2 wrong use\n\n"
        "examples:\n  python -m macros links\n  python -m macros links --timeout 60 --format json",
    )
    sub.add_argument("--data", type=Path, default=_default_data(), metavar="DIR", help="the data folder (%(default)s)")
    sub.add_argument("--format", choices=reporting.LINK_FORMATS, default="text", help="how to print (%(default)s)")
    sub.add_argument(
        "--timeout",
        type=float,
        default=links.SECONDS,
        metavar="SECONDS",
        help="how long an answer may take (%(default)s)",
    )

    sub = command(
        "new",
        new,
        "examples:\n  python -m macros new playbook uploads-fail --team payments --template alert\n"
        "  python -m macros new playbook uploads-fail --team payments --alert PaymentsUploadErrors\n"
        '  python -m macros new playbook uploads-fail --team payments --service payments-api --title "Uploads fail"\n'
        "  python -m macros new team payments --title Payments\n"
        "  python -m macros new journey pay-invoice --team payments --language ja\n\n"
        "At a terminal it asks for what is missing.",
    )
    sub.add_argument("kind", choices=KINDS, metavar="KIND", help=f"what to begin: {', '.join(KINDS)}")
    sub.add_argument(
        "id", nargs="?", default="", metavar="ID", help="its id: lower-case letters, digits and single hyphens"
    )
    sub.add_argument("--team", default="", metavar="TEAM", help="the team in whose folder it stands")
    sub.add_argument("--title", default="", metavar="TITLE", help="its name; of a playbook, what is wrong")
    sub.add_argument("--language", choices=LANGUAGES, help="of the comments (the organisation's)")
    sub.add_argument("--service", default="", metavar="SERVICE", help="of a playbook: the service (the team's first)")
    sub.add_argument(
        "--template", default=skeletons.USUAL, metavar="TEMPLATE", help="of a playbook: the template (%(default)s)"
    )
    sub.add_argument("--alert", default="", metavar="ALERT", help="of a playbook: the alert that it answers")
    sub.add_argument("--data", type=Path, default=_default_data(), metavar="DIR", help="the data folder (%(default)s)")

    def changing(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--dry-run", action="store_true", help="print the changes as a diff, and write nothing")
        sub.add_argument(
            "--data", type=Path, default=_default_data(), metavar="DIR", help="the data folder (%(default)s)"
        )
        sub.add_argument("--format", choices=renaming.FORMATS, default="text", help="how to print (%(default)s)")

    sub = command(
        "rename",
        rename,
        "exit code: 0 done, 1 problems, 2 wrong use\n\n"
        "examples:\n  python -m macros rename service drawer-api drawer\n"
        "  python -m macros rename team-checklist drawer/new-developer joining --dry-run",
    )
    sub.add_argument("kind", metavar="KIND", help="what it is: service, team, journey, …")
    sub.add_argument("old", metavar="OLD", help="its id; of a team's checklist TEAM/ID")
    sub.add_argument("new", metavar="NEW", help="its new id: lower-case letters, digits and single hyphens")
    changing(sub)

    sub = command(
        "move",
        move,
        "exit code: 0 done, 1 problems, 2 wrong use\n\n"
        "examples:\n  python -m macros move service share-links --team drawer\n"
        "  python -m macros move alerts drawer/rules.yml --team search --dry-run",
    )
    sub.add_argument("kind", metavar="KIND", help="what it is: service, journey, playbook, …")
    sub.add_argument("id", metavar="ID", help="its id; of alerts and a team's checklist TEAM/NAME")
    sub.add_argument("--team", required=True, metavar="TEAM", help="the team that gets it")
    changing(sub)

    sub = command(
        "import",
        import_files,
        "exit code: 0 fine, also where something could not be mapped, 1 nothing was made: a file can't be\n"
        "read, or the data has problems, 2 wrong use\n\n"
        "examples:\n  python -m macros import backstage */catalog-info.yaml --dry-run\n"
        "  python -m macros import csv teams.csv",
    )
    sub.add_argument("source", choices=IMPORTS, help="what the files are")
    sub.add_argument("files", type=Path, nargs="+", metavar="FILE", help="the files to read")
    sub.add_argument("--data", type=Path, default=_default_data(), metavar="DIR", help="the data folder (%(default)s)")
    sub.add_argument("--dry-run", action="store_true", help="say what would be made, and write nothing")
    sub.add_argument("--format", choices=imports_reporting.FORMATS, default="text", help="how to print (%(default)s)")

    sub = command(
        "codeowners",
        write_codeowners,
        "exit code: 0 fine, 1 problems, or with --check a file that is not what would be written, 2 wrong use\n\n"
        "examples:\n  python -m macros codeowners\n  python -m macros codeowners --check",
    )
    sub.add_argument("--check", action="store_true", help="write nothing; print what would change, and exit 1 for it")
    sub.add_argument("--data", type=Path, default=_default_data(), metavar="DIR", help="the data folder (%(default)s)")

    sub = command(
        "site",
        build_site,
        "examples:\n  python -m macros site --output public/\n  python -m macros site --output public/ --pdf",
    )
    sub.add_argument("--pdf", action="store_true", help="also make PDFs of checklists, binders, sheets and charters")
    sub.add_argument("--output", type=Path, default=Path("site"), metavar="DIR", help="where to (%(default)s)")

    sub = command("serve", serve_site, "example:\n  python -m macros serve --edition ja")
    sub.add_argument("--edition", choices=("en", "ja"), default="en", help="the language (%(default)s)")
    sub.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    sub.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")

    command("catalogue", update_catalogue, "example:\n  python -m macros catalogue")
    return parser


def _default_data() -> Path:
    return Path(os.environ.get("HANDBOOK_DATA") or "data")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever reads the output has seen enough, as in `check | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULTY


if __name__ == "__main__":
    sys.exit(main())
