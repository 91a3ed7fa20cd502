"""What an entry answers, in words: the request, proposal, consent or restraint that it names, and how terms change.

Each is read from its own bytes, whose hash is the one that is signed, so nothing here rests on the office's word; what
it does not give, or gives otherwise, is said and stops nobody: a restraint is signed whatever can be shown (law 15).
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from hashlib import sha256
from typing import Any, Protocol

from comity.interfaces.cli.rendering import SHORT, lines_of
from comity.interfaces.cli.speech import pairs
from comity.model.acts import Act
from comity.model.acts.agreement import LiftPropose, Proposal, TermsPropose
from comity.model.acts.alone import ActivityDeclare
from comity.model.entry import Entry, parse_entry
from comity.model.errors import Malformed, Misuse, PeerError

_NAMING = (
    *("request", "alternative", "consent", "consents", "activity", "overlap", "seal", "query", "content", "lifts"),
    *("declaration", "other"),
)
_AROUND = 2


class Asks(Protocol):
    """An office, as far as it is asked here."""

    @property
    def founding(self) -> bytes:
        """The founding file."""
        ...

    def ask(self, question: str, text: str) -> Any:
        """One of `lookups.LOOKUPS`."""
        ...

    def describe(self, digits: str) -> str:
        """The first digits of a hash, and what it stands for."""
        ...


def beside(office: Asks, entry: Entry) -> str:
    """All that must be read beside an entry; empty if it names nothing."""
    act = entry.act
    if not isinstance(act, Act):
        return ""
    blocks = [_difference(office, act, entry.header.terms)] if isinstance(act, TermsPropose) else []
    blocks += [block for digits in _named_by(act) for block in _blocks(office, digits, entry.header.terms)]
    return "\n".join(blocks)


def terms_difference(office: Asks, text: str, in_force: str) -> list[str]:
    """Line by line how a text differs from the terms in force; raises PeerError, Misuse if those are not to be had."""
    old = _terms_text(office, in_force).split("\n")
    names = (f"in force {in_force[:SHORT]}", f"proposed {sha256(text.encode()).hexdigest()[:SHORT]}")
    return list(unified_diff(old, text.split("\n"), *names, n=_AROUND, lineterm=""))


def _named_by(act: Act) -> Iterator[str]:
    for name in _NAMING:
        value = getattr(act, name, None) if not isinstance(act, ActivityDeclare) else None  # it names itself
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value


def _blocks(office: Asks, digits: str, in_force: str) -> Iterator[str]:
    """The entry of that hash; of a proposal to lift, each entry that it lifts too."""
    if digits == in_force:
        yield pairs([("it names", "the terms in force")])
        return
    try:
        act = _found(office, digits).act
    except (Malformed, Misuse, PeerError) as error:
        yield f"LOOK AGAIN: {digits[:SHORT]} cannot be shown: {error}"
        return
    if not isinstance(act, Act):
        yield f"LOOK AGAIN: {digits[:SHORT]} cannot be read here: {act.problem}"
        return
    fields = [(f"  {name}", text) for name, text in lines_of(act, office.describe)]
    whole = ("  whole", f"comity show OFFICE entry {digits[:SHORT]}")
    yield pairs([("it names", office.describe(digits)), *fields, whole])
    if isinstance(act, TermsPropose):
        yield _difference(office, act, in_force)
    for lifted in act.lifts if isinstance(act, LiftPropose) else ():
        yield from _blocks(office, lifted, in_force)


def _found(office: Asks, digits: str) -> Entry:
    entry = parse_entry(bytes.fromhex(office.ask("entry", digits)))
    content = entry.act.content() if isinstance(entry.act, Proposal) else None
    if digits not in (entry.id, content):
        raise PeerError(f"the office gave {entry.id[:SHORT]} in its place; look at that office before you sign")
    return entry


def _difference(office: Asks, act: TermsPropose, in_force: str) -> str:
    try:
        lines = terms_difference(office, act.text, in_force)
    except (Malformed, Misuse, PeerError) as error:
        return f"LOOK AGAIN: what these terms change cannot be shown: {error}"
    return "\n".join(["what changes, line by line:", *lines] if lines else ["the text is that of the terms in force"])


def _terms_text(office: Asks, digest: str) -> str:
    if sha256(office.founding).hexdigest() == digest:
        return office.founding.decode()
    act = _found(office, digest).act
    if not isinstance(act, TermsPropose):
        raise PeerError(f"{digest[:SHORT]} is no text of terms")
    return act.text
