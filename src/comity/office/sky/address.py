"""Where a source of tracks is, as people write it.

`sbs://host:port`, `http://host/aircraft.json`, `cot+tcp://host:port`, `cot+udp://host:port` (listens there),
`file:PATH`; behind a ? with & between: `time=arrival` sets the source's own times aside, `every=S` is how often a page
is asked for, `speed=X` how fast a file is replayed (`speed=most`: as fast as it goes), `from=now` moves its times so
that it begins now.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from comity.model.errors import Misuse

DEFAULT_PORTS = {"sbs": 30003, "cot+tcp": 8087, "cot+udp": 0, "http": 80, "https": 443}
FILE = "file"
OPTIONS = {
    FILE: ("speed", "from"),
    "http": ("time", "every"),
    "https": ("time", "every"),
    "sbs": ("time",),
    "cot+tcp": ("time",),
    "cot+udp": ("time",),
}
AS_FAST_AS_IT_GOES = 0.0
EVERY_S, EVERY_S_LEAST = 1.0, 0.2
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One source of tracks: its name, and where and how it is read. `speed` 0 is as fast as it goes."""

    name: str
    scheme: str
    where: str
    host: str = ""
    port: int = 0
    by_arrival: bool = False
    every_s: float = EVERY_S
    speed: float = 1.0
    from_now: bool = False


def wanted(name: str, address: str) -> Wanted:
    """What was written, read; raises Misuse, which says how it is written."""
    if not _NAME.fullmatch(name):
        raise Misuse(f"no name for a source: {name!r}; take up to 32 letters, digits, dots, dashes")
    scheme, colon, rest = address.partition(":")
    if not colon or scheme not in OPTIONS:
        raise Misuse(f"{name}: no address of a source: {address!r}; begin with one of {', '.join(OPTIONS)} and a colon")
    where, options = _options(name, scheme, rest)
    by_arrival, every_s = options.get("time") == "arrival", _number(name, options.get("every", str(EVERY_S)))
    if options.get("time", "arrival") != "arrival" or options.get("from", "now") != "now":
        raise Misuse(f"{name}: time can be set to arrival, and from to now; leave the option out otherwise")
    if scheme == FILE:
        speed = options.get("speed", "1")
        told = AS_FAST_AS_IT_GOES if speed == "most" else _number(name, speed)
        return Wanted(name, scheme, where.removeprefix("//"), speed=told, from_now="from" in options)
    host, port = _host(name, scheme, where)
    return Wanted(
        name, scheme, f"{scheme}:{where}", host, port, by_arrival=by_arrival, every_s=max(every_s, EVERY_S_LEAST)
    )


def _options(name: str, scheme: str, rest: str) -> tuple[str, dict[str, str]]:
    where, _, query = rest.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    unknown = options.keys() - set(OPTIONS[scheme])
    if unknown:
        raise Misuse(f"{name}: {min(unknown)} is no option of {scheme}; known are {', '.join(OPTIONS[scheme])}")
    if not where.strip("/"):
        raise Misuse(f"{name}: {scheme}: leads nowhere; say where the tracks come from")
    return where, options


def _host(name: str, scheme: str, where: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"{scheme}:{where}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        raise Misuse(f"{name}: {scheme}:{where} names no host; write {scheme}://host:port")
    if not (port or DEFAULT_PORTS[scheme]):
        raise Misuse(f"{name}: {scheme}:{where} names no port; write {scheme}://host:port")
    return host, port or DEFAULT_PORTS[scheme]


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 < value <= 1e6:
        raise Misuse(f"{name}: {text!r} is no number above 0")
    return value
