"""What the words of one act mean at this office: hashes by their beginning, officers by name, votes by proposal.

3f2a90c1        an entry by the first digits of its hash, eight or more      north/12   entry 12 of north's log
content(3f2a90c1)   the content of that proposal        head(area/a-1)   what is in force about a thing
ann   south/ben     the key of an officer, enrolled by this party or another
@file           for a free text: the text in that file
The bodies themselves are built by the one builder that scenarios use. Satisfies `bodies.Reader`.
Not trusted: the words; each method raises Misuse with the word in it. What the office answers is shown before it is
signed, and an entry's hash is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from comity.interfaces.cli.files import read_text
from comity.model.acts.agreement import TERMS_BYTES_MOST, Proposal
from comity.model.acts.duty import LayerUsed
from comity.model.entry import Entry, parse_entry
from comity.model.errors import Misuse
from comity.model.volume import Ring, Volume

Ask = Callable[[str, str], Any]
_WHOLE = re.compile("[0-9a-f]{64}")
_CALL = re.compile(r"([a-z]+)\((.*)\)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """Reads words at one office, which is asked only when a word needs it."""

    party: str
    founding_hash: str
    now_ms: int
    ask: Ask

    def hash_of(self, text: str) -> str:
        """A whole hash, or what stands for one."""
        if _WHOLE.fullmatch(text):
            return text
        if found := _CALL.fullmatch(text):
            return self._called(found[1], found[2].strip())
        return self.founding_hash if text == "founding" else self.entry(text).id

    def entry(self, text: str) -> Entry:
        """The entry with that hash, that beginning of a hash, or that place in a log."""
        return parse_entry(bytes.fromhex(self.ask("entry", text)))

    def key_of(self, text: str) -> str:
        """The key of an officer by working name; the newest that is not revoked."""
        if _WHOLE.fullmatch(text):
            return text
        return str(self.officer(text)["key"])

    def officer(self, text: str) -> dict[str, Any]:
        """The newest good enrolment of `name`, `party/name` or a whole key: officer, seats, key."""
        party, _, name = text.rpartition("/")
        for row in reversed(self.ask("officers", party)):
            if row["key"] == text or (row["officer"] == name and row["status"] == "good"):
                return dict(row)
        who = party or self.party
        raise Misuse(
            f"{who} has no officer {name[:64]!r} with a good key; comity keys list OFFICE says who is enrolled"
        )

    def keys_once(self, text: str) -> list[str]:
        """Every key that an officer had here, the good ones first, then the newest; a whole key is itself."""
        if _WHOLE.fullmatch(text):
            return [text]
        rows = [row for row in reversed(self.ask("officers", "")) if row["officer"] == text]
        if not rows:
            raise Misuse(f"{self.party} never had an officer {text[:64]!r}; comity keys list OFFICE says who it had")
        return [row["key"] for row in sorted(rows, key=lambda row: row["status"] != "good")]

    def identifier(self, text: str) -> str:
        """An id, as it is."""
        return text

    def ring(self, text: str) -> Ring:
        """The ring that the text draws."""
        from comity.interfaces import words

        return words.ring(text, {})

    def volume(self, label: str) -> Volume:
        """The volume of a held act."""
        return msgspec.convert(self.ask("volume", label), Volume)

    def layers(self, text: str) -> tuple[LayerUsed, ...]:
        """`current`: the newest version of each own layer; or entries joined by commas; `none`."""
        return msgspec.convert(self.ask("layers", text), tuple[LayerUsed, ...])

    def text(self, text: str) -> str:
        """The text itself; `@file` is what the file holds, `@@` begins a text with an @."""
        if text.startswith("@@"):
            return text[1:]
        return read_text(text[1:], TERMS_BYTES_MOST) if text.startswith("@") else text

    def _called(self, name: str, inside: str) -> str:
        if name == "content":
            act = self.entry(inside).act
            if not isinstance(act, Proposal):
                raise Misuse(f"{inside} is no proposal; only a proposal has a content")
            return act.content()
        if name == "head":
            found = self.ask("heads", inside)
            if len(found) != 1:
                raise Misuse(f"{len(found)} changes are in force about {inside}; give the hash")
            return str(found[0])
        raise Misuse(f"{name}(...) is no word; known are content(...) and head(...)")
