"""What a contributor meets at the repository's host: workflows, forms, templates, hooks before a commit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from repositories import git
from web import change

from macros.model.organisation import Team
from macros.model.playbooks import Playbook
from macros.model.reading import Reading
from macros.model.values import Shape
from macros.sources import yaml_file

FORMS = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
FORM_CONFIG = ROOT / ".github/ISSUE_TEMPLATE/config.yml"
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"
HOOKS = ROOT / ".pre-commit-config.yaml"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
TEMPLATES = (ROOT / ".github/pull_request_template.md", ROOT / ".gitlab/merge_request_templates/Default.md")

SCHEMAS = {
    **dict.fromkeys(WORKFLOWS, "vendor.github-workflows"),
    **dict.fromkeys(FORMS, "vendor.github-issue-forms"),
    FORM_CONFIG: "vendor.github-issue-config",
    GITLAB: "vendor.gitlab-ci",
}
"""The schema that check-jsonschema brings for each file."""

TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
PINNED = re.compile(r"uses: ([\w-]+/[\w-]+)@([0-9a-f]{40}) # (v\d+)\.\d+\.\d+$")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=name)
each_form = pytest.mark.parametrize("path", FORMS, ids=name)


def read(path: Path) -> Any:
    """The value of a YAML file, read as strictly as the data: no tabs, anchors, tags or keys that stand twice."""
    found, problems = yaml_file.parse(path.read_bytes(), name(path))
    assert problems == []
    assert found is not None
    return found.value


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every job of the workflows, with its file and its name."""
    for path in WORKFLOWS:
        for job, value in read(path)["jobs"].items():
            yield f"{path.name}: {job}", value


def gitlab_jobs() -> dict[str, dict[str, Any]]:
    """Every job of the GitLab pipeline by its name."""
    return {job: value for job, value in read(GITLAB).items() if isinstance(value, dict) and "script" in value}


def run(*command: str | Path) -> str:
    """What a checker says of faults, or nothing where it finds none."""
    found = subprocess.run([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    return (found.stdout or f"exit code {found.returncode}") if found.returncode else ""


def tool(program: str) -> Path:
    """A program that the requirements of the tests bring."""
    return Path(sys.executable).with_name(program)


def against_schema(path: Path, of: Path | None = None) -> str:
    return run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[of or path], path)


def actionlint(path: Path, folder: Path) -> str:
    """What actionlint says. It knows the inputs of an action by its version, not by its commit."""
    text = re.sub(r"@[0-9a-f]{40} # (v\d+)\S*", r"@\1", path.read_text(encoding="utf-8"))
    named = folder / path.name
    named.write_text(text, encoding="utf-8")
    return run(tool("actionlint"), "-no-color", "-oneline", "-shellcheck=", "-pyflakes=", named)


def zizmor(path: Path) -> str:
    return run(tool("zizmor"), "--offline", "--no-progress", "--color=never", "--persona=pedantic", "--quiet", path)


def copy(path: Path, folder: Path, old: str, new: str) -> Path:
    """A copy of a file with other words in it, in a folder where checkers look for one of its kind."""
    made = folder / name(path)
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_bytes(path.read_bytes())
    change(made, old, new)
    return made


CHECK = ROOT / ".github/workflows/check.yml"


@pytest.mark.parametrize("path", [*SCHEMAS, HOOKS], ids=name)
def test_a_file_is_plain_yaml(path: Path) -> None:
    assert isinstance(read(path), dict)


@pytest.mark.parametrize("path", SCHEMAS, ids=name)
def test_a_file_has_the_shape_that_its_host_reads(path: Path) -> None:
    assert against_schema(path) == ""


@pytest.mark.parametrize(
    ("path", "old", "new", "fault"),
    [
        (CHECK, "timeout-minutes: 10", "timeout-minute: 10", "'timeout-minute'"),
        (GITLAB, "expire_in: 1 week", "expires_in: 1 week", "'expires_in' was unexpected"),
        (FORMS[0], "type: textarea", "type: text", "'text' is not one of"),
        (FORM_CONFIG, "blank_issues_enabled: true", "blank_issues_enabled: maybe", "'maybe' is not of type 'boolean'"),
    ],
    ids=["workflow", "GitLab", "form", "form config"],
)
def test_another_shape_is_seen(path: Path, old: str, new: str, fault: str, tmp_path: Path) -> None:
    assert fault in against_schema(copy(path, tmp_path, old, new), path)


@each_workflow
def test_actionlint_finds_nothing(path: Path, tmp_path: Path) -> None:
    assert actionlint(path, tmp_path) == ""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("fetch-depth: 0", "fetch-dept: 0", 'input "fetch-dept" is not defined in action "actions/checkout@v6"'),
        ("github.ref }}", "github.reff }}", 'property "reff" is not defined'),
        ("contents: read", "contents: reed", '"reed" is invalid'),
        ("runs-on: ubuntu-latest", "runs-on: ubuntu-latst", 'label "ubuntu-latst" is unknown'),
    ],
)
def test_actionlint_sees_a_fault(old: str, new: str, fault: str, tmp_path: Path) -> None:
    made = copy(CHECK, tmp_path, old, new)
    assert fault in actionlint(made, tmp_path)


@each_workflow
def test_an_audit_for_security_finds_nothing(path: Path) -> None:
    assert zizmor(path) == ""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("contents: read", "contents: write", "excessive-permissions"),
        ("@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2", "@v6", "unpinned-uses"),
        ("  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers"),
        ("run: make test", "run: echo ${{ github.event.pull_request.title }}", "template-injection"),
    ],
)
def test_the_audit_sees_a_fault(old: str, new: str, fault: str, tmp_path: Path) -> None:
    assert fault in zizmor(copy(CHECK, tmp_path, old, new))


@each_workflow
def test_every_action_is_pinned_to_a_commit_and_says_its_version(path: Path) -> None:
    used = [line.strip(" -") for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"[ -]*uses:", line)]
    assert used
    assert [line for line in used if not PINNED.fullmatch(line)] == []


def test_an_action_has_one_commit_everywhere() -> None:
    found = {match.groups() for path in WORKFLOWS for match in re.finditer(PINNED.pattern, path.read_text(), re.M)}
    assert len(found) == len({action for action, _, _ in found})


@each_workflow
def test_a_workflow_may_only_read(path: Path) -> None:
    assert read(path)["permissions"] == {"contents": "read"}


def test_only_the_jobs_that_publish_and_record_may_do_more() -> None:
    assert {job: value["permissions"] for job, value in jobs() if "permissions" in value} == {
        "figures.yml: record": {"contents": "write"},
        "publish.yml: publish": {"pages": "write", "id-token": "write"},
    }


def test_no_workflow_knows_a_secret() -> None:
    assert [path.name for path in WORKFLOWS if "secrets" in path.read_text(encoding="utf-8")] == []


@each_workflow
def test_a_workflow_runs_once_at_a_time_and_not_for_ever(path: Path) -> None:
    workflow = read(path)
    assert workflow["concurrency"].keys() == {"group", "cancel-in-progress"}
    assert all(job["timeout-minutes"] <= 60 for job in workflow["jobs"].values())


def test_a_publication_or_a_record_is_never_stopped_half_way() -> None:
    for workflow, job in (("publish.yml", "pages"), ("figures.yml", "record")):
        assert read(ROOT / ".github/workflows" / workflow)["concurrency"]["cancel-in-progress"] is False
        assert gitlab_jobs()[job]["interruptible"] is False


def test_workflows_run_when_they_are_wanted() -> None:
    triggers = {path.stem: read(path)["on"] for path in WORKFLOWS}
    assert {path: set(on) for path, on in triggers.items()} == {
        "check": {"pull_request", "push"},
        "publish": {"push", "schedule", "workflow_dispatch"},
        "links": {"schedule", "workflow_dispatch"},
        "figures": {"schedule", "workflow_dispatch"},
    }
    day, *weeks = (triggers[name]["schedule"][0]["cron"].split() for name in ("publish", "links", "figures"))
    assert day[2:] == ["*", "*", "*"]
    assert [week[2:] for week in weeks] == [["*", "*", "0"]] * 2
    assert int(weeks[1][1]) < int(day[1]), "what is recorded is published on the same day"
    assert triggers["check"]["push"] == triggers["publish"]["push"]


def test_workflows_call_targets_and_nothing_cleverer() -> None:
    commands = [(job, step["run"]) for job, value in jobs() for step in value["steps"] if "run" in step]
    assert sorted(commands) == [
        ("check.yml: data", 'make check ARGS="--format github --since"'),
        ("check.yml: data", 'make check ARGS="--format github"'),
        ("check.yml: site", "make site"),
        ("check.yml: test", "make test"),
        ("figures.yml: record", "git push"),
        ("figures.yml: record", "make record"),
        ("links.yml: links", 'make links ARGS="--format github"'),
        ("publish.yml: site", "make site"),
    ]
    assert {called(command) for _, command in commands if command != "git push"} <= TARGETS


def test_a_pull_request_is_told_of_what_it_changes_and_a_push_of_all() -> None:
    steps = [step for job, value in jobs() if job == "check.yml: data" for step in value["steps"] if "if" in step]
    assert {step["if"]: "--since" in step["run"] for step in steps} == {
        "github.event_name == 'pull_request'": True,
        "github.event_name != 'pull_request'": False,
    }


def called(command: str) -> str:
    """The one target that a command calls; any other command fails the test."""
    found = re.fullmatch(r'make (?:--silent )?([a-z]+)(?: [A-Z]+=(?:\w+|"[\w -]+"))*', command)
    assert found, f"not one make target: {command}"
    return found[1]


def test_gitlab_calls_the_same_targets() -> None:
    commands = {job: value["script"] for job, value in gitlab_jobs().items()}
    assert commands == {
        "check": ["make check"],
        "test": ["make test"],
        "site": ["make site"],
        "pages": ["make site OUTPUT=public"],
        "links": ["make links"],
        "record": ["make record", 'git push origin "HEAD:$CI_COMMIT_BRANCH"'],
    }
    assert {called(line) for lines in commands.values() for line in lines if line.startswith("make ")} <= TARGETS


@pytest.mark.parametrize("command", ["make test && curl x", "make test; rm -r .", "pip install x", "make check test"])
def test_a_cleverer_command_is_seen(command: str) -> None:
    with pytest.raises(AssertionError, match="not one make target"):
        called(command)


def test_every_checkout_has_the_whole_history_and_leaves_no_key_but_to_the_job_that_pushes() -> None:
    checkouts = {
        job: step["with"]
        for job, value in jobs()
        for step in value["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    }
    assert {*checkouts} == {job for job, value in jobs() if any("run" in step for step in value["steps"])}
    assert checkouts == {
        job: {"fetch-depth": 0, "persist-credentials": job == "figures.yml: record"} for job in checkouts
    }
    assert read(GITLAB)["variables"]["GIT_DEPTH"] == "0"


def test_git_reads_a_checkout_of_another_user_in_a_container() -> None:
    for job, value in jobs():
        given = {key: it for key, it in value.get("env", {}).items() if key.startswith("GIT_CONFIG")}
        wanted = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        assert given == (wanted if "container" in value else {}), job


def test_there_is_one_python_everywhere() -> None:
    asked = [
        step["with"]["python-version"] for _, job in jobs() for step in job["steps"] if "setup-python" in str(step)
    ]
    images = [job["container"] for _, job in jobs() if "container" in job] + [read(GITLAB)["image"]]
    lowest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert lowest
    assert {*asked} == {lowest[1]}
    assert {*images} == {f"python:{lowest[1]}-trixie"}


def test_what_is_published_is_what_was_built() -> None:
    uploads = {
        job: step["with"]["path"]
        for job, value in jobs()
        for step in value["steps"]
        if re.match(r"actions/upload(-pages)?-artifact@", step.get("uses", ""))
    }
    assert uploads == {"check.yml: site": "site/", "publish.yml: site": "site/"}
    assert {job: value["artifacts"]["paths"] for job, value in gitlab_jobs().items() if "artifacts" in value} == {
        "site": ["site"],
        "pages": ["public"],
    }


def test_gitlab_publishes_and_asks_addresses_when_it_is_time() -> None:
    found = {job: [*value["rules"]] for job, value in gitlab_jobs().items()}
    weekly = '$HANDBOOK_LINKS == "yes"'
    assert found["pages"] == [{"if": weekly, "when": "never"}, {"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]
    assert found["links"] == found["record"] == [{"if": f'$CI_PIPELINE_SOURCE == "schedule" && {weekly}'}]
    request = {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"', "variables": {"ARGS": "--since"}}
    assert found["check"] == [request, {"if": '$CI_PIPELINE_SOURCE != "schedule"'}]
    assert found["test"][0] == {"if": '$CI_PIPELINE_SOURCE == "schedule"', "when": "never"}


def test_the_tests_run_on_every_change() -> None:
    (runs,) = (step for _, value in jobs() for step in value["steps"] if step.get("run") == "make test")
    assert "if" not in runs
    assert gitlab_jobs()["test"]["rules"][1:] == [{"when": "on_success"}]


def test_figures_are_committed_where_there_are_new_ones(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "data").mkdir()
    author = read(ROOT / ".github/workflows/figures.yml")["jobs"]["record"]["env"]

    def record(line: str) -> list[str]:
        """The files of each commit, the last first, after the check has written this line."""
        check = f"RUN=echo '{line}' > data/figures.jsonl; :"
        made = subprocess.run(
            ["make", "--file", ROOT / "Makefile", "--old-file", ".venv/site", "record", check],
            cwd=tmp_path,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **author},
            capture_output=True,
            encoding="utf-8",
        )
        assert made.returncode == 0, made.stderr
        return git(tmp_path, "log", "--format=", "--name-only").split()

    (tmp_path / "draft.yaml").write_text("not asked for\n")
    git(tmp_path, "add", "draft.yaml")
    assert record("first") == ["data/figures.jsonl"]
    assert record("first") == ["data/figures.jsonl"]
    assert record("second") == ["data/figures.jsonl"] * 2


def test_the_stages_of_gitlab_are_those_of_its_jobs() -> None:
    assert [*dict.fromkeys(job["stage"] for job in gitlab_jobs().values())] == read(GITLAB)["stages"]


def test_gitlab_takes_the_name_of_the_preview() -> None:
    # GitLab refuses any other letters; the schema doesn't say so.
    assert re.fullmatch(r"\w[-\w ]*", gitlab_jobs()["site"]["artifacts"]["expose_as"])


def test_pre_commit_takes_its_hooks() -> None:
    assert run(tool("pre-commit"), "validate-config", HOOKS) == ""


def test_pre_commit_sees_a_wrong_hook(tmp_path: Path) -> None:
    assert "Missing required key: entry" in run(
        tool("pre-commit"), "validate-config", copy(HOOKS, tmp_path, "entry: .venv/bin/python", "entri: python")
    )


def test_hooks_call_what_looks_at_their_files() -> None:
    (repository,) = read(HOOKS)["repos"]
    assert repository["repo"] == "local"
    hooks = {hook["id"]: hook for hook in repository["hooks"]}
    assert called(hooks["lint"]["entry"]) in TARGETS
    assert not hooks["lint"]["pass_filenames"]
    interpreter, *command = hooks["check"]["entry"].split()
    assert interpreter == ".venv/bin/python"
    assert command == ["-m", "macros", "check"]
    assert hooks["check"].get("pass_filenames", True)
    looks_at = re.compile(hooks["check"]["files"])
    assert looks_at.search("data/teams/payments/team.yaml")
    assert looks_at.search("docs/contribute/index.md")
    assert not looks_at.search("tests/golden/data/organisation.yaml")


FORM_SHAPES: dict[str, tuple[type[Shape], set[str]]] = {
    "new-team": (Team, {"id"}),
    "new-playbook": (Playbook, {"team"}),
    "new-reading": (Reading, {"shelf"}),
}
"""What the file of a form holds, and what the form asks for besides: the place of the file."""


def fields(path: Path) -> dict[str, dict[str, Any]]:
    return {field["id"]: field for field in read(path)["body"] if field["type"] != "markdown"}


def is_required(field: dict[str, Any]) -> bool:
    return bool(field.get("validations", {}).get("required"))


def test_there_is_a_form_for_each_thing_and_for_problems() -> None:
    assert {path.stem for path in FORMS} == {*FORM_SHAPES, "problem"}


@pytest.mark.parametrize("form", FORM_SHAPES)
def test_a_form_asks_for_keys_of_its_kind(form: str) -> None:
    shape, place = FORM_SHAPES[form]
    assert fields(ROOT / f".github/ISSUE_TEMPLATE/{form}.yml").keys() - place <= shape.model_fields.keys()


@pytest.mark.parametrize("form", FORM_SHAPES)
def test_a_form_requires_what_its_file_must_have(form: str) -> None:
    shape, place = FORM_SHAPES[form]
    asked = fields(ROOT / f".github/ISSUE_TEMPLATE/{form}.yml")
    must = {key for key, field in shape.model_fields.items() if field.is_required()} - {"id", "path"}
    assert {key for key in must if key not in asked or not is_required(asked[key])} == set()
    assert place <= asked.keys()


def test_a_playbook_that_a_form_asks_for_is_one_that_counts() -> None:
    asked = fields(ROOT / ".github/ISSUE_TEMPLATE/new-playbook.yml")
    assert is_required(asked["diagnosis"])
    assert is_required(asked["mitigation"])


def test_a_form_offers_the_words_that_a_key_allows() -> None:
    offered = {
        id: field["attributes"]["options"]
        for id, field in fields(ROOT / ".github/ISSUE_TEMPLATE/new-reading.yml").items()
        if field["type"] == "dropdown"
    }
    del offered["shelf"]  # they are of the data
    assert offered == {key: [it.value for it in choices(key)] for key in ("kind", "language", "level", "cost")}


def choices(key: str) -> Any:
    return Reading.model_fields[key].annotation


@each_form
def test_a_form_speaks_both_languages(path: Path) -> None:
    form = read(path)
    said = [form["name"], form["description"], *(field["attributes"]["label"] for field in fields(path).values())]
    said += [field["attributes"][key] for field in form["body"] for key in ("value",) if key in field["attributes"]]
    said += [it["attributes"]["description"] for it in fields(path).values() if "description" in it["attributes"]]
    assert [
        it for it in said if not (re.search("[A-Za-z]{2}", it) and re.search("[\u3040-\u30ff\u4e00-\u9fff]", it))
    ] == []


@each_form
def test_a_form_has_one_label_and_begins_a_title(path: Path) -> None:
    form = read(path)
    assert form["labels"] == [path.stem.removeprefix("new-")]
    assert re.fullmatch(r"[A-Z][a-z ]+: ", form["title"])


def test_both_hosts_ask_a_reviewer_the_same() -> None:
    github, gitlab = (path.read_text(encoding="utf-8") for path in TEMPLATES)
    assert gitlab == github.replace("pull request", "merge request")
    assert len(re.findall(r"^- \[ \] .+ / .+$", github, re.M)) >= 5


@pytest.mark.parametrize("path", [CONTRIBUTING, *TEMPLATES], ids=name)
def test_a_command_that_contributors_are_told_is_there(path: Path) -> None:
    named = set(re.findall(r"`make ([a-z]+)", path.read_text(encoding="utf-8")))
    assert named
    assert named <= TARGETS


def test_contributing_leads_to_what_is_there_in_both_languages() -> None:
    english, japanese = CONTRIBUTING.read_text(encoding="utf-8").split("\n## 日本語\n")
    for part, suffix in ((english, ".md"), (japanese, ".ja.md")):
        links = re.findall(r"\]\(([^)]+)\)", part)
        assert [it for it in links if not (ROOT / it).exists()] == []
        assert {f"docs/contribute/{it}{suffix}" for it in ("index", "data", "rules")} <= set(links)
        assert "README.md" in links
        assert {"`make serve`", "`make test`"} <= set(re.findall(r"`[^`]+`", part))
