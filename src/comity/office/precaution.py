"""The precaution check as this office runs it: at every change, and at its own door (J2, laws 8, 23).

The door refuses to ask for, consent to, confirm, start or call checked what comes within the stand-off distance of a
thing in the newest version of the own register, whether or not a hold was signed; nobody can wave that away. An officer
who thinks the register wrong corrects it, which is a new signed version. A register that cannot be read refuses all of
these: what cannot be looked up may be there. An act against an imminent threat is never stopped; its officer is warned
before he signs. Nothing of the register is in a refusal's or a problem's words.
"""

from __future__ import annotations

from comity.model.acts import Act
from comity.model.acts.duty import Layer
from comity.model.errors import Malformed, Misuse
from comity.model.history import View
from comity.model.records.change import terms_to_judge_by
from comity.model.terms import Terms
from comity.model.verdict import Refusal
from comity.model.volume import Volume
from comity.office.collecting import no_collection
from comity.office.register import Register, stated_now
from comity.rules.case import refusal
from comity.views.owing import Obligation
from comity.views.precaution import Precaution, Readable, precautions, precautions_owed, touches, volume_asked

LOOK_EVERY_MS = 10_000


class Watchman:
    """Looks at everything asked for or under way with the eyes of one office's register."""

    def __init__(self, party: str, register: Register) -> None:
        """Reads a version when it is first asked for, and again when what it was read from has changed."""
        self._party = party
        self._register = register
        self._read: tuple[Layer, bytes, Readable] | None = None
        self._seen: tuple[int, Layer | None, str | None] = (-1, None, None)
        self._looked: tuple[Layer | None, int, str | None] = (None, 0, None)
        self._told: set[str] = set()

    def readable(self, view: View) -> Readable | None:
        """The newest version stated in the view, None if none ever was; raises Misuse, Malformed."""
        stated = stated_now(view, self._party)
        if stated is None:
            return None
        state = self._register.state(stated)
        if self._read is None or self._read[:2] != (stated, state):
            with no_collection():
                self._read = stated, state, Readable(self._register.read(stated))
        return self._read[2]

    def refusal(self, act: Act, view: View, terms: Terms) -> Refusal | None:
        """Why the own door does not let an act out, or None; restraints always pass (law 15)."""
        if volume_asked(act, view) is None:
            return None
        try:
            readable = self.readable(view)
        except (Misuse, Malformed, OSError) as error:
            problem = f"what this office protects cannot be looked up: {error}"
            return refusal(terms, "precaution.check", problem, "nothing is asked for or agreed to until then")
        if readable is None or not touches(act, view, readable):
            return None
        problem = "it comes within the stand-off distance of what this office protects"
        return refusal(terms, "precaution.check", problem, "place a hold, refuse it, or draw it elsewhere")

    def warning(self, volume: Volume, view: View) -> str | None:
        """What the own officer is told before he signs what nothing stops, an act against an imminent threat (J12)."""
        try:
            readable = self.readable(view)
        except (Misuse, Malformed, OSError) as error:
            return f"what this office protects cannot be looked up: {error}"
        if readable is None or not readable.found_in(volume).things:
            return None
        return "it comes within the stand-off distance of what this office protects"

    def precautions(self, view: View, now_ms: int) -> list[Precaution]:
        """Everything live as the check sees it now; raises Misuse, Malformed."""
        return precautions(view, self._party, now_ms, self.readable(view))

    def owed(self, view: View, now_ms: int) -> list[Obligation]:
        """What this office owes to itself; a register that cannot be read is owed first."""
        try:
            found = self.precautions(view, now_ms)
        except (Misuse, Malformed, OSError) as error:
            what = f"mend the register of protected things: {error}"
            return [Obligation(self._party, self._party, what, "register", "rule precaution.check", now_ms - 1)]
        return precautions_owed(found, terms_to_judge_by(view), self._party)

    def news(self, view: View, now_ms: int) -> tuple[list[str], list[str]]:
        """After a change, what this office's people must now be told, and what of it is over; no label, no place."""
        stated = stated_now(view, self._party)
        seen = (len(view.history.entries), stated, self._unreadable(view, stated, now_ms))
        if seen == self._seen:
            return [], []
        self._seen = seen
        owed = (each for each in self.owed(view, now_ms) if each.due_ms is not None and each.due_ms <= now_ms)
        urgent = {f"{each.what}; see comity protected check" for each in owed}
        new, over = sorted(urgent - self._told), sorted(self._told - urgent)
        self._told = urgent
        return new, over

    def _unreadable(self, view: View, stated: Layer | None, now_ms: int) -> str | None:
        """Why the register cannot be read, looked up now and then, for nobody asks."""
        before, at_ms, fault = self._looked
        if before == stated and abs(now_ms - at_ms) < LOOK_EVERY_MS:
            return fault
        try:
            self.readable(view)
            fault = None
        except (Misuse, Malformed, OSError) as error:
            fault = str(error)
        self._looked = stated, now_ms, fault
        return fault
