"""What the editor knows: which schema a file is written to, shown by the language server that editors run."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import GOLDEN, ROOT, make_handbook, write_tree

from macros.__main__ import main
from macros.authoring import editor, skeletons
from macros.model.kinds import KINDS, Kind, schema
from macros.model.organisation import Team
from macros.text.problems import DataError

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)

SETTINGS = ".vscode/settings.json"
SERVER = ROOT / "tests/tools/node_modules/yaml-language-server/bin/yaml-language-server"
SECONDS = 120
"""How long an answer of the language server may take before the test gives up."""


def made_up(file: str) -> Kind:
    return Kind("odd-thing", Team, file, "", "odd thing")


def written_settings(text: str) -> dict[str, Any]:
    """Settings as VS Code reads them: JSON with comments."""
    found: dict[str, Any] = json.loads(re.sub(r"^//.*\n", "", text, flags=re.M))
    return found


@pytest.mark.parametrize(
    ("file", "glob", "up"),
    [
        ("glossary.yaml", "data/glossary.yaml", "../"),
        ("odd-things/<id>.yaml", "data/odd-things/*.yaml", "../../"),
        ("teams/<team>/team.yaml", "data/teams/*/team.yaml", "../../../"),
        ("teams/<team>/things/<id>.yaml", "data/teams/*/things/*.yaml", "../../../../"),
        ("teams/<team>/things/<own>.yaml", "data/teams/*/things/*.yaml", "../../../../"),
        ("teams/<team>/things/<file>.yaml", "data/teams/*/things/*.yaml", "../../../../"),
    ],
)
def test_a_star_stands_for_one_name(file: str, glob: str, up: str) -> None:
    kind = made_up(file)
    assert editor.glob(kind) == glob
    assert editor.modeline(kind) == f"# yaml-language-server: $schema={up}schemas/odd-thing.schema.json"


def test_settings_name_the_schema_of_each_kind_and_its_files() -> None:
    assert editor.settings([made_up("things/<id>.yaml"), KINDS["team"], KINDS["alerts"]]) == (
        "// Made by `make schema` from KINDS in macros/model/kinds.py; change it there.\n"
        "{\n"
        '  "yaml.schemas": {\n'
        '    "./schemas/odd-thing.schema.json": [\n'
        '      "data/things/*.yaml"\n'
        "    ],\n"
        '    "./schemas/team.schema.json": [\n'
        '      "data/teams/*/team.yaml"\n'
        "    ]\n"
        "  }\n"
        "}\n"
    )


def test_settings_leave_out_only_what_may_be_a_rule_file() -> None:
    wired = written_settings(editor.settings(KINDS.values()))["yaml.schemas"]
    assert {name for name in KINDS if f"./schemas/{name}.schema.json" not in wired} == {"alerts"}


@each_kind
def test_a_modeline_leads_from_a_file_to_the_schema(kind: Kind) -> None:
    place = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", editor.modeline(kind))
    assert place
    assert (
        os.path.normpath(Path(f"data/{kind.path('an-id', 'a-team')}").parent / place[1])
        == f"schemas/{kind.name}.schema.json"
    )


def test_the_settings_of_the_checkout_are_those_of_the_kinds() -> None:
    committed = (ROOT / SETTINGS).read_text(encoding="utf-8")
    with_schema = [it for it in KINDS.values() if (ROOT / editor.SCHEMAS / editor.schema_name(it)).is_file()]
    assert committed == editor.settings(with_schema), "the kinds changed: make schema"


def test_the_extension_that_the_settings_speak_to_is_recommended() -> None:
    wanted = json.loads((ROOT / ".vscode/extensions.json").read_text(encoding="utf-8"))["recommendations"]
    assert "redhat.vscode-yaml" in wanted


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the schema of each kind, as `make schema` writes them."""
    folder = tmp_path_factory.mktemp("schemas")
    assert main(["schema", "--output", str(folder)]) == 0
    return folder


def test_there_is_a_schema_for_each_kind_under_its_name(schemas: Path) -> None:
    assert {path.name for path in schemas.iterdir()} == {editor.schema_name(kind) for kind in KINDS.values()}


def test_the_schemas_of_the_checkout_are_those_of_the_kinds(schemas: Path) -> None:
    committed = ROOT / editor.SCHEMAS
    differing = [
        path.name
        for path in sorted(committed.iterdir())
        if not (schemas / path.name).is_file() or (schemas / path.name).read_bytes() != path.read_bytes()
    ]
    assert differing == [], "the model changed: make schema"


def test_every_schema_is_a_json_schema(schemas: Path) -> None:
    assert faults_of_schemas(sorted(schemas.iterdir())) == ""


def test_what_is_no_json_schema_is_seen(tmp_path: Path) -> None:
    wrong = {**schema(KINDS["team"]), "required": "name"}
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(wrong), encoding="utf-8")
    assert "'name' is not of type 'array'" in faults_of_schemas([path])


def faults_of_schemas(paths: list[Path]) -> str:
    """What check-jsonschema says of schemas, or nothing."""
    command = [sys.executable, "-m", "check_jsonschema", "--check-metaschema", *map(str, paths)]
    found = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    return (found.stdout or f"exit code {found.returncode}") if found.returncode else ""


class LanguageServer:
    """A YAML language server in a folder, spoken to as an editor does: JSON-RPC over its standard streams."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        settings = folder / SETTINGS
        self._settings = written_settings(settings.read_text(encoding="utf-8")) if settings.exists() else {}
        self._process = subprocess.Popen(
            ["node", str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self._received: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._last_id = 0
        place = {"uri": folder.as_uri(), "name": folder.name}
        self.request(
            "initialize",
            processId=os.getpid(),
            rootUri=folder.as_uri(),
            workspaceFolders=[place],
            capabilities={
                "workspace": {"configuration": True, "workspaceFolders": True},
                "textDocument": {"hover": {"contentFormat": ["markdown"]}},
            },
        )
        self._send(method="initialized", params={})

    def close(self) -> None:
        try:
            self.request("shutdown")
            self._send(method="exit")
            self._process.wait(SECONDS)
        finally:
            self._process.kill()
            self._reader.join()
            self._process.communicate()

    def open(self, path: str, text: str) -> list[tuple[int, int, str]]:
        """Open a file with this text; returns the line, the column (from 1) and the words of each red line."""
        uri = (self._folder / path).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send(method="textDocument/didOpen", params={"textDocument": document})
        told = self._until(
            lambda it: it.get("method") == "textDocument/publishDiagnostics" and it["params"]["uri"] == uri
        )
        return [
            (it["range"]["start"]["line"] + 1, it["range"]["start"]["character"] + 1, it["message"])
            for it in told["params"]["diagnostics"]
        ]

    def ask(self, what: str, path: str, line: int, column: int) -> Any:
        """The answer to a question about a place (from 1) in an open file: `hover`, `completion`."""
        return self.request(
            f"textDocument/{what}",
            textDocument={"uri": (self._folder / path).as_uri()},
            position={"line": line - 1, "character": column - 1},
        )

    def request(self, method: str, **params: Any) -> Any:
        self._last_id += 1
        wanted = self._last_id
        self._send(id=wanted, method=method, **({"params": params} if params else {}))
        answer = self._until(lambda it: it.get("id") == wanted and "method" not in it)
        assert "error" not in answer, answer
        return answer["result"]

    def _until(self, is_wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message that is wanted. What the server asks on the way is answered, the rest passed over."""
        end = time.monotonic() + SECONDS
        while True:
            message = self._received.get(timeout=max(0.0, end - time.monotonic()))
            assert message, "the language server has ended"
            if message.get("method") == "workspace/configuration":
                sections = [self._section(it["section"]) for it in message["params"]["items"]]
                self._send(id=message["id"], result=sections)
            elif "method" in message and "id" in message:
                self._send(id=message["id"], result=None)
            if is_wanted(message):
                return message

    def _section(self, name: str) -> dict[str, Any]:
        """A section of the checkout's settings; the catalogue of schemas in the network stays out of a test."""
        given = {
            key.removeprefix(f"{name}."): value for key, value in self._settings.items() if key.startswith(f"{name}.")
        }
        usual = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        return {**usual, **given} if name == "yaml" else given

    def _send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout
        while head := self._process.stdout.readline():
            length = int(head.partition(b":")[2])
            while self._process.stdout.readline().strip():
                pass
            self._received.put(json.loads(self._process.stdout.read(length)))
        self._received.put({})


@pytest.fixture(scope="module")
def server(schemas: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """A language server in a checkout with the settings and the schemas, which no test changes."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / editor.SCHEMAS).symlink_to(schemas)
    write_tree(folder, {SETTINGS: editor.settings(KINDS.values())}, base=False)
    found = LanguageServer(folder)
    yield found
    found.close()


@pytest.fixture
def team_file(request: pytest.FixtureRequest) -> str:
    """The path of a team's file that no other test opens."""
    return f"data/teams/{re.sub('[^a-z]+', '-', request.node.name)}/team.yaml"


def test_a_right_file_has_no_red_line(server: LanguageServer, team_file: str) -> None:
    assert server.open(team_file, (GOLDEN / "data/teams/complete/team.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('name: Payments\nchannel: "#p"\nmisson: Charge\n', 3, 1, "Property misson is not allowed."),
        ("name: Payments\n", 1, 1, 'Missing property "channel".'),
        ('name: 7\nchannel: "#p"\n', 1, 7, 'Incorrect type. Expected "string | object(Team)".'),
        ("name: Payments\nchannel: [p]\n", 2, 10, 'Incorrect type. Expected "string".'),
        (
            'name: Payments\nchannel: "#p"\ndashboard_review:\n  every: dayly\n',
            4,
            10,
            'Value is not accepted. Valid values: "daily", "weekly", "fortnightly", "monthly", "quarterly".',
        ),
        (
            'name: Payments\nchannel: "#p"\ncontacts:\n  - role: Lead\n    chanel: x\n    channel: y\n',
            5,
            5,
            "Property chanel is not allowed.",
        ),
    ],
    ids=["unknown key", "missing key", "number", "list", "unknown word", "unknown key in a list"],
)
def test_a_red_line_stands_where_check_points(
    text: str, line: int, column: int, words: str, server: LanguageServer, team_file: str, tmp_path: Path
) -> None:
    assert server.open(team_file, text) == [(line, column, words)]
    with pytest.raises(DataError) as raised:
        make_handbook(tmp_path, {"teams/payments/team.yaml": text})
    assert [(problem.line, problem.column) for problem in raised.value.problems] == [(line, column)]


def test_keys_that_are_not_there_yet_are_offered(server: LanguageServer, team_file: str) -> None:
    server.open(team_file, 'name: Payments\nchannel: "#p"\n\n')
    offered = server.ask("completion", team_file, 3, 1)["items"]
    assert {it["label"] for it in offered} == schema(KINDS["team"])["properties"].keys() - {"name", "channel"}
    assert {it["label"]: it["documentation"] for it in offered}["mission"] == Team.model_fields["mission"].description


def test_words_that_a_key_allows_are_offered(server: LanguageServer, team_file: str) -> None:
    server.open(team_file, 'name: Payments\nchannel: "#p"\ndashboard_review:\n  every: \n')
    offered = server.ask("completion", team_file, 4, 10)["items"]
    assert [it["label"] for it in offered] == ["daily", "weekly", "fortnightly", "monthly", "quarterly"]


def test_a_key_explains_itself(server: LanguageServer, team_file: str) -> None:
    server.open(team_file, 'name: Payments\nchannel: "#p"\n')
    assert server.ask("hover", team_file, 2, 3)["contents"]["value"].startswith(
        "#### Channel\n\nWhere anyone can reach the team.\n\nExample:\n\n"
    )


def test_files_in_each_folder_have_the_schema_of_their_kind(server: LanguageServer) -> None:
    for kind in (it for it in KINDS.values() if not it.is_mixed):
        path = editor.glob(kind).replace("*", "made-up")
        told = {words for _, _, words in server.open(path, "no_such_key: 1\n")}
        missing = {f'Missing property "{key}".' for key in schema(kind)["required"]}
        assert told == missing | {"Property no_such_key is not allowed."}, path


def test_a_rule_file_is_left_alone(server: LanguageServer) -> None:
    rules = "groups:\n  - name: a\n    rules:\n      - alert: TillDown\n        expr: up == 0\n"
    assert server.open("data/teams/payments/alerts/rules.yaml", rules) == []


def test_a_list_of_alerts_with_a_modeline_has_its_schema(server: LanguageServer) -> None:
    text = f"{editor.modeline(KINDS['alerts'])}\nsource: The bank\nalerts:\n  - name: Down\n    urgency: pager\n"
    assert server.open("data/teams/payments/alerts/bank.yaml", text) == [
        (5, 14, 'Value is not accepted. Valid values: "page", "ticket".')
    ]


@pytest.fixture(scope="module")
def plain_server(schemas: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """A language server in a checkout with the schemas and no settings, as in an editor that isn't VS Code."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / editor.SCHEMAS).symlink_to(schemas)
    found = LanguageServer(folder)
    yield found
    found.close()


@each_kind
def test_a_skeleton_tells_any_editor_its_schema(kind: Kind, plain_server: LanguageServer) -> None:
    path = f"data/{kind.path('new-one', 'payments')}"
    text = f"{skeletons.of_kind(kind)}no_such_key: 1\n"
    words = {words for _, _, words in plain_server.open(path, text)}
    assert "Property no_such_key is not allowed." in words
    assert not [it for it in words if "schema" in it]


def test_without_settings_a_file_without_a_modeline_has_no_schema(plain_server: LanguageServer) -> None:
    assert plain_server.open("data/teams/street/team.yaml", "no_such_key: 1\n") == []


def test_keys_are_offered_in_a_skeleton_without_settings(plain_server: LanguageServer) -> None:
    text = f'{editor.modeline(KINDS["team"])}\nname: Payments\nchannel: "#p"\n\n'
    plain_server.open("data/teams/avenue/team.yaml", text)
    offered = plain_server.ask("completion", "data/teams/avenue/team.yaml", 4, 1)["items"]
    assert {it["label"] for it in offered} == schema(KINDS["team"])["properties"].keys() - {"name", "channel"}
