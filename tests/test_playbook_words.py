"""The words of a playbook: names in braces become chips and blanks, channels become links, the rest stays text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import make_site
from markupsafe import Markup

from macros.model.values import Text
from macros.site.links import Links
from macros.site.playbook_words import Words
from macros.site.writing import Writer

FILES = {
    "organisation.yaml": (
        'name: Example\nlanguage: en\nchat: {name: Chat, channel_address: "https://chat.example.com/"}\n'
    ),
    "teams/payments/services/till.yaml": "name: Till\nsummary: S\n",
    "teams/payments/playbooks/till-down.yaml": (
        "name: Till is down\nservice: till\n"
        "variables: [{name: pod, description: The pod, example: a}]\n"
        "diagnosis: [{do: Look}, {id: logs, do: 'Read \"all\" <logs>'}]\n"
        "mitigation: [{id: bulk-off, do: {en: Switch bulk off, ja: 一括を止める}}, {do: Wait}]\n"
    ),
}
BULK = '<a class="chip" href="#bulk-off" title="Switch bulk off">M1</a>'
LOGS = '<a class="chip" href="#logs" title="Read &#34;all&#34; &lt;logs&gt;">D2</a>'
POD = '<span class="blank" data-variable="pod">{pod}</span>'


def words(folder: Path, language: str = "en", within: str = "") -> Words:
    handbook = make_site(folder, FILES).handbook
    links = Links(handbook, Writer(language))
    return Words(handbook, language, links, handbook.playbooks[0], "Call", within)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("{bulk-off} or {logs}", f"{BULK} or {LOGS}"),
        ("In {pod}, {unknown} {0}", f"In {POD}, {{unknown}} {{0}}"),
        ("then {escalate}", 'then <a class="chip" href="#escalation" title="Call">Call</a>'),
        ("a < b & {pod}", f"a &lt; b &amp; {POD}"),
        ("${pod} {{pod}} {print $1} {.items}", "${pod} {{pod}} {print $1} {.items}"),
        ("in #payments.", 'in <a href="https://chat.example.com/payments">&#35;payments</a>.'),
        ("#paymentsに書く", '<a href="https://chat.example.com/payments">&#35;payments</a>に書く'),
        ("#other, a#payments, #payments-2", "#other, a#payments, #payments-2"),
    ],
)
def test_a_text_has_chips_and_blanks_and_channels(text: str, html: str, tmp_path: Path) -> None:
    assert words(tmp_path).text(Text.model_validate({"en": text})) == html


@pytest.mark.parametrize(
    ("command", "html"),
    [
        ("kubectl logs {pod} -o jsonpath='{.items}'", f"kubectl logs {POD} -o jsonpath=&#39;{{.items}}&#39;"),
        ("awk '{print $1}' ${pod}", "awk &#39;{print $1}&#39; ${pod}"),
        ("echo {bulk-off} {escalate} #payments", "echo {bulk-off} {escalate} #payments"),
        ("a <b>\n  & {pod}\n", f"a &lt;b&gt;\n  &amp; {POD}\n"),
        (None, ""),
    ],
)
def test_a_command_has_blanks_alone_and_stays_as_it_is(command: str | None, html: str, tmp_path: Path) -> None:
    written = words(tmp_path).command(command)
    assert isinstance(written, Markup)
    assert written == html


def test_a_text_in_the_other_language_says_so_around_its_chips(tmp_path: Path) -> None:
    chip = BULK.replace("Switch bulk off", "一括を止める")
    found = words(tmp_path, "ja").text(Text.model_validate({"en": "See {bulk-off}"}))
    assert found == f'<span lang="en">See {chip}</span>'


def test_the_anchors_of_a_playbook_among_others_begin_with_what_is_given(tmp_path: Path) -> None:
    found = words(tmp_path, within="till-").text(Text.model_validate({"en": "{bulk-off} {escalate}"}))
    assert re.findall('href="([^"]*)"', found) == ["#till-bulk-off", "#till-escalation"]


def test_steps_are_numbered_by_their_part(tmp_path: Path) -> None:
    numbered = {key: number for key, (number, _) in words(tmp_path).numbered.items()}
    assert numbered == {"diagnosis-1": "D1", "logs": "D2", "bulk-off": "M1", "mitigation-2": "M2"}
