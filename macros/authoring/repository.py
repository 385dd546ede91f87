"""Addresses at the host of the handbook's own repository. Without a repository there are none."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from macros.model.organisation import Repository, RepositoryHost


def edit_address(repository: Repository | None, path: str) -> str | None:
    """Where `path` (from the root of the repository) is edited in the browser."""
    return _address(repository, "edit", path)


def view_address(repository: Repository | None, path: str, line: int | None = None) -> str | None:
    """Where `path` is shown, at `line` where one is given."""
    address = _address(repository, "blob", path)
    return f"{address}#L{line}" if address and line else address


def commit_address(repository: Repository | None, commit: str) -> str | None:
    """Where a commit is shown."""
    if repository is None:
        return None
    middle = "-/" if repository.host is RepositoryHost.GITLAB else ""
    return f"{repository.address.rstrip('/')}/{middle}commit/{quote(commit, safe='')}"


def new_address(repository: Repository | None, path: str) -> str | None:
    """Where a new file at `path` is begun in the browser; its text can follow as `&value=` at GitHub."""
    if repository is None:
        return None
    gitlab = repository.host is RepositoryHost.GITLAB
    middle, name = ("-/", "file_name") if gitlab else ("", "filename")
    return f"{repository.address.rstrip('/')}/{middle}new/{quote(repository.branch)}?{name}={quote(path, safe='')}"


LONGEST = 8000
"""How many bytes an address may have: GitHub refuses a longer one. A Japanese letter takes nine of them."""


def takes_text(repository: Repository) -> bool:
    """Whether the host begins a new file with a text that comes with the address."""
    return repository.host is RepositoryHost.GITHUB


def new_file_address(repository: Repository | None, path: str, *texts: str) -> str | None:
    """As `new_address`, with the text of the file where the host takes it: the first whose address isn't too long."""
    address = new_address(repository, path)
    if repository is None or address is None or not takes_text(repository):
        return address
    whole = (f"{address}&value={quote(text, safe='')}" for text in texts)
    return next((it for it in whole if len(it) < LONGEST), address)


def issue_address(repository: Repository | None, title: str, body: str = "") -> str | None:
    """Where an issue of this title is begun, and with this text."""
    if repository is None:
        return None
    gitlab = repository.host is RepositoryHost.GITLAB
    names = ("issue[title]", "issue[description]") if gitlab else ("title", "body")
    given = {name: text for name, text in zip(names, (title, body), strict=True) if text}
    return f"{_issues(repository)}{_query(given)}"


def form_address(repository: Repository, form: str, fields: Mapping[str, str]) -> str:
    """Where an issue is begun in one of GitHub's forms, with its fields filled in by their ids."""
    return f"{_issues(repository)}{_query({'template': form, **fields})}"


def _issues(repository: Repository) -> str:
    middle = "-/" if repository.host is RepositoryHost.GITLAB else ""
    return f"{repository.address.rstrip('/')}/{middle}issues/new?"


def _query(given: Mapping[str, str]) -> str:
    return "&".join(f"{name}={quote(text, safe='')}" for name, text in given.items())


def _address(repository: Repository | None, action: str, path: str) -> str | None:
    """`None` too for a path outside the repository: data from elsewhere has no address at its host."""
    if repository is None or path.startswith(("/", "..")):
        return None
    middle = "-/" if repository.host is RepositoryHost.GITLAB else ""
    return f"{repository.address.rstrip('/')}/{middle}{action}/{quote(repository.branch)}/{quote(path)}"
