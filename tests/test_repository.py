"""Addresses at the host of the repository."""

from __future__ import annotations

import pytest

from macros.authoring import repository
from macros.model.organisation import Repository

GITHUB = Repository.model_validate({"address": "https://github.com/example/handbook"})
GITLAB = Repository.model_validate(
    {"address": "https://gitlab.example.com/sre/handbook/", "host": "gitlab", "branch": "live/ja"}
)


@pytest.mark.parametrize(
    ("host", "edit", "view"),
    [
        (
            GITHUB,
            "https://github.com/example/handbook/edit/main/data/organisation.yaml",
            "https://github.com/example/handbook/blob/main/data/organisation.yaml",
        ),
        (
            GITLAB,
            "https://gitlab.example.com/sre/handbook/-/edit/live/ja/data/organisation.yaml",
            "https://gitlab.example.com/sre/handbook/-/blob/live/ja/data/organisation.yaml",
        ),
        (None, None, None),
    ],
)
def test_the_addresses_of_a_file(host: Repository | None, edit: str | None, view: str | None) -> None:
    assert repository.edit_address(host, "data/organisation.yaml") == edit
    assert repository.view_address(host, "data/organisation.yaml") == view


@pytest.mark.parametrize("host", [GITHUB, GITLAB])
def test_a_line_is_a_fragment(host: Repository) -> None:
    whole = repository.view_address(host, "data/organisation.yaml")
    assert repository.view_address(host, "data/organisation.yaml", 12) == f"{whole}#L12"


def test_a_line_of_nothing_is_nothing() -> None:
    assert repository.view_address(None, "data/organisation.yaml", 12) is None


@pytest.mark.parametrize("path", ["/srv/data/organisation.yaml", "../data/organisation.yaml"])
def test_a_file_outside_the_repository_has_no_address(path: str) -> None:
    assert repository.edit_address(GITHUB, path) is None
    assert repository.view_address(GITHUB, path, 3) is None


@pytest.mark.parametrize(
    ("path", "quoted"), [("a b#c?.md", "a%20b%23c%3F.md"), ("決済.md", "%E6%B1%BA%E6%B8%88.md"), ("50%.md", "50%25.md")]
)
def test_a_path_is_quoted(path: str, quoted: str) -> None:
    assert repository.view_address(GITHUB, path) == f"https://github.com/example/handbook/blob/main/{quoted}"


def test_the_address_of_a_commit() -> None:
    assert repository.commit_address(GITHUB, "abc123") == "https://github.com/example/handbook/commit/abc123"
    assert repository.commit_address(GITLAB, "abc123") == "https://gitlab.example.com/sre/handbook/-/commit/abc123"
    assert repository.commit_address(None, "abc123") is None


def test_a_new_file_is_begun_at_its_place() -> None:
    path = "data/teams/a/journeys/b c.yaml"
    assert repository.new_address(GITHUB, path) == (
        "https://github.com/example/handbook/new/main?filename=data%2Fteams%2Fa%2Fjourneys%2Fb%20c.yaml"
    )
    address = repository.new_address(GITLAB, path)
    assert address is not None
    assert "/-/new/" in address
    assert address.endswith("?file_name=data%2Fteams%2Fa%2Fjourneys%2Fb%20c.yaml")
    assert repository.new_address(None, path) is None


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("", ""),
        ("name: a, b\n", "name:%20a,%20b%0A"),
        ("a&b=c#d/e?f+g%", "a%26b%3Dc%23d/e%3Ff%2Bg%25"),
        ("決済", "%E6%B1%BA%E6%B8%88"),
    ],
)
def test_a_new_file_is_begun_with_its_text_where_the_host_takes_it(text: str, quoted: str) -> None:
    path = "data/teams/a/playbooks/b.yaml"
    begun = repository.new_address(GITHUB, path)
    assert repository.new_file_address(GITHUB, path, text) == f"{begun}&value={quoted}"
    assert repository.new_file_address(GITLAB, path, text) == repository.new_address(GITLAB, path)
    assert repository.new_file_address(None, path, text) is None


@pytest.mark.parametrize(
    ("title", "quoted"),
    [
        ("Uploads fail", "Uploads%20fail"),
        ("a&b=c#d/e?f+g%", "a%26b%3Dc%23d%2Fe%3Ff%2Bg%25"),
        ("決済", "%E6%B1%BA%E6%B8%88"),
    ],
)
def test_an_issue_is_begun_with_its_title(title: str, quoted: str) -> None:
    assert repository.issue_address(GITHUB, title) == f"https://github.com/example/handbook/issues/new?title={quoted}"
    assert repository.issue_address(GITLAB, title) == (
        f"https://gitlab.example.com/sre/handbook/-/issues/new?issue[title]={quoted}"
    )
    assert repository.issue_address(None, title) is None


@pytest.mark.parametrize(
    ("letters", "text"), [(7_000, "a" * 7_000), (7_999, "short"), (100_000, "short")], ids=["fits", "too long", "far"]
)
def test_an_address_that_would_be_too_long_takes_the_next_text(letters: int, text: str) -> None:
    path = "data/teams/a/playbooks/b.yaml"
    begun = repository.new_address(GITHUB, path)
    assert repository.new_file_address(GITHUB, path, "a" * letters, "short") == f"{begun}&value={text}"


def test_the_length_of_an_address_is_that_of_what_is_sent() -> None:
    path = "a.yaml"
    assert len("決" * 1_000) < repository.LONGEST
    assert repository.new_file_address(GITHUB, path, "決" * 1_000) == repository.new_address(GITHUB, path)


def test_an_issue_is_begun_with_a_text() -> None:
    assert repository.issue_address(GITHUB, "A", "B&\nC") == (
        "https://github.com/example/handbook/issues/new?title=A&body=B%26%0AC"
    )
    assert repository.issue_address(GITLAB, "A", "B") == (
        "https://gitlab.example.com/sre/handbook/-/issues/new?issue[title]=A&issue[description]=B"
    )


def test_a_form_is_filled_in_by_the_ids_of_its_fields() -> None:
    assert repository.form_address(GITHUB, {"template": "problem.yml", "title": "A b", "page": "c&d"}) == (
        "https://github.com/example/handbook/issues/new?template=problem.yml&title=A%20b&page=c%26d"
    )
