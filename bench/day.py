"""A long made-up stretch of the agreement: two signatories and a centre, the life of one operation after another.

Entries are truly signed and judged; every one is admitted, or the bench stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comity.interfaces.play.cast import keyring, officer_signer, origin_of, root_signer, with_pins
from comity.model.acts import Act
from comity.model.acts.agreement import PreconditionPropose, Proposal, Vote
from comity.model.acts.areas import AreaPropose
from comity.model.acts.duty import LineCheck, PrecautionCheck
from comity.model.acts.operations import (
    OperationConfirm,
    OperationConsent,
    OperationEnd,
    OperationPropose,
    OperationReport,
    OperationReview,
    OperationStart,
)
from comity.model.entry import NO_ENTRY, build_json, parse_entry
from comity.model.history import Placement, Taken
from comity.model.spans import HOUR_MS
from comity.model.volume import Band, Ring, Volume, Window
from comity.office.founding import enrol_act, genesis_act
from comity.office.logs import Logs
from comity.office.signatures import entry_message, leaf_of
from comity.rules.judge import judge
from comity.tlog.checkpoint import Checkpoint, sign_checkpoint
from comity.tlog.store import Store

AGREEMENT = Path(__file__).resolve().parent.parent / "agreements" / "jig-2016.toml"
BEGIN_MS = 1_474_351_200_000
ANY_HEIGHT = Band(floor=None, ceiling=None)
PARTIES = ("us", "ru", "centre")
SEATS = ("senior", "duty", "planner", "protection", "legal")
PLACES = 40
ACTS_A_ROUND = 11


@dataclass(slots=True)
class Day:
    """All logs in one store, signed one act after another, a minute apart."""

    logs: Logs
    now_ms: int = BEGIN_MS

    @classmethod
    def begin(cls, store: Store) -> Day:
        """A day on which the agreement is in force and one wide area is designated."""
        day = cls(Logs(with_pins(AGREEMENT.read_text()).encode(), store))
        founding = day.logs.history.known.founding
        for party in PARTIES:
            participant = founding.participant_by_id(party)
            assert participant is not None
            day.sign(party, "root", genesis_act(participant, day.logs.founding))
        for party in PARTIES[:2]:
            for seat in SEATS:
                signer = officer_signer(party, seat)
                day.sign(party, "root", enrol_act(origin_of(party), seat, (seat,), signer))
        day.agree(PreconditionPropose(precondition="calm", evidence="counted"))
        day.agree(AreaPropose(area="a-1", tier="t1", ring=square(0, 20_000), band=ANY_HEIGHT))
        return day

    def agree(self, proposal: Proposal) -> None:
        """A joint change by both."""
        self.sign("us", "senior", proposal)
        for party in PARTIES[:2]:
            vote = Vote(thing=proposal.thing, after=proposal.after, round=0, content=proposal.content())
            self.sign(party, "senior", vote)

    def sign(self, party: str, seat: str, act: Act) -> Taken:
        """Signs, judges and adds one act; `keep` makes it durable."""
        taken = self.draft(party, seat, act)
        self.now_ms += 60_000
        return taken

    def draft(self, party: str, seat: str, act: Act) -> Taken:
        """Builds the leaf of an act on all that is held, and takes it."""
        history = self.logs.history
        seen, origin = history.now().seen_heads(), origin_of(party)
        size = seen[origin][0] if origin in seen else 0
        previous = history.at(history.branches_of(origin)[0].id, size - 1).entry.id if size else NO_ENTRY
        signer = root_signer(party) if seat == "root" else officer_signer(party, seat)
        header = {"at": self.now_ms, "key": signer.key, "origin": origin, "previous": previous, "seat": seat}
        header |= {"seen": seen, "seq": size, "terms": history.known.founding_hash}
        json = build_json(header, act)
        entry = parse_entry(leaf_of(json, signer.key, signer.sign(entry_message(json))))
        placement = history.place(entry)
        assert isinstance(placement, Placement)
        refusal = judge(entry, history.view(placement.clock))
        assert refusal is None, refusal
        return self.logs.add(entry, placement, None)

    def operations(self, count: int) -> Iterator[int]:
        """Whole operations until `count` entries are held; yields how many there are."""
        number = 0
        while len(self.logs.history.entries) < count:
            number += 1
            self._operation(number)
            yield len(self.logs.history.entries)

    def keep(self) -> None:
        """Makes all durable and signs the head of each log."""
        self.logs.keep()
        for branch in self.logs.branches:
            head = keyring(branch.origin.split("/")[1]).head
            checkpoint = Checkpoint(branch.origin, branch.size, branch.tree.root())
            self.logs.put_note(branch, sign_checkpoint(checkpoint, head), checkpoint)

    def _operation(self, number: int) -> None:
        executing, giver = PARTIES[:2] if number % 2 else (PARTIES[1], PARTIES[0])
        window = Window(from_ms=self.now_ms, until_ms=self.now_ms + HOUR_MS)
        volume = Volume(ring=square(number % PLACES, 300), band=ANY_HEIGHT, window=window)
        proposed = OperationPropose(
            operation=f"op-{number}", area="a-1", group="nusra", executing=executing, volume=volume
        )
        request = self.sign(executing, "planner", proposed).entry.id
        for party in PARTIES[:2]:
            self.sign(party, "protection", PrecautionCheck(request=request, layers=()))
        expires_ms = self.now_ms + HOUR_MS
        consent = OperationConsent(request=request, executing=executing, expires_ms=expires_ms)
        given = self.sign(giver, "senior", consent).entry.id
        self.sign(giver, "duty", LineCheck(with_participant=executing, result="working"))
        self.sign(giver, "duty", OperationConfirm(request=request, consent=given))
        self.sign(executing, "duty", OperationStart(request=request, consents=(given,)))
        self.sign(executing, "duty", OperationEnd(request=request, how="completed"))
        self.sign(executing, "legal", OperationReport(request=request, harm="not-known"))
        self.sign(giver, "legal", OperationReview(request=request, finding="accepted"))
        self.now_ms += HOUR_MS


def square(place: int, half_e4: int) -> Ring:
    """A square about one of the places, its half side in 1e-4 degree; place 0 is the middle."""
    lat = 362_000_000 + (place % 8 - 4) * 2_000_000 * bool(place)
    lon = 368_000_000 + (place // 8 - 2) * 2_000_000 * bool(place)
    half = half_e4 * 1_000
    return ((lat - half, lon - half), (lat - half, lon + half), (lat + half, lon + half), (lat + half, lon - half))
