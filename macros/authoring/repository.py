"""Addresses at the host of the handbook's own repository. Without a repository there are none."""

from collections.abc import Mapping
from urllib.parse import quote

from macros.model.organisation import Repository, RepositoryHost


def edit_address(repository: Repository | None, path: str) -> str | None:
    """Where `path` (from the root of the repository) is edited in the browser."""
    return _file(repository, "edit", path)


def view_address(repository: Repository | None, path: str, line: int | None = None) -> str | None:
    """Where `path` is shown, at `line` where one is given."""
    address = _file(repository, "blob", path)
    return f"{address}#L{line}" if address and line else address


def commit_address(repository: Repository | None, commit: str) -> str | None:
    """Where a commit is shown."""
    return _within(repository, "commit", quote(commit, safe="")) if repository else None


def new_address(repository: Repository | None, path: str) -> str | None:
    """Where a new file at `path` is begun in the browser; its text can follow as `&value=` at GitHub."""
    if repository is None:
        return None
    name = "filename" if takes_text(repository) else "file_name"
    return f"{_within(repository, 'new', quote(repository.branch))}?{name}={quote(path, safe='')}"


LONGEST = 8000
"""How many bytes an address may have: GitHub refuses a longer one. A Japanese letter takes nine of them."""


def takes_text(repository: Repository) -> bool:
    """Whether the host begins a new file with a text that comes with the address."""
    return repository.host is RepositoryHost.GITHUB


def new_file_address(repository: Repository | None, path: str, *texts: str) -> str | None:
    """As `new_address`, with the first of the texts that the host takes and an address can hold."""
    address = new_address(repository, path)
    if repository is None or address is None or not takes_text(repository):
        return address
    # A query may hold these three as they are, which leaves room for words.
    whole = (f"{address}&value={quote(text, safe=':,/')}" for text in texts)
    return next((filled for filled in whole if len(filled) < LONGEST), address)


def issue_address(repository: Repository | None, title: str, body: str = "") -> str | None:
    """Where an issue of this title is begun, and with this text."""
    if repository is None:
        return None
    names = ("title", "body") if takes_text(repository) else ("issue[title]", "issue[description]")
    return form_address(repository, {name: text for name, text in zip(names, (title, body), strict=True) if text})


def form_address(repository: Repository, fields: Mapping[str, str]) -> str:
    """Where an issue is begun with its fields filled in; the `template` is one of GitHub's forms."""
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in fields.items())
    return f"{_within(repository, 'issues', 'new')}?{query}"


def _file(repository: Repository | None, action: str, path: str) -> str | None:
    """`None` too for a path outside the repository: data from elsewhere has no address at its host."""
    if repository is None or path.startswith(("/", "..")):
        return None
    return _within(repository, action, quote(repository.branch), quote(path))


def _within(repository: Repository, *parts: str) -> str:
    middle = () if repository.host is RepositoryHost.GITHUB else ("-",)
    return "/".join((repository.address.rstrip("/"), *middle, *parts))
