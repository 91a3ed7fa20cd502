"""Offices in any mood against the slow reference: same verdicts, and the invariants of LAWS.md section 3."""

from __future__ import annotations

from itertools import combinations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.acts.movements import MovementClear, MovementRequest
from comity.model.acts.operations import (
    FactState,
    Hold,
    OperationConsent,
    OperationPropose,
    OperationStart,
    OperationWithdraw,
)
from comity.model.history import Taken, View
from comity.model.records.change import complete, heads
from comity.rules.judge import judge
from comity.views.flags import flags
from laws.agreement import Draft, Names
from properties.drama import Drama
from properties.joint import Known
from properties.judgement import _meet, _volume
from properties.moves import PLAYED, play
from properties.reference import Reference
from thorough import deep

NUMBERS = st.integers(min_value=0, max_value=11)
MOVES_MOST = 24


class Offices(RuleBasedStateMachine):
    """Every entry is given to the reference as soon as anybody holds it."""

    def __init__(self) -> None:
        super().__init__()
        self.begin(three=False)

    @initialize(three=st.booleans())
    def begin(self, three: bool) -> None:
        """Two parties or three."""
        names = Names(signatories=("north", "south", "east")) if three else Names()
        self.drama = Drama(Draft(names=names))
        self.reference = Reference(self.drama.drafts, self.drama.world.founding_hash)
        self.read: dict[str, int] = {}
        self.flags: dict[tuple[str, str], frozenset[str]] = {}

    @rule(move=st.sampled_from(PLAYED), a=NUMBERS, b=NUMBERS, c=NUMBERS)
    def play(self, move: str, a: int, b: int, c: int) -> None:
        """Something happens."""
        play(self.drama, move, a, b, c)

    @invariant()
    def verdicts_are_the_references(self) -> None:
        """Every office says of each entry what the reference says, whatever it held when the entry came."""
        for name, office in self.drama.world.offices.items():
            for taken in office.history.entries[self.read.get(name, 0) :]:
                known = self.reference.add(taken.entry, self.drama.world.trees[taken.entry.id].root())
                assert known.ok is (taken.refusal is None), f"{taken.entry.header.act}: {taken.refusal}"
                if known.ok and isinstance(taken.entry.act, OperationStart):
                    self.start_rests_on_consents(known)
            self.read[name] = len(office.history.entries)

    @invariant()
    def flags_only_grow(self) -> None:
        """No office's view ever loses a flag on a start."""
        for name, office in self.drama.world.offices.items():
            view = office.view
            for taken in starts_in(view):
                key = (name, taken.entry.id)
                now = flags(view, taken)
                assert self.flags.get(key, frozenset()) <= now
                self.flags[key] = now

    def teardown(self) -> None:
        """At the end everybody hears everything, and the whole is looked at."""
        self.drama.world.share()
        self.verdicts_are_the_references()
        self.flags_only_grow()
        office = self.drama.world.offices["monitor"]
        for taken in office.history.entries:
            assert judge(taken.entry, office.history.past(taken)) == taken.refusal
        self.only_the_forked_are_forked(office.view)
        self.changes_stay_and_are_single(office.view)
        self.restraints_are_flagged(office.view)
        self.starts_do_not_meet()
        self.seals_are_opened_by_their_owners()

    def start_rests_on_consents(self, start: Known) -> None:
        """Each other signatory consented, none withdrew in its past, nothing held it, and no party had forked."""
        act = start.act
        assert isinstance(act, OperationStart)
        case = self.reference.case(start.entry, start.past)
        cited = [case.find(name, OperationConsent) for name in act.consents]
        assert case.signatories - {start.party} <= {each.party for each in cited if each is not None}
        withdrawn = {getattr(known.act, "consent", None) for known in case.all(OperationWithdraw)}
        assert not withdrawn & set(act.consents)
        assert not case.forked() and not case.standing_suspensions()
        assert not any(known.act.request == act.request for known in case.all(OperationStart))  # type: ignore[attr-defined]

    def only_the_forked_are_forked(self, view: View) -> None:
        """An honest log is never seen forked."""
        for name in self.drama.draft.names.all:
            assert not view.forked(self.drama.world[name].origin) or name in self.drama.forked

    def changes_stay_and_are_single(self, view: View) -> None:
        """What is complete in the past of an entry is complete in the whole; without a fork nothing has two heads."""
        for thing in ("terms", "area/valley", "area/gorge", "floor"):
            whole = complete(view, thing)
            for taken in view.history.entries[:: max(1, len(view.history.entries) // 20)]:
                assert complete(view.history.past(taken), thing).keys() <= whole.keys()
            assert len(heads(view, thing)) <= 1 or self.drama.forked - {"centre"}

    def restraints_are_flagged(self, view: View) -> None:
        """A start is flagged in every view that holds a restraint on it which neither saw nor was seen."""
        for start in starts_in(view):
            known = self.reference.entries[start.entry.id]
            if any(self.crosses(known, other) for other in self.reference.entries.values()):
                assert "concurrent" in flags(view, start)

    def crosses(self, start: Known, other: Known) -> bool:
        """Whether a restraint on a start is concurrent with it."""
        if not other.ok or other in start.past or start in other.past:
            return False
        act, asked = other.act, self.request_of(start)
        if isinstance(act, OperationWithdraw):
            return act.request == asked.id
        if isinstance(act, Hold) and act.volume is None:
            return act.request in (None, asked.id)
        return isinstance(act, Hold | FactState | MovementRequest) and _meet(_volume(other), _volume(asked))

    def starts_do_not_meet(self) -> None:
        """No two parties' starts are concurrent in one volume, and none with a cleared movement in its air."""
        if self.drama.forked - {"centre"}:
            return
        admitted = [known for known in self.reference.entries.values() if known.ok]
        starts = [known for known in admitted if isinstance(known.act, OperationStart)]
        for one, other in combinations(starts, 2):
            if one.party != other.party and one not in other.past and other not in one.past:
                assert not _meet(_volume(self.request_of(one)), _volume(self.request_of(other)))
        for cleared in (known for known in admitted if isinstance(known.act, MovementClear)):
            request = self.reference.entries[cleared.act.request]  # type: ignore[attr-defined]
            asked = self.reference.case(cleared.entry, cleared.past).asked(request).volume
            for start in starts:
                if cleared in start.past or start in cleared.past or not _meet(asked, _volume(self.request_of(start))):
                    continue
                assert self.is_lifted_for(start, request) and "concurrent" in self.flags_of(start)

    def is_lifted_for(self, start: Known, request: Known) -> bool:
        """Whether all had lifted a movement in a start's past: then it may be cleared beside the lift."""
        return self.reference.case(start.entry, start.past).is_lifted(request.id)

    def flags_of(self, start: Known) -> frozenset[str]:
        """What is flagged where everything is held."""
        view = self.drama.world.offices["monitor"].view
        taken = view.find(start.id)
        assert taken is not None
        return flags(view, taken)

    def request_of(self, start: Known) -> Known:
        """What a start starts."""
        assert isinstance(start.act, OperationStart)
        asked = self.reference.entries[start.act.request]
        assert isinstance(asked.act, OperationPropose)
        return asked

    def seals_are_opened_by_their_owners(self) -> None:
        """An admitted opening is of the opener's own seal."""
        for known in self.reference.entries.values():
            if known.ok and isinstance(known.act, ThreatOpen):
                sealed = self.reference.entries[known.act.seal]
                assert isinstance(sealed.act, ThreatSeal) and sealed.party == known.party


def starts_in(view: View) -> list[Taken]:
    """The admitted starts in a view."""
    entries = view.history.entries
    return [taken for taken in entries if taken.refusal is None and isinstance(taken.entry.act, OperationStart)]


TestOffices = Offices.TestCase
TestOffices.settings = settings(max_examples=deep(60, 20), stateful_step_count=MOVES_MOST, deadline=None)
