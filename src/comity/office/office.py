"""One office: its log, its mirrors of the others, its door. Synchronous, and without I/O of its own.

The simulator and `comity serve` run exactly this. What reaches the disk goes through the store and the marks.
After a StoreError the office signs nothing more and is built anew from the store (`broken` says why).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from comity.model.acts import Act
from comity.model.acts.keys import Watch
from comity.model.entry import Entry
from comity.model.errors import Malformed, Misuse, PeerError
from comity.model.history import History, Taken, View
from comity.model.known import party_of
from comity.model.records.officers import OFFICE_SEAT
from comity.model.terms import Participant, Terms
from comity.model.verdict import Refusal
from comity.office.config import DEFAULT, Limits
from comity.office.desk import Desk, Draft, Stale
from comity.office.intake import Intake, Received
from comity.office.keyring import Keyring
from comity.office.logs import LogBranch, Logs
from comity.office.messages import Entries
from comity.office.notes import REAL_CHECKS, Checks, Notary
from comity.office.ports import ActSigner, Clock, Marks
from comity.office.precaution import Watchman
from comity.office.problems import Problem, Problems
from comity.office.register import Register
from comity.office.restart import FORKED, Restart
from comity.office.signatures import entry_message
from comity.office.standing import Standing
from comity.tlog.errors import StoreError
from comity.tlog.store import Store

if TYPE_CHECKING:
    from comity.office.sky.beside import Beside

WATCH_EARLY = 10
WATCH_LAST = 40
STORE = "store"
OWN_CLOCK = "this clock"


class Office:
    """What one participant runs; `participant` is its id in the founding file."""

    def __init__(
        self,
        founding: bytes,
        keyring: Keyring,
        store: Store,
        marks: Marks,
        clock: Clock,
        limits: Limits = DEFAULT,
        checks: Checks = REAL_CHECKS,
        newcomer: bool = False,
    ) -> None:
        """Reads the store; raises StoreError if it does not hold together, PeerError if no terms name the log.

        A newcomer's log may be named by terms that it has yet to fetch; until then it signs nothing.
        """
        self.origin = keyring.origin
        self.limits = limits
        self.clock = clock
        self.problems = Problems(clock, limits)
        self.heard_ms: dict[str, int] = {}
        self.broken: str | None = None
        self.logs = Logs(founding, store)
        self.notary = Notary(self.history.known, keyring, checks)
        self.standing = Standing(self.history, self.origin)
        if not newcomer:
            self.notary.head_key(self.origin)
        self.restart = Restart(self.origin, self.logs, marks)
        self.intake = Intake(self.logs, self.notary, limits, self.note_problem, self._news)
        self.desk = Desk(self.origin, self.logs, self.notary, self.intake, self.restart, clock, limits)
        self.watchman: Watchman | None = None
        self.air: Beside | None = None
        self._keyring = keyring
        self._news_waiting = False
        self._unacknowledged_since_ms: int | None = None
        self._watch_again_ms = 0
        self._looked_at: bytes | None = None
        self._observed: set[bytes] = set()
        self._begin()

    @property
    def history(self) -> History:
        """All entries of all logs."""
        return self.logs.history

    @property
    def participant(self) -> Participant:
        """Who keeps this office."""
        return self.standing.own

    @property
    def peers(self) -> dict[str, Participant]:
        """The other offices that this one speaks to, by id; see `Standing`."""
        return self.standing.others().peers

    @property
    def mirrors(self) -> frozenset[str]:
        """The other participants of the terms in force, before any are of the founding file: they hold this log."""
        return self.standing.others().mirrors

    def terms(self) -> Terms | None:
        """The terms in force here, if there is exactly one head of them."""
        return self.standing.others().terms

    def view(self) -> View:
        """Everything held."""
        return self.history.now()

    def keep_register(self, register: Register) -> None:
        """From now on the precaution check runs on that register, at every change and at the own door (J2)."""
        self.watchman = self.desk.watchman = Watchman(party_of(self.origin), register)

    def prepare(
        self,
        act: Act,
        seat: str,
        key: str,
        second: tuple[str, str] | None = None,
        passkey: str | None = None,
        second_passkey: str | None = None,
    ) -> Draft | Refusal:
        """The bytes for an officer to sign, judged and door-checked; `second` is the other officer's (key, seat).

        A passkey is named if its officer will confirm with it. Raises Misuse for an act too long for an entry,
        Malformed for fields that are not of their form.
        """
        return self.desk.prepare(act, seat, key, self.fault(), second, passkey, second_passkey)

    def submit(self, json: bytes, signature: bytes, draft: Draft | None = None) -> Taken | Refusal | Stale:
        """Appends a prepared and signed act; when it returns Taken, the act is durable and its head is signed."""
        with self._kept_whole():
            result = self.desk.submit(json, signature, self.fault(), draft)
        if isinstance(result, Taken):
            if not self._is_unacknowledged(result.entry):
                self._unacknowledged_since_ms = None
            self._news_waiting = True
        return result

    def act(self, act: Act, seat: str, signer: ActSigner) -> Taken | Refusal | Stale:
        """Prepares, signs and submits at once, for an act that one officer signs without a passkey."""
        draft = self.prepare(act, seat, signer.key)
        if isinstance(draft, Refusal):
            return draft
        return self.submit(draft.json, signer.sign(entry_message(draft.json)), draft)

    def receive(self, origin: str, base: LogBranch | None, answer: Entries) -> Received:
        """Takes a page of entries from another office; raises PeerError if it proves nothing, StoreError."""
        with self._kept_whole():
            known = len(self.history.entries)
            received = self.intake.receive(origin, base, answer)
            for taken in self.history.entries[known:]:
                self._learn(taken.entry)
            self._observe_branches(origin)
            return received

    def offered(self, note: bytes) -> None:
        """A peer showed this checkpoint: keeps new cosignatures, and proof of a fork if it contradicts; PeerError."""
        digest = hashlib.sha256(note).digest()
        if digest in self._observed:
            return
        checkpoint = self.notary.open(note)
        with self._kept_whole():
            self._compare(note, checkpoint.origin, checkpoint.size, checkpoint.root)
        if len(self._observed) >= self.limits.problems_kept:
            self._observed.clear()
        self._observed.add(digest)

    def turn(self) -> None:
        """What is due by itself: cosignatures, and a watch entry if something waits for its receipt (law 30).

        Nothing that is only looked at is in its way: see `look_around`.
        """
        if self.fault() is not None:
            return
        with self._kept_whole():
            self.desk.sign_own_head()
            if self.desk.cosign(self.forked()):
                self._news_waiting = True
        self.watch()

    def watch(self) -> Taken | None:
        """Signs `office.watch` before anything taken has gone unacknowledged for as long as the terms allow.

        It is due when a tenth of that time is left, and waits for an officer's draft for most of that tenth only.
        """
        since_ms, terms = self._unacknowledged_since_ms, self.terms()
        if since_ms is None or terms is None:
            return None
        now_ms, within_ms = self.clock.steady_ms(), terms.span_ms("watch_every_min")
        left_ms = since_ms + within_ms - now_ms
        if left_ms > within_ms // WATCH_EARLY or now_ms < self._watch_again_ms:
            return None
        if self.desk.draft_is_out and left_ms > within_ms // WATCH_LAST:
            return None
        if self.fault() or self.desk.clock_fault():
            return None
        draft = self.prepare(Watch(digest=None), OFFICE_SEAT, self._keyring.office.key)
        if isinstance(draft, Draft):
            result = self.act(Watch(digest=self.logs.digest(draft.view.clock)), OFFICE_SEAT, self._keyring.office)
            if isinstance(result, Taken):
                return result
        self._watch_again_ms = now_ms + within_ms // WATCH_EARLY  # refused: not at every turn
        return None

    def take_news(self) -> bool:
        """Whether something new was taken or signed since the last call: then peers are sent a notice."""
        news, self._news_waiting = self._news_waiting, False
        return news

    def waiting_restraints(self) -> list[Entry]:
        """Well-signed restraints of others that wait for their past: shown at once, and binding here (law 8)."""
        return self.intake.room.restraints()

    def forked(self) -> frozenset[str]:
        """The logs that are proven to be forked: never cosigned again (law 3)."""
        return self.logs.forked()

    def fault(self) -> str | None:
        """Why nothing at all may be signed here now, or None (law 35)."""
        if self.broken is not None:
            return self.broken
        if not self.standing.is_named:
            return (
                f"no agreed terms held here name the log {self.origin}; wait until every signatory has voted for terms "
                f"that do, for before that the others answer no call of this office"
            )
        if (odd := self._pinned_otherwise()) is not None:
            return f"the {odd} pinned for {self.origin} is not in this folder; put it back: comity keys restore OFFICE"
        return self.restart.fault(self.mirrors)

    def clock_fault(self) -> str | None:
        """Why only restraints are signed now, or None (law 28)."""
        return self.desk.clock_fault()

    def clock_remedy(self) -> str:
        """What ends a fault of the clock."""
        return self.desk.clock_remedy()

    def confirm_clock(self) -> None:
        """An officer compared this office's clock with another source and found it right (law 28).

        Misuse if the own log is ahead of it: his word does not help then.
        """
        self.desk.clock_door.confirm()
        if self.desk.own_log_is_ahead:
            raise Misuse(f"it is not enough to confirm this clock, {self.clock_fault()}; {self.clock_remedy()}")

    def stop(self) -> None:
        """Ends this run by its own will, if nothing is in doubt: the next start may then work alone (law 35)."""
        if self.fault() is None:
            self.restart.stopped()

    def close(self) -> None:
        """Lets go of the store, then ends this run as `stop` does: marks on a disk keep how its file is left."""
        is_sure = self.fault() is None
        self.logs.store.close()
        if is_sure:
            self.restart.stopped()

    def note_problem(self, text: str, about: str = "") -> None:
        """Records that something went wrong; what goes wrong again is the same problem, and `mended` ends it."""
        self.problems.note(text, about)

    def mended(self, about: str) -> None:
        """What went wrong about this goes well again."""
        self.problems.mended(about)

    def heard(self, name: str) -> None:
        """A peer gave an answer that could be used."""
        self.heard_ms[name] = self.clock.now_ms()
        self.problems.mended(name)

    def look_around(self) -> None:
        """What stands as a problem while it lasts: the precaution check's findings, the others' word on this clock."""
        self._look_at_cosignatures()
        if self.watchman is None:
            return
        new, over = self.watchman.news(self.view(), self.clock.now_ms())
        for text in new:
            self.problems.note(text, text, is_private=True)
        for text in over:
            self.mended(text)

    def _look_at_cosignatures(self) -> None:
        own = self.logs.first(self.origin)
        note = own.note if own is not None else None
        if note == self._looked_at:
            return
        self._looked_at = note
        early = self.desk.too_early_for_others()
        self.mended(OWN_CLOCK)
        if early is not None:
            self.note_problem(early, OWN_CLOCK)

    def _pinned_otherwise(self) -> str | None:
        """The key by which nobody would know this office, for the terms that name its log pin another."""
        pins, ring = self.participant.pins, self._keyring
        if pins is None:
            return None
        held = (ring.office.key, ring.head.verifier.vkey, ring.cosign.verifier.vkey)
        pinned = {"office_key": pins.office_key, "head_key": pins.head_key, "cosign_key": pins.cosign_key}
        return next((name for (name, key), own in zip(pinned.items(), held, strict=True) if key != own), None)

    def _begin(self) -> None:
        if self.origin in self.forked():
            self.note_problem(FORKED)
        own = self.logs.first(self.origin)
        newest = self.history.at(own.id, own.size - 1).entry if own is not None else None
        for origin in self.history.origins():
            branch = self.logs.first(origin)
            if origin != self.origin and branch is not None:
                self.desk.clock_door.learn(self.history.at(branch.id, branch.size - 1).entry)
        if self._is_unacknowledged(newest):
            terms = self.terms()  # how long it was held before the stop is not known: half of what is allowed
            held_ms = terms.span_ms("watch_every_min") // 2 if terms is not None else 0
            self._unacknowledged_since_ms = self.clock.steady_ms() - held_ms

    def _is_unacknowledged(self, newest: Entry | None) -> bool:
        """Whether something of the others is held that the own newest entry has not seen."""
        seen = newest.seen if newest is not None else {}
        for origin in self.history.origins():
            branch = self.logs.first(origin)
            if origin != self.origin and branch is not None and seen.get(origin, (0, ""))[0] < branch.size:
                return True
        return False

    def _learn(self, entry: Entry) -> None:
        if entry.origin == self.origin:
            return
        self.desk.clock_door.learn(entry)
        if self._unacknowledged_since_ms is None:
            self._unacknowledged_since_ms = self.clock.steady_ms()

    def _compare(self, note: bytes, origin: str, size: int, root: bytes) -> None:
        holding = self.logs.holding(origin, size, root) if size else None
        if holding is not None:
            self.intake.note(holding, self.notary.stripped(note))
            return
        for branch in self.logs.of(origin):
            vouched = branch.noted is not None and branch.noted.size >= size
            if vouched and branch.note is not None and size and branch.tree.root(size) != root:
                self._record_fork(origin, branch.note, self.notary.stripped(note))

    def _observe_branches(self, origin: str) -> None:
        branches = self.logs.of(origin)
        for first, other in ((branches[0], each) for each in branches[1:]):
            one, two = _vouching(first, other.fork), _vouching(other, other.fork)
            if one is not None and two is not None:
                self._record_fork(origin, one, two)

    def _record_fork(self, origin: str, one: bytes, other: bytes) -> None:
        if origin == self.origin:
            self.note_problem(FORKED)
        if self.logs.put_evidence(origin, one, other):
            self.note_problem(f"log {origin} is forked: two signed heads contradict each other; both are kept")

    def _news(self) -> None:
        self._news_waiting = True

    @contextmanager
    def _kept_whole(self) -> Iterator[None]:
        """After a failed write, or anything unforeseen, memory and disk may differ: nothing more is signed on it."""
        try:
            yield
        except StoreError as error:
            self.broken = f"the store failed: {error}"
            self.note_problem(self.broken, STORE)
            raise
        except (PeerError, Malformed, Misuse):
            raise
        except Exception as error:
            self.broken = f"what is in memory is in doubt after {type(error).__name__}; it is read anew from the store"
            raise


def _vouching(branch: LogBranch, beyond: int) -> bytes | None:
    """A signed checkpoint that vouches for the branch's entry at that place."""
    if branch.noted is not None and branch.noted.size > beyond:
        return branch.note
    return branch.cover.note if branch.cover is not None else None


__all__ = ["Draft", "Office", "PeerError", "Problem", "Refusal", "Stale"]
