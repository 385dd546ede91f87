"""Outside addresses: where they stand in the handbook, and whether they still lead anywhere.

Collecting the addresses and judging the answers is pure; what `asker` makes alone meets the network.
"""

from __future__ import annotations

import re
import socket
import ssl
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum
from http import HTTPStatus
from http.client import HTTPException
from ipaddress import ip_address
from threading import Event
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import quote, urljoin, urlsplit, urlunsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from macros import addresses, markdown
from macros.handbook import Handbook
from macros.model import LANGUAGES, Markdown, Url, walk
from macros.problems import Message, Report, in_order
from macros.source import Position, Source

SECONDS = 20.0
"""How long an answer may take, unless somebody says otherwise."""

PAUSES = (5.0, 20.0)
"""Seconds before the second and the third look at an address: a server that is restarted is back by then."""

LONGEST_PAUSE = 60.0
"""Seconds that a server may ask for before the next look."""

AT_ONCE, AT_ONCE_PER_HOST = 8, 2
MOST_REDIRECTS = 10
HEADERS = {"User-Agent": "sre-handbook-links", "Accept": "text/html, */*;q=0.8"}

RESERVED = ("example", "example.com", "example.net", "example.org", "invalid", "localhost", "test")
"""Names, and all below them, that lead nowhere by agreement (RFC 2606, RFC 6761)."""

_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}

_OUTSIDE = r"(?:https?://|mailto:)"
_CODE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,})[^`\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)"
    r"|<!--.*?-->",
    re.M | re.S,
)
_PAGE_LINK = re.compile(
    rf"\]\([ \t]*<?(?P<inline>{_OUTSIDE}(?:[^\s()<>]|\([^\s()<>]*\))+)"
    rf"|<(?P<angled>{_OUTSIDE}[^\s<>]+)>"
    rf"|^[ \t]*\[[^\]\n]+\]:[ \t]*<?(?P<definition>{_OUTSIDE}[^\s<>]+)"
    rf"|\b(?:href|src)=(?P<quote>[\"'])(?P<attribute>{_OUTSIDE}.+?)(?P=quote)",
    re.M | re.I,
)


class Place(NamedTuple):
    """Where an address stands: a file as messages call it, line and column from 1."""

    path: str
    line: int
    column: int


class LeftOut(Enum):
    """Why an address is not asked for. The values are the words of the count: of one, of several."""

    EXAMPLE = ("address of an example host", "addresses of example hosts")
    MAIL = ("mail address", "mail addresses")
    OWN = ("address of the handbook itself", "addresses of the handbook itself")


def collect(
    handbook: Handbook, text_of: Callable[[str], str], pages: Mapping[str, str]
) -> dict[str, tuple[Place, ...]]:
    """Every outside address of the data and of hand-written pages, without its fragment, with all its places.

    `text_of` gives the text of a data file by its path in the handbook; `pages` has the text of each page
    by the path that messages give it.
    """
    found: dict[str, set[Place]] = {}
    every = [*_in_data(handbook, text_of), *(it for path, text in pages.items() for it in _in_page(path, text))]
    for address, place in every:
        found.setdefault(address.partition("#")[0], set()).add(place)
    return {address: tuple(sorted(places)) for address, places in found.items()}


def _in_data(handbook: Handbook, text_of: Callable[[str], str]) -> Iterator[tuple[str, Place]]:
    """The addresses in the data, and those that links inside its Markdown lead to."""
    for entity in handbook.everything():
        source = handbook.sources[entity.path]
        for location, value in walk(entity):
            if isinstance(value, Url):
                yield value, Place(entity.path, *source.place(location))
            elif isinstance(value, Markdown):
                for language in LANGUAGES:
                    start = source.place((*location, language))
                    for target in markdown.link_targets(getattr(value, language) or ""):
                        if re.match(_OUTSIDE, target, re.I):
                            for place in _places_after(start, target, source, text_of(entity.path)):
                                yield target, Place(entity.path, *place)


def _places_after(start: Position, address: str, source: Source, text: str) -> list[Position]:
    """Where an address stands in the value that begins at `start`: there, where it is written in another way."""
    end = min((it for it in source.positions.values() if it > start), default=None)
    # What goes on after it is a longer address.
    whole = re.compile(rf"{re.escape(address)}(?![\w/%&=#?~+@-]|[.,:;!]\w)")
    places = (
        (number, match.start() + 1)
        for number, line in enumerate(text.splitlines(), 1)
        for match in whole.finditer(line)
    )
    return [it for it in places if it >= start and (end is None or it < end)] or [start]


def _in_page(path: str, text: str) -> Iterator[tuple[str, Place]]:
    """The addresses that the links of a hand-written page lead to; code and comments show no links."""
    shown = _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    for match in _PAGE_LINK.finditer(shown):
        name = match.lastgroup or ""
        start = match.start(name)
        place = Place(path, shown.count("\n", 0, start) + 1, start - shown.rfind("\n", 0, start))
        yield match[name].replace("&amp;", "&"), place


def left_out(address: str, own: str | None) -> LeftOut | None:
    """Why an address is not asked for, or None. `own` is where the handbook itself is published."""
    if address.lower().startswith("mailto:"):
        return LeftOut.MAIL
    host = _host(address).rstrip(".")
    if any(f".{host}".endswith(f".{name}") for name in RESERVED) or _is_loopback(host):
        return LeftOut.EXAMPLE
    return None if addresses.within(own, address) is None else LeftOut.OWN


def _host(address: str) -> str:
    """The name of the host in lower case; empty where the address has none that can be read."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Said(Enum):
    """What an answer says of an address."""

    FINE = "it is there"
    GONE = "it is gone: 404, 410, no such host, connection refused"
    BUSY = "not now: 429, a fault of the server, no answer in time"
    UNSURE = "nothing that a program can judge: sign-in, TLS, an odd redirect"


@dataclass(frozen=True)
class Look:
    """What one look at an address came to.

    `reason` goes on from the address in a sentence. `status` is that of HTTP, 0 where there is none;
    `answered` says whether some host answered at all. `moved_to` is where a permanent redirect leads, or
    empty; `wait` is how many seconds the server asks for before the next look.
    """

    said: Said
    reason: str
    status: int = 0
    answered: bool = True
    moved_to: str = ""
    wait: float = 0


Ask = Callable[[str, bool], Look]
"""Looks at an address, for the first time or again."""


class NoNetworkError(Exception):
    """Not one host answered. Its words say how many were asked, and what one of them came to."""


def ask_all(every: Sequence[str], ask: Ask, pause: Callable[[float], None]) -> dict[str, Look]:
    """Look at each address until it is clear what it is, three times at most, a few at once.

    All second looks come after one pause, all third looks after another; `pause` takes seconds. Raises
    `NoNetworkError` where the first looks all come to nothing.
    """
    made: dict[str, tuple[Look, ...]] = dict.fromkeys(every, ())
    for number, least in enumerate((0.0, *PAUSES)):
        waiting = [address for address, looks in made.items() if not _is_clear(looks)]
        if not waiting:
            break
        if number:
            pause(max(least, *(made[address][-1].wait for address in waiting)))
        for address, look in _few_at_once(waiting, ask, again=number > 0):
            made[address] += (look,)
        if not any(looks[0].answered for looks in made.values()):
            hosts = len(set(map(_host, every)))
            raise NoNetworkError(f"no host answers ({hosts} asked); {every[0]} {made[every[0]][0].reason}")
    return {address: _verdict(looks) for address, looks in made.items()}


def _is_clear(looks: Sequence[Look]) -> bool:
    """Whether another look would tell no more."""
    return bool(looks) and (looks[-1].said in (Said.FINE, Said.UNSURE) or _is_gone(looks))


def _is_gone(looks: Sequence[Look]) -> bool:
    """Whether the last two looks say so: once may be a server that is being restarted."""
    return [look.said for look in looks[-2:]] == [Said.GONE, Said.GONE]


def _verdict(looks: Sequence[Look]) -> Look:
    """The last look; one that found something gone only at the very end is not sure of it."""
    last = looks[-1]
    if last.said is Said.GONE and not _is_gone(looks):
        return Look(Said.UNSURE, f"{last.reason}, but not twice in a row", last.status)
    return last


def _few_at_once(every: Iterable[str], ask: Ask, *, again: bool) -> list[tuple[str, Look]]:
    """One look at each address, each with what it came to."""
    stopped = Event()

    def go_along(lane: Sequence[str]) -> list[tuple[str, Look]]:
        return [(address, ask(address, again)) for address in lane if not stopped.is_set()]

    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        return [it for made in pool.map(go_along, lanes(every)) for it in made]
    finally:
        stopped.set()  # whoever interrupts the program waits for the looks that have begun, and for no more
        pool.shutdown(cancel_futures=True)


def lanes(every: Iterable[str]) -> list[list[str]]:
    """The addresses in lanes to go along one after the other, the longest first: no host is in more than two."""
    hosts: dict[str, list[str]] = {}
    for address in every:
        hosts.setdefault(_host(address), []).append(address)
    halves = (group[start::AT_ONCE_PER_HOST] for group in hosts.values() for start in range(AT_ONCE_PER_HOST))
    return sorted(filter(None, halves), key=len, reverse=True)


def requested(address: str) -> str:
    """An address as HTTP asks for it: no fragment, letters beyond ASCII encoded (RFC 3987, section 3.1).

    Raises `ValueError` where nobody could be asked.
    """
    parts = urlsplit(address)
    _ = parts.port  # raises: the system would take the rest of a number that is no port
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    return urlunsplit((parts.scheme, host, _encoded(parts.path), _encoded(parts.query), ""))


def _encoded(part: str, encoding: str = "utf-8") -> str:
    return quote(part, safe=string.punctuation, encoding=encoding)


def asker(timeout: float) -> Ask:
    """What looks at addresses over the network, with so many seconds for each answer.

    The first look asks for the head alone, and for the page where that is refused: some servers answer
    HEAD with faults that GET doesn't have. Further looks ask for the page.
    """
    # By way of the environment's proxy, with no other scheme, no redirects by itself, no errors for a status.
    opener = OpenerDirector()
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler(context=ssl.create_default_context())):
        opener.add_handler(handler)

    def ask(address: str, again: bool) -> Look:
        if not again:
            look = _request(opener, "HEAD", address, timeout)
            if look.said is Said.FINE or look.status in (0, HTTPStatus.TOO_MANY_REQUESTS):
                return look
        return _request(opener, "GET", address, timeout)

    return ask


def _request(opener: OpenerDirector, method: str, address: str, timeout: float) -> Look:
    """Ask for an address and follow its redirects; the body is not read."""
    at, way, moved_to, permanent, answered = address, "", "", True, False
    try:
        for _ in range(MOST_REDIRECTS + 1):
            request = Request(requested(at), headers=HEADERS, method=method)
            with opener.open(request, timeout=timeout) as response:
                status, headers, answered = response.status, response.headers, True
            if status not in _REDIRECTS or not headers["Location"]:
                wait = retry_after(headers["Retry-After"], headers["Date"])
                return _answer(status, way, moved_to, wait)
            # HTTP's own headers come as Latin-1, whatever their bytes mean.
            at = urljoin(at, _encoded(headers["Location"], "latin-1"))
            way = f"leads to {at}, which "
            if not re.match(r"https?://", at, re.I):
                return Look(Said.UNSURE, f"{way}is no web address")
            permanent = permanent and status in _PERMANENT
            moved_to = at if permanent else moved_to
        return Look(Said.UNSURE, f"redirects more than {MOST_REDIRECTS} times")
    except (OSError, HTTPException, ValueError, OverflowError) as error:
        look = _failure(error, timeout)
        return Look(look.said, f"{way}{look.reason}", answered=look.answered or answered)


def _answer(status: int, way: str, moved_to: str, wait: float) -> Look:
    """What the last answer of HTTP says; `way` are the words about the redirects that led to it."""
    phrase = f" {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else ""
    reason = f"{way}answers {status}{phrase}"
    if 200 <= status < 300:
        return Look(Said.FINE, reason, status, moved_to=moved_to)
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Look(Said.GONE, reason, status)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500:
        return Look(Said.BUSY, reason, status, wait=wait)
    return Look(Said.UNSURE, reason, status)


def _failure(error: Exception, timeout: float) -> Look:
    """What it says that there was no answer of HTTP."""
    reason = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    match reason:
        case socket.gaierror(errno=number) if number in _NO_SUCH_NAME:
            return Look(Said.GONE, "is on a host that no name server knows", answered=False)
        case ConnectionRefusedError():
            return Look(Said.GONE, "is on a host that refuses the connection", answered=False)
        case TimeoutError():
            return Look(Said.BUSY, f"has no answer within {timeout:g} s", answered=False)
        case ssl.SSLError():
            words = getattr(reason, "verify_message", "") or reason.reason or str(reason)
            return Look(Said.UNSURE, f"has no connection that TLS trusts ({words})")
        case HTTPException():
            return Look(Said.BUSY, f"has no answer that is HTTP ({reason})")
        case OSError():
            return Look(Said.BUSY, f"can't be reached ({reason.strerror or reason})", answered=False)
    return Look(Said.UNSURE, f"can't be asked for ({reason})", answered=False)


def retry_after(value: str | None, now: str | None) -> float:
    """The seconds that `Retry-After` asks for, a minute at most; 0 where it says nothing that can be read.

    It holds seconds or a day and time, which counts from `now`, the answer's own `Date`.
    """
    text = (value or "").strip()
    try:
        if text.isascii() and text.isdecimal():
            seconds = float(text)
        else:
            seconds = (parsedate_to_datetime(text) - parsedate_to_datetime(now or "")).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return 0
    return min(max(seconds, 0), LONGEST_PAUSE)


@dataclass(frozen=True)
class LinkReport(Report):
    """What is to be said of an address at one of its places; `leads_to` is its new address, or empty."""

    address: str = ""
    leads_to: str = ""


@dataclass(frozen=True)
class Answers:
    """What the outside addresses came to; `asked` and `left_out` count addresses, the rest is by place.

    What is `broken` counts. What is `not_sure` may be right for a person with a browser, and what `moved`
    still leads on.
    """

    broken: tuple[LinkReport, ...]
    not_sure: tuple[LinkReport, ...]
    moved: tuple[LinkReport, ...]
    asked: int
    left_out: Mapping[LeftOut, int]


def check(places: Mapping[str, Sequence[Place]], own: str | None, ask: Ask, pause: Callable[[float], None]) -> Answers:
    """Ask for every address that isn't left out, and say what each came to at all its places.

    `own` is where the handbook is published. Raises `NoNetworkError`.
    """
    reasons = {address: left_out(address, own) for address in places}
    looks = ask_all([address for address, reason in reasons.items() if reason is None], ask, pause)
    counts = {reason: sum(it is reason for it in reasons.values()) for reason in LeftOut}
    return judged(places, looks, {reason: number for reason, number in counts.items() if number})


def judged(
    places: Mapping[str, Sequence[Place]], looks: Mapping[str, Look], left_out: Mapping[LeftOut, int]
) -> Answers:
    """What the looks say at the places of their addresses."""

    def reports(rule: str, template: str, wanted: Callable[[Look], object]) -> tuple[LinkReport, ...]:
        return in_order(
            LinkReport(
                *place,
                rule,
                Message(template, {"address": address, "reason": look.reason, "new": look.moved_to}),
                address,
                look.moved_to,
            )
            for address, look in looks.items()
            if wanted(look)
            for place in places[address]
        )

    return Answers(
        reports(
            "link-broken",
            "{address} {reason}, twice in a row; find where it went, or remove the link",
            lambda look: look.said is Said.GONE,
        ),
        reports(
            "link-not-sure",
            "{address} {reason}; see in a browser whether it is still what is meant",
            lambda look: look.said in (Said.BUSY, Said.UNSURE),
        ),
        reports("link-moved", "{address} moved to {new}", lambda look: look.moved_to),
        len(looks),
        left_out,
    )
