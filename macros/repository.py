"""Addresses at the host of the handbook's own repository. Without a repository there are none."""

from __future__ import annotations

from urllib.parse import quote

from macros.model import Repository, RepositoryHost


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


def new_file_address(repository: Repository | None, path: str, text: str) -> str | None:
    """As `new_address`, with the text of the file where the host takes it."""
    address = new_address(repository, path)
    if repository is None or address is None or repository.host is RepositoryHost.GITLAB:
        return address
    return f"{address}&value={quote(text, safe='')}"


def issue_address(repository: Repository | None, title: str) -> str | None:
    """Where an issue of this title is begun."""
    if repository is None:
        return None
    if repository.host is RepositoryHost.GITLAB:
        return f"{repository.address.rstrip('/')}/-/issues/new?issue[title]={quote(title, safe='')}"
    return f"{repository.address.rstrip('/')}/issues/new?title={quote(title, safe='')}"


def _address(repository: Repository | None, action: str, path: str) -> str | None:
    """`None` too for a path outside the repository: data from elsewhere has no address at its host."""
    if repository is None or path.startswith(("/", "..")):
        return None
    middle = "-/" if repository.host is RepositoryHost.GITLAB else ""
    return f"{repository.address.rstrip('/')}/{middle}{action}/{quote(repository.branch)}/{quote(path)}"
