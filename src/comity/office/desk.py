"""The desk at which an office signs: see, judge, sign, append, as one step (law 31).

An act is prepared as bytes, signed elsewhere by its officer, and handed back; it is thrown back (`Stale`) if the
own log or a cosigned head has grown past what it has seen. While a draft is out, the office takes but does not cosign.
Invariant: what is acknowledged is durable, and its head was computed from bytes read back from the store.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.model.acts import Act, Nature
from comity.model.acts.keys import ClockStep
from comity.model.codec import LEAF_BYTES_MOST, decode_profile, encode
from comity.model.entry import (
    KEY_ID_BYTES,
    NO_ENTRY,
    SIGNATURE_BYTES,
    Assertion,
    Entry,
    Second,
    build_json,
    parse_entry,
)
from comity.model.errors import Malformed, Misuse
from comity.model.history import Placement, Taken, View
from comity.model.records.change import terms_heads
from comity.model.spans import SECOND_MS, moment
from comity.model.verdict import Refusal
from comity.office.clock_door import CONFIRM, SET_BACK, ClockDoor, cosigned_too_early
from comity.office.config import Limits
from comity.office.intake import Intake
from comity.office.logs import LogBranch, Logs
from comity.office.notes import Notary
from comity.office.own_door import own_door
from comity.office.ports import Clock
from comity.office.precaution import Watchman
from comity.office.restart import Restart
from comity.office.signatures import check_signatures, leaf_of
from comity.rules.case import refusal
from comity.rules.door import door

_UNSIGNED = bytes(SIGNATURE_BYTES + KEY_ID_BYTES)
_NO_SIGNATURE = "00" * SIGNATURE_BYTES
_NO_ASSERTION = {"authenticator_data": "00" * 37, "client_data": "", "signature": "00" * 8}


@dataclass(frozen=True, slots=True)
class Draft:
    """An act ready to be signed: `json` are the bytes, `view` is its past, `entry` has blanks for all signatures."""

    json: bytes
    entry: Entry
    view: View


@dataclass(frozen=True, slots=True)
class Stale:
    """The act was prepared on less than the office holds or vouches for now: prepare it again and sign anew."""

    reason: str


def with_second(json: bytes, second: Second) -> bytes:
    """The prepared JSON with the second officer's part; he signed `second_message` of the JSON without it."""
    return _added(json, "second", second)


def with_assertion(json: bytes, assertion: Assertion) -> bytes:
    """The JSON (second included) with the passkey's assertion; its challenge was `challenge_of` the JSON without it."""
    return _added(json, "assertion", assertion)


class Desk:
    """Signs into one log."""

    def __init__(
        self, origin: str, logs: Logs, notary: Notary, intake: Intake, restart: Restart, clock: Clock, limits: Limits
    ) -> None:
        """One desk an office, used by one thread."""
        self.origin = origin
        self.watchman: Watchman | None = None
        self.clock_door = ClockDoor(clock, limits.draft_oldest_ms)
        self._logs = logs
        self._notary = notary
        self._intake = intake
        self._restart = restart
        self._clock = clock
        self._limits = limits
        self._draft_until_ms = 0
        self._cosigned_at = -1

    @property
    def draft_is_out(self) -> bool:
        """Whether an officer is signing; bounded, so that nobody can delay cosignatures for long."""
        return self._clock.steady_ms() < self._draft_until_ms

    def prepare(
        self,
        act: Act,
        seat: str,
        key: str,
        fault: str | None,
        second: tuple[str, str] | None,
        passkey: str | None,
        second_passkey: str | None,
    ) -> Draft | Refusal:
        """The bytes to be signed, judged as if all had signed and confirmed who are named; `fault` stops all.

        `second` is the other officer's (key, seat); a passkey is named by who will confirm with it.
        """
        blanks = _blanks(second, passkey, second_passkey)
        view = self._logs.history.now()
        draft = self._draft(self._json(act, seat, key, view), blanks)
        heads = terms_heads(draft.view)
        if heads and draft.entry.header.terms not in heads:
            draft = self._draft(self._json(act, seat, key, draft.view), blanks)
        refused = self._refused(draft.entry, draft.view, fault)
        if refused is not None:
            return refused
        self._draft_until_ms = self._clock.steady_ms() + self._limits.draft_kept_ms
        return draft

    def submit(self, json: bytes, signature: bytes, fault: str | None, draft: Draft | None) -> Taken | Refusal | Stale:
        """Appends a signed act and acknowledges it; raises Malformed for signatures that do not fit, StoreError.

        `draft`, if these are exactly the bytes judged a moment ago, saves judging twice.
        """
        entry = parse_entry(leaf_of(json, self._key_in(json), signature))
        if entry.origin != self.origin:
            raise Misuse(f"the act is for log {entry.origin}, this office keeps {self.origin}; hand it in there")
        stale = self._staleness(entry)
        if stale is not None:
            return stale
        check_signatures(entry, self._notary.checks.signature)
        placement = self._placed(entry)
        if draft is None or draft.entry.json != json:
            refused = self._refused(entry, self._logs.history.view(placement.clock), fault)
            if refused is not None:
                return refused
        taken = self._logs.add(entry, placement, None)
        self._logs.keep()
        self._draft_until_ms = 0
        self.sign_own_head()
        return taken

    def sign_own_head(self) -> None:
        """Signs the head of the own log over all that is stored, unless it is signed; raises StoreError."""
        branch = self._logs.first(self.origin)
        if branch is None or (branch.noted is not None and branch.noted.size == branch.size):
            return
        root = self._logs.stored_root(branch)
        self._restart.raise_mark(self.origin, branch.size, root)
        note = self._notary.sign_head(branch.size, root)
        self._logs.put_note(branch, note, self._notary.open(note))

    def cosign(self, forked: frozenset[str]) -> bool:
        """Cosigns every head that was taken whole and is not yet cosigned; whether there was one (law 31)."""
        if self.draft_is_out or self._cosigned_at == self._logs.version:
            return False
        done = False
        for origin in self._logs.history.origins():
            branch = self._logs.first(origin)
            if origin != self.origin and origin not in forked and branch is not None:
                done = self._cosign_branch(branch) or done
        self._cosigned_at = self._logs.version
        return done

    def _cosign_branch(self, branch: LogBranch) -> bool:
        note, noted = branch.note, branch.noted
        if note is None or noted is None or self._notary.has_cosigned(note):
            return False
        if not self._restart.may_cosign(branch.origin, noted.size):
            return False
        self._restart.raise_mark(branch.origin, noted.size, noted.root)
        self._logs.put_note(branch, self._notary.cosign(note, self._clock.now_ms()), noted)
        return True

    def _json(self, act: Act, seat: str, key: str, view: View) -> bytes:
        history = self._logs.history
        own = self._logs.first(self.origin)
        newest = history.at(own.id, own.size - 1).entry if own is not None else None
        header = {
            "at": self._at_ms(act, newest),
            "key": key,
            "origin": self.origin,
            "previous": newest.id if newest is not None else NO_ENTRY,
            "seat": seat,
            "seen": history.now().seen_heads(),
            "seq": own.size if own is not None else 0,
            "terms": (terms_heads(view) or [history.known.founding_hash])[0],
        }
        json = build_json(header, act)
        if len(json) + len(_UNSIGNED) > LEAF_BYTES_MOST:
            raise Misuse(f"the act makes an entry of {len(json)} bytes, the most is {LEAF_BYTES_MOST}; shorten it")
        return json

    def _at_ms(self, act: Act, newest: Entry | None) -> int:
        """The claimed time: this clock, and never before the own previous entry save in a clock act (law 28)."""
        now_ms = max(self._clock.now_ms(), 0)
        return now_ms if newest is None or isinstance(act, ClockStep) else max(now_ms, newest.at_ms)

    def _draft(self, json: bytes, blanks: dict[str, object]) -> Draft:
        """The prepared bytes and the entry as the judge will see it, with room for what is not signed yet."""
        entry = parse_entry(_UNSIGNED + (encode(decode_profile(json) | blanks) if blanks else json))
        return Draft(json, entry, self._logs.history.view(self._placed(entry).clock))

    def _refused(self, entry: Entry, view: View, fault: str | None) -> Refusal | None:
        """The judge's word, the door's, and what only this office knows, in that order."""
        known = self._logs.history.known
        terms = known.terms(entry.header.terms)
        if fault is not None:
            return refusal(terms, "office", fault, "nothing is signed until then", 35)
        refused = door(entry, view)
        if refused is not None:
            return refused
        assert terms is not None and isinstance(entry.act, Act), "the door refuses what cannot be read"
        waiting = self._intake.room.restraints()
        refused = self._clock_refusal(entry) or own_door(
            entry.act, terms, self._logs.history, waiting, self._logs.forked()
        )
        if refused is None and self.watchman is not None:
            refused = self.watchman.refusal(entry.act, view, terms)
        return refused

    def clock_fault(self) -> str | None:
        """Why the clock stops all but restraints, or None."""
        newest = self._newest()
        if newest is not None and self.own_log_is_ahead:
            return f"the own log is ahead of this clock: its entry {newest.seq} is of {_moment(newest.at_ms)}"
        return self.clock_door.fault(self.skew_max_s())

    def clock_remedy(self) -> str:
        """What ends a fault of the clock: an officer's word about this clock does not set the own log back."""
        return SET_BACK if self.own_log_is_ahead else CONFIRM

    @property
    def own_log_is_ahead(self) -> bool:
        """Whether the own newest entry lies in the future of this clock by more than the skew."""
        newest = self._newest()
        return newest is not None and newest.at_ms - self._clock.now_ms() >= (self.skew_max_s() + 1) * SECOND_MS

    def too_early_for_others(self) -> str | None:
        """What the others' cosignatures on the own newest head say against this clock, or None."""
        own, newest = self._logs.first(self.origin), self._newest()
        if own is None or own.note is None or own.noted is None or newest is None or own.noted.size != own.size:
            return None
        return cosigned_too_early(newest, self._notary.cosigned_by_others_s(own.note), self.skew_max_s())

    def skew_max_s(self) -> int:
        """By how much clocks may differ, by the terms in force or the founding terms."""
        terms = self._logs.history.known.terms((terms_heads(self._logs.history.now()) or [""])[0])
        return (terms or self._logs.history.known.founding).number("skew_max_s")

    def _newest(self) -> Entry | None:
        own = self._logs.first(self.origin)
        return self._logs.history.at(own.id, own.size - 1).entry if own is not None else None

    def _clock_refusal(self, entry: Entry) -> Refusal | None:
        assert isinstance(entry.act, Act)
        if entry.act.nature is Nature.RESTRAINT:
            return None
        fault = self.clock_fault()
        if fault is None:
            return None
        terms = self._logs.history.known.terms(entry.header.terms)
        return refusal(terms, "office.skew", fault, self.clock_remedy(), 28)

    def _staleness(self, entry: Entry) -> Stale | None:
        own = self._logs.first(self.origin)
        size = own.size if own is not None else 0
        if entry.seq != size:
            return Stale(f"the own log has {size} entries, the act was prepared for place {entry.seq}")
        for origin in self._logs.history.origins():
            branch = self._logs.first(origin)
            if branch is None or branch.noted is None or branch.note is None or origin == self.origin:
                continue
            seen = entry.seen.get(origin)
            if (seen is None or seen[0] < branch.noted.size) and self._notary.has_cosigned(branch.note):
                return Stale(f"{branch.noted.size} entries of {origin} are cosigned here and the act has not seen them")
        age_ms, oldest_ms = self._clock.now_ms() - entry.at_ms, self._limits.draft_oldest_ms
        if isinstance(entry.act, ClockStep) or abs(age_ms) <= oldest_ms:
            return None
        if age_ms > 0:
            return Stale(f"the act was prepared {age_ms // SECOND_MS} s ago")
        if self._at_ms_is_forced(entry, own):
            return None
        return Stale(f"the act claims a time {-age_ms // SECOND_MS} s ahead of this clock")

    def _at_ms_is_forced(self, entry: Entry, own: LogBranch | None) -> bool:
        """Whether the act could claim no earlier time, the own log being ahead of this clock."""
        return own is not None and entry.at_ms == self._logs.history.at(own.id, own.size - 1).entry.at_ms

    def _placed(self, entry: Entry) -> Placement:
        placement = self._logs.history.place(entry)
        if not isinstance(placement, Placement) or placement.forks:
            raise Malformed(f"{entry.origin} {entry.seq} does not continue the own log; prepare it again")
        return placement

    @staticmethod
    def _key_in(json: bytes) -> str:
        key = decode_profile(json).get("key")
        if not isinstance(key, str) or len(key) != 64:
            raise Malformed("the act names no key; prepare it again")
        return key


def _added(json: bytes, member: str, value: Second | Assertion) -> bytes:
    fields = decode_profile(json)
    if member in fields or "assertion" in fields:
        raise Misuse(f"the act has its {member} or what comes after it; begin with the JSON that was prepared")
    return encode(fields | {member: value})


def _blanks(second: tuple[str, str] | None, passkey: str | None, second_passkey: str | None) -> dict[str, object]:
    """The members that are signed after the judge has looked, with nothing in the place of what signs."""
    blanks: dict[str, object] = {} if passkey is None else {"assertion": _NO_ASSERTION | {"passkey": passkey}}
    if second is None:
        if second_passkey is not None:
            raise Misuse("a second passkey is named and no second officer; name his key and seat too")
        return blanks
    confirmed = {} if second_passkey is None else {"assertion": _NO_ASSERTION | {"passkey": second_passkey}}
    blanks["second"] = {"key": second[0], "seat": second[1], "signature": _NO_SIGNATURE} | confirmed
    return blanks


def _moment(at_ms: int) -> str:
    """A moment to the second; one beyond the calendar in milliseconds."""
    found = moment(at_ms)
    return found.strftime("%Y-%m-%d %H:%M:%SZ") if found is not None else f"{at_ms} ms"
