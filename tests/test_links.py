"""Links as templates write them: from the page that they stand on, and out of the handbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import Content, make_site
from rendered import written

from macros.model.organisation import Service
from macros.model.values import Text
from macros.site.render import Edition

JAPANESE = Text.model_validate({"ja": "検索"})

FILES: dict[str, Content] = {
    "organisation.yaml": (
        "name: Example\nlanguage: en\nchat: {name: Chat, channel_address: 'https://chat.example.com/c/?x=1&name='}\n"
        "repository: {address: 'https://git.example.com/handbook'}\n"
    ),
    "teams/payments/services/till.yaml": "name: Till & co\nsummary: Takes coins\n",
    "teams/shop/team.yaml": "name: Shop\nchannel: x\nmission: M\n",
}


@pytest.fixture
def site(tmp_path: Path) -> Edition:
    return make_site(tmp_path, FILES)


def test_links_and_addresses_in_templates(site: Edition) -> None:
    service = site.handbook.get(Service, "till")
    here: dict[str, Any] = {"address": "teams/payments/", "service": service}
    assert written(site, "{{ links.href(service, 'missing') }}", **here) == "../../services/till/#missing"
    assert written(site, "{{ links.href('team-types/') }}", **here) == "../../team-types/"
    assert written(site, "{{ links.to(service) }}", **here) == '<a href="../../services/till/">Till &#38; co</a>'
    assert written(site, "{{ links.outside('A', 'https://example.com/?a=1&b=2') }}") == (
        '<a href="https://example.com/?a=1&#38;b=2">A</a>'
    )
    assert written(site, "{{ links.outside(text, none) }}", text=JAPANESE) == '<span lang="ja">検索</span>'
    assert written(site, "{{ repository.view_address('data/a.yaml', 3) }}") == (
        "https://git.example.com/handbook/blob/main/data/a.yaml#L3"
    )
    assert (
        written(site, "{{ repository.edit_address('data/a.yaml') }}")
        == "https://git.example.com/handbook/edit/main/data/a.yaml"
    )


@pytest.mark.parametrize(
    ("name", "html"),
    [
        ("#shop", '<a href="https://chat.example.com/c/?x=1&#38;name=shop">&#35;shop</a>'),
        ("shop@example.com", "shop@example.com"),
    ],
)
def test_a_channel_is_a_link_where_it_is_one_of_the_chat(name: str, html: str, site: Edition) -> None:
    assert written(site, "{{ links.channel(name) }}", name=name) == html


def test_a_channel_is_a_name_where_the_chat_has_no_address(tmp_path: Path) -> None:
    assert written(make_site(tmp_path), "{{ links.channel('#shop') }}") == "&#35;shop"


@pytest.mark.parametrize(("language", "way"), [("en", "../../exports/x.yaml"), ("ja", "../../../exports/x.yaml")])
def test_an_export_stands_once_outside_the_other_editions(language: str, way: str, tmp_path: Path) -> None:
    template = make_site(tmp_path, language=language).environment.from_string("{{ links.export('exports/x.yaml') }}")
    assert template.render(address="journeys/a/") == way
