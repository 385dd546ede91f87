"""The picture of engagements: where each bar and its words stand, and what its table says of them."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from conftest import SET_UPS, Content, make_handbook, make_site
from markupsafe import Markup
from pictures_checked import ends, faults
from rendered import Document
from web import Html

from macros.handbook.graph import Handbook
from macros.site import engagement_picture
from macros.site.drawing import LINE, Picture
from macros.site.page_macros import MACROS, Author

GOALS = "goals: [{id: a, what: A, state: met}, {id: b, what: B}, {id: c, what: C, state: dropped}]\n"
FILES: dict[str, Content] = {
    **SET_UPS,
    "teams/payments/engagements/ended.yaml": (
        "name: Ended\ntype: enabling\nrole: R\nstart: 2026-09-01\nend: 2026-10-31\noutcome: Done\n"
    ),
    "teams/payments/engagements/endless.yaml": "name: Endless\ntype: enabling\nrole: R\nstart: 2026-10-10\n",
    "teams/payments/engagements/over.yaml": (
        "name: Over\ntype: enabling\nrole: R\nstart: 2026-10-12\nend: 2026-11-23\n"
    ),
    "teams/payments/engagements/running.yaml": (
        f"name: Running\ntype: enabling\nrole: R\nstart: 2026-11-02\nend: 2027-01-29\n{GOALS}"
    ),
    "teams/payments/engagements/planned.yaml": (
        "name: {en: Planned, ja: 予定の支援}\ntype: enabling\nrole: R\nstart: 2027-01-11\nend: 2027-01-15\n"
    ),
}
LABELS = [
    "Ended · Payments · no goals · ended",
    "Endless · Payments · no goals · no end date",
    "Over · Payments · no goals · 1 day over",
    "Running · Payments · goals met: 1 of 2 · 66 days left",
    "Planned · Payments · no goals · begins in 48 days",
]


def table(folder: Path, language: str = "en") -> Html:
    return Html(str(MACROS["engagement_timeline"](Author(make_site(folder, FILES, language), "engagements/"))))


def drawn(handbook: Handbook) -> Picture:
    return engagement_picture.picture(handbook, lambda own: Markup(own.id))


def test_each_bar_is_a_link_below_its_words(tmp_path: Path) -> None:
    html = table(tmp_path)
    assert [title.text for title in html.all("title")] == LABELS
    assert [link.attributes.get("xlink:href") for link in html.all("a")][:5] == [
        f"../teams/payments/engagements/{name}/" for name in ("ended", "endless", "over", "running", "planned")
    ]
    words = [it.text for it in html.all("text")]
    assert words == ["2026-09", "2026-10", "2026-11", "2026-12", "2027-01", *LABELS]


def test_the_table_says_what_the_picture_shows(tmp_path: Path) -> None:
    rows = [Document(str(row)).text for row in str(table(tmp_path).source).split("<tr")[2:]]
    for label, row in zip(LABELS, reversed(rows), strict=True):
        name, team, goals, left = label.split(" · ")
        assert [words for words in (name, team, goals, left) if words not in row] == []


def test_bars_and_words_lie_on_nothing_else(tmp_path: Path) -> None:
    picture = drawn(make_handbook(tmp_path, FILES))
    assert len(picture.boxes) == 5
    assert faults(picture) == []
    rows = [(own.y - LINE, own.y, *ends(own)) for own in picture.words]
    rows += [(box.y, box.y + box.height, box.x, box.x + box.width) for box in picture.boxes]
    over = [
        (one, other)
        for one, other in combinations(rows, 2)
        if max(one[0], other[0]) < min(one[1], other[1]) and max(one[2], other[2]) < min(one[3], other[3])
    ]
    assert over == []
    assert [box.look for box in picture.boxes] == ["bar", "missing", "bad bar", "good bar", ""]


def one(folder: Path, start: str, end: str) -> Picture:
    return drawn(
        make_handbook(
            folder,
            {
                **SET_UPS,
                "teams/payments/engagements/one.yaml": (
                    f"name: One\ntype: enabling\nrole: R\nstart: {start}\nend: {end}\noutcome: Done\n"
                ),
            },
        )
    )


@pytest.mark.parametrize(
    ("start", "end", "bar"),
    [
        ("2026-11-01", "2026-11-30", (0, 800)),
        ("2026-11-30", "2026-11-30", (773, 27)),
        ("2026-10-05", "2026-10-31", (52, 355)),
        ("2026-12-31", "2027-01-01", (522, 17)),
    ],
)
def test_a_bar_reaches_from_the_first_day_to_the_end_of_the_last(
    tmp_path: Path, start: str, end: str, bar: tuple[int, int]
) -> None:
    (box,) = one(tmp_path, start, end).boxes
    assert (box.x, box.width) == bar


@pytest.mark.parametrize(
    ("start", "months"),
    [
        ("2026-10-05", ["2026-10", "2026-11"]),
        ("2026-04-15", [f"2026-{month:02}" for month in range(4, 12)]),
        ("2026-03-31", ["2026-03", "2026-06", "2026-09"]),
    ],
)
def test_each_month_is_named_up_to_eight_and_every_third_beyond(tmp_path: Path, start: str, months: list[str]) -> None:
    assert [label.text for label in one(tmp_path, start, start).words[:-1]] == months


def test_words_that_would_leave_the_picture_end_where_it_does(tmp_path: Path) -> None:
    picture = engagement_picture.picture(make_handbook(tmp_path, FILES), lambda own: Markup(own.id * 9))
    names, bars = picture.words[-5:], picture.boxes
    assert [own.x for own in names[:3]] == [bar.x for bar in bars[:3]]
    assert ends(names[4])[1] == engagement_picture.WIDTH
    long = engagement_picture.picture(make_handbook(tmp_path / "long", FILES), lambda own: Markup(own.id * 50))
    assert faults(long) == []


def test_of_many_the_picture_has_the_latest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engagement_picture, "MOST", 2)
    html = table(tmp_path)
    assert [title.text for title in html.all("title")] == LABELS[-2:]
    assert "The picture has the latest." in Document(html.source).text


def test_without_an_engagement_there_is_no_picture(tmp_path: Path) -> None:
    html = Html(str(MACROS["engagement_timeline"](Author(make_site(tmp_path), "engagements/"))))
    assert html.all("svg") == []
