"""Claims as people write them, read against what an office holds. Raises Misuse with the claim in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from comity.interfaces.bodies import act_class
from comity.interfaces.case import (
    Absent,
    Admitted,
    Claim,
    Forked,
    Logged,
    Opened,
    Opening,
    Received,
    Refused,
    SealOpening,
)
from comity.interfaces.cli.lookups import find, log_named
from comity.model.acts.alone import ThreatOpen
from comity.model.errors import Misuse
from comity.office.logs import Logs
from comity.tlog.checkpoint import read_checkpoint

_RANGE = re.compile(r"(\d{1,9})-(\d{1,9})")


@dataclass(slots=True)
class ReadClaims:
    """The claims, and what they need beside the logs."""

    claims: list[Claim] = field(default_factory=list)
    openings: dict[str, Opening] = field(default_factory=dict)
    forks: dict[str, bytes] = field(default_factory=dict)


def read_claims(texts: Sequence[str], openings: Sequence[str], logs: Logs) -> ReadClaims:
    """Every claim, in order."""
    reader = _Reader(logs)
    for text in openings:
        reader.opening(text)
    for text in texts:
        name, _, rest = text.partition(":")
        if name not in _FORMS or not rest:
            raise Misuse(f"{text[:80]!r} is no claim; write one of {', '.join(f'{each}:...' for each in _FORMS)}")
        try:
            reader.read.claims.append(msgspec.convert(_FORMS[name](reader, rest), Claim, from_attributes=True))
        except msgspec.ValidationError:
            raise Misuse(f"{text[:80]!r} is no claim; comity case --help shows the forms") from None
    return reader.read


class _Reader:
    def __init__(self, logs: Logs) -> None:
        self.logs = logs
        self.read = ReadClaims()
        self.view = logs.history.now()

    def log(self, text: str) -> str:
        return log_named(self.logs.history, text)

    def entry(self, text: str) -> str:
        return find(self.view, text).entry.id

    def opening(self, text: str) -> None:
        from comity.interfaces.cli.seals import read_opening_file

        entry, equals, path = text.partition("=")
        if not equals:
            raise Misuse(f"{text[:80]!r} is no opening; write --opening ENTRY=FILE")
        self.read.openings[self.entry(entry)] = read_opening_file(path)

    def admitted(self, rest: str) -> Claim:
        return Admitted(entry=self.entry(rest))

    def refused(self, rest: str) -> Claim:
        entry, _, clause = rest.partition(":")
        return Refused(entry=self.entry(entry), clause=clause)

    def logged(self, rest: str) -> Claim:
        return Logged(entry=self.entry(rest))

    def opened(self, rest: str) -> Claim:
        entry = self.entry(rest)
        for taken in self.view.about(f"threat/{entry}"):
            act = taken.entry.act
            if isinstance(act, ThreatOpen) and entry not in self.read.openings:
                volume = msgspec.to_builtins(act.volume)
                self.read.openings[entry] = SealOpening(note=act.note, salt=act.salt, volume=volume)
        if entry not in self.read.openings:
            raise Misuse(f"the opening of {entry[:8]} is not held here; give --opening {entry[:8]}=FILE")
        return Opened(entry=entry)

    def absent(self, rest: str) -> Claim:
        origin, numbers, act, names = (*rest.split(":", 3), "", "", "")[:4]
        found = _RANGE.fullmatch(numbers)
        if found is None or int(found[1]) > int(found[2]):
            raise Misuse(f"absent:{rest[:80]} says no entries; write absent:north:0-12")
        if act:
            act_class(act)  # the absence of what there never is proves nothing
        return Absent(
            origin=self.log(origin), act=act or None, names=names or None, start=int(found[1]), stop=int(found[2]) + 1
        )

    def received(self, rest: str) -> Claim:
        by, of, size, entry = (*rest.split(":", 3), "", "", "")[:4]
        if not size.isascii() or not size.isdigit() or len(size) > 9:
            raise Misuse(f"received:{rest[:80]} says no size; write received:south:north:12")
        return Received(by=self.log(by), of=self.log(of), size=int(size), entry=self.entry(entry) if entry else None)

    def forked(self, rest: str) -> Claim:
        origin = self.log(rest)
        branch = self.logs.first(origin)
        held = branch.note if branch is not None else None
        for pair in self.logs.store.evidence(origin):
            other = next((note for note in pair if held is not None and not _same_head(note, held)), None)
            if other is not None:
                self.read.forks[origin] = other
        if origin not in self.read.forks:
            raise Misuse(f"no proof that {origin} was forked is held here; comity audit says which logs are")
        return Forked(origin=origin)


_FORMS: dict[str, Callable[[_Reader, str], Claim]] = {
    "admitted": _Reader.admitted,
    "refused": _Reader.refused,
    "logged": _Reader.logged,
    "opened": _Reader.opened,
    "absent": _Reader.absent,
    "received": _Reader.received,
    "forked": _Reader.forked,
}


def _same_head(one: bytes, other: bytes) -> bool:
    return read_checkpoint(one)[0] == read_checkpoint(other)[0]
