"""Addresses: an alert's name as a folder, what a whole address asks for."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from conftest import golden_handbook
from hypothesis import given
from hypothesis import strategies as st

from macros.handbook import addresses

NAMES = st.text(min_size=1, max_size=300).filter(lambda name: name.strip() == name)


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("ZukuraUploadErrors", "ZukuraUploadErrors"),
        ("disk-full_1.5", "disk-full_1.5"),
        ("Disk full (90 %)", "Disk full (90 %)"),
        ("ディスク不足", "ディスク不足"),
        ("Disk: /var", "Disk~3A ~2Fvar"),
        ("a\\b", "a~5Cb"),
        ("..", "~2E~2E"),
        (".hidden", "~2Ehidden"),
        ("ends.", "ends~2E"),
        ("~tilde", "~7Etilde"),
        ("new\nline", "new~0Aline"),
        ('<b>"x"|y?*', "~3Cb~3E~22x~22~7Cy~3F~2A"),
        ("index.html", "~69ndex.html"),
        ("INDEX.html", "~49NDEX.html"),
    ],
)
def test_the_short_address_of_an_alert_is_a_folder_that_every_file_system_takes(name: str, folder: str) -> None:
    assert addresses.go(name) == f"go/{folder}/"


@given(NAMES)
def test_a_short_address_leaves_no_folder_and_fits_in_one(name: str) -> None:
    folder = addresses.go(name).removeprefix("go/").removesuffix("/")
    assert folder
    assert not set(folder) & set('/\\:*?"<>|\0\n')
    assert folder not in (".", "..", "index.html")
    assert len(folder.encode()) <= addresses.MOST_BYTES


@given(NAMES, NAMES)
def test_two_names_have_two_short_addresses(one: str, other: str) -> None:
    assert (addresses.go(one) == addresses.go(other)) == (one == other)


def test_a_long_name_is_cut_and_stays_apart_from_its_like() -> None:
    one, other = addresses.go("長" * 200), addresses.go("長" * 201)
    assert one != other
    assert len(one.encode()) <= addresses.MOST_BYTES + len("go//")


@pytest.mark.parametrize(
    ("site", "language", "whole"),
    [
        ("https://h.example.com/", "en", "https://h.example.com/go/Disk%20full/"),
        ("https://h.example.com/book", "ja", "https://h.example.com/book/ja/go/Disk%20full/"),
        (None, "en", ""),
    ],
)
def test_an_address_for_others_is_whole(site: str | None, language: str, whole: str) -> None:
    assert addresses.whole(site, language, addresses.go("Disk full")) == whole


def test_a_place_on_a_page_stays_behind_its_hash() -> None:
    whole = addresses.whole("https://h.example.com", "en", "journeys/pay/#slo-latency")
    assert whole == "https://h.example.com/journeys/pay/#slo-latency"


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://h.example.com/book/", ""),
        ("https://h.example.com/book", ""),
        ("https://H.example.com/book/playbooks/a/", "playbooks/a/"),
        ("https://h.example.com/book/playbooks/a", "playbooks/a/"),
        ("http://h.example.com/book/playbooks/a/index.html#mitigation-1", "playbooks/a/"),
        ("https://h.example.com/book/ja/playbooks/a/?x=1", "playbooks/a/"),
        ("https://h.example.com/book/playbooks/a/?pod={{ $labels.pod | urlquery }}#from-A", "playbooks/a/"),
        ("https://h.example.com/book/playbooks/a#from-{{ $labels.name }}", "playbooks/a/"),
        ("https://h.example.com/book/go/Disk%20Full/", "go/disk full/"),
        ("https://h.example.com/book/Playbooks/a/", "Playbooks/a/"),
        ("https://h.example.com/bookshop/", None),
        ("https://h.example.com/", None),
        ("https://other.example.com/book/playbooks/a/", None),
        ("https://h.example.com/book/go/{{ $labels.name }}/", None),
        ("", None),
        ("not an address", None),
        ("https://[h.example.com/book/", None),
    ],
)
def test_what_a_whole_address_asks_for(url: str, asked: str | None) -> None:
    assert addresses.within("https://h.example.com/book/", url) == asked


@pytest.mark.parametrize(
    ("name", "anchor"), [("DiskFull", "from-DiskFull"), ("Disk full: /var", "from-Disk~20full~3A~20~2Fvar")]
)
def test_an_alert_has_an_anchor_that_any_page_can_have(name: str, anchor: str) -> None:
    assert addresses.from_alert(name) == anchor


def test_a_query_has_an_address_where_prometheus_has_one() -> None:
    query = 'sum(x{a="b c"}) > 1 & y'
    url = addresses.graph("https://prometheus.example.com/p/", query)
    assert url.startswith("https://prometheus.example.com/p/graph?g0.expr=")
    assert parse_qs(urlsplit(url).query) == {"g0.expr": [query], "g0.tab": ["0"]}
    assert addresses.graph(None, query) == ""


def test_without_a_site_no_address_is_one_of_its() -> None:
    assert addresses.within(None, "https://h.example.com/") is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://wiki.example.com/x", "wiki.example.com"),
        ("HTTP://Wiki.example.com:8443/x?a=1#b", "wiki.example.com"),
        ("https://h.example.com/elsewhere/", "h.example.com"),
        ("https://h.example.com/book/gone/", ""),
        ("https://h.example.com/book/playbooks/a/?pod={{ $labels.pod | urlquery }}#from-A", ""),
        # What Prometheus fills in may stand anywhere; the host, and whether it is ours, must be there without it.
        ("https://wiki.example.com/{{ $labels.alertname }}", "wiki.example.com"),
        ("https://h.example.com/book/go/{{ $labels.alertname }}/", ""),
        ("https://wiki{{ $labels.region }}.example.com/x", ""),
        ("https://wiki-{{.region}}.example.com/x", ""),
        ("{{ $externalURL }}/x", ""),
        ("", ""),
        ("see the wiki", ""),
        ("/runbooks/x", ""),
        ("https:///x", ""),
        ("https://[x/", ""),
        ("javascript:alert(1)//https://wiki.example.com/", ""),
        ("mailto:a@example.com", ""),
    ],
)
def test_the_host_that_an_address_outside_leads_to(url: str, host: str) -> None:
    assert addresses.host_outside("https://h.example.com/book/", url) == host


def test_without_a_site_every_web_address_is_outside() -> None:
    assert addresses.host_outside(None, "https://h.example.com/") == "h.example.com"


def test_what_is_written_for_others_is_what_they_ask_for() -> None:
    site, address = "https://h.example.com/a/", addresses.go("Disk: /var 満杯")
    whole = addresses.whole(site, "ja", address)
    assert unquote(urlsplit(whole).path) == f"/a/ja/{address}"
    assert addresses.within(site, whole) == address.lower()


@pytest.mark.parametrize(
    ("address", "target", "way"),
    [
        ("", "teams/", "teams/"),
        ("", "teams/ai/", "teams/ai/"),
        ("teams/", "teams/ai/", "ai/"),
        ("teams/ai/", "teams/", "../"),
        ("teams/ai/", "", "../../"),
        ("teams/ai/", "services/search/", "../../services/search/"),
        ("teams/ai/", "teams/ai/", "./"),
        ("teams/ai/", "teams/ai/#missing", "./#missing"),
        ("", "", "./"),
        ("", "#top", "./#top"),
        ("teams/ai/", "services/search/#pain-a", "../../services/search/#pain-a"),
        ("teams/ai/", "assets/x.png", "../../assets/x.png"),
    ],
)
def test_the_way_from_a_page_to_another(address: str, target: str, way: str) -> None:
    assert addresses.relative(address, target) == way


def test_the_address_of_an_entity() -> None:
    handbook = golden_handbook()
    for kind, id, address in (
        ("team", "complete", "teams/complete/"),
        ("service", "needs-back", "services/needs-back/"),
        ("case-study", "sparse-case", "team-types/case-studies/sparse-case/"),
        ("engagement", "ended", "teams/complete/engagements/ended/"),
    ):
        entity = handbook.find(kind, id)
        assert entity is not None
        assert addresses.of(entity) == address
        assert addresses.of(entity, "before") == address.replace(f"/{id}/", "/before/")
