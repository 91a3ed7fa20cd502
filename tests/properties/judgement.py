"""One entry before the slow reference, with all entries of its past at hand: who stands, what is agreed, what bars.

Written from LAWS.md and not from the code: nothing of `comity.rules`, `comity.model.records` or `comity.model.history`
is used here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from comity.model.acts import Act, Nature
from comity.model.acts.agreement import FloorPropose, Suspend, Vote, Withdraw
from comity.model.acts.areas import AreaPropose
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import ClockStep, Compromised, Enrol, Join, Revoke, Watch
from comity.model.acts.movements import (
    MovementAccept,
    MovementAgree,
    MovementAlternative,
    MovementArrive,
    MovementCancel,
    MovementClear,
    MovementDeny,
    MovementRequest,
)
from comity.model.acts.operations import (
    FactState,
    Hold,
    OperationConsent,
    OperationEnd,
    OperationPropose,
    OperationStart,
    OperationWithdraw,
)
from comity.model.entry import Entry
from comity.model.spans import MINUTE_MS
from comity.model.volume import Ring, Volume
from laws.agreement import NUMBERS, Draft, key_of
from laws.plays import PLACES, ring
from properties.joint import Joint, Known

RING_NAMES: dict[Ring, str] = {ring(name): name for name in PLACES}


@dataclass(frozen=True)
class Asked:
    """What a movement asks for, the alternative that this is, and who has agreed to it."""

    volume: Volume
    alternative: str | None
    agreed: set[str]


class Judgement:
    """One entry before the reference, with the admitted entries of its past at hand."""

    def __init__(self, drafts: Mapping[str, Draft], founding_hash: str, entry: Entry, past: frozenset[Known]) -> None:
        self.drafts, self.founding_hash = drafts, founding_hash
        self.entry, self.past = entry, past
        self.sound = [known for known in past if known.ok]
        self.joint = Joint(drafts, founding_hash, past)
        self.draft, self.signatories = self.joint.draft, self.joint.signatories
        self.party = entry.origin.split("/")[1]
        self.at_ms = entry.at_ms
        self.numbers = {name: value for name, (_, value) in NUMBERS.items()} | dict(self.draft.numbers)

    def all(self, kind: type[Act]) -> list[Known]:
        """The admitted acts of a kind in the past."""
        return [known for known in self.sound if isinstance(known.act, kind)]

    def find(self, entry_id: str, kind: type[Act] = Act) -> Known | None:
        """One admitted entry of the past."""
        return next((known for known in self.sound if known.id == entry_id and isinstance(known.act, kind)), None)

    # Standing: laws 13, 15, 30, 33.

    def begins(self, act: Act) -> bool:
        root = self.entry.header.seat == "root" and self.entry.header.key == key_of(f"{self.entry.origin} root")
        if self.party in self.signatories:
            return root and isinstance(act, Vote) and act.content == self.founding_hash
        return root and isinstance(act, Join) and act.terms == self.founding_hash

    def signed_rightly(self, act: Act) -> bool:
        header, root_key = self.entry.header, key_of(f"{self.entry.origin} root")
        if act.nature is Nature.RESTRAINT:
            return header.key == root_key or self.enrolled(header.key) is not None
        if header.seat == "root":
            return act.nature in (Nature.KEY, Nature.VOTE) and header.key == root_key
        if header.seat == "office" or isinstance(act, Watch):
            pinned = header.seat == "office" and header.key == key_of(f"{self.entry.origin} office")
            return pinned and isinstance(act, Watch)
        return self.enrolled(header.key) is not None

    def enrolled(self, key: str) -> str | None:
        """The officer's name, if the key is enrolled here and not ended."""
        for known in self.all(Enrol):
            act = known.act
            assert isinstance(act, Enrol)
            at_centre = self.party == "centre" and known.party in self.signatories
            if act.key == key and (known.party == self.party or at_centre):
                return None if self.ended(key, known.party) else act.officer
        return None

    def ended(self, key: str, party: str) -> bool:
        ends = [*self.all(Revoke), *self.all(Compromised)]
        return any(getattr(known.act, "key", None) == key and known.party == party for known in ends)

    def seconded(self) -> bool:
        """Two different officers, if two sign; a restraint stands by its first key, but for a clock act."""
        second, act = self.entry.header.second, self.entry.act
        restrains = isinstance(act, Act) and act.nature is Nature.RESTRAINT and not isinstance(act, ClockStep)
        if second is None or restrains:
            return True
        one, other = self.enrolled(self.entry.header.key), self.enrolled(second.key)
        return one is not None and other is not None and one != other

    def forked(self) -> bool:
        places: dict[tuple[str, int], str] = {}
        for known in self.past:
            place = (known.entry.origin, known.entry.seq)
            if known.party in self.signatories and places.setdefault(place, known.id) != known.id:
                return True
        return False

    # Joint changes: laws 9 to 12, 16.

    def is_lifted(self, restraint: str) -> bool:
        return self.joint.is_lifted(restraint)

    def standing_suspensions(self) -> list[Known]:
        stops = [*self.all(Suspend), *self.all(Withdraw)]
        return [known for known in stops if not self.is_lifted(known.id)]

    def floor_stands(self) -> bool:
        """Every end of it that nothing succeeded is of stops that are lifted by now."""
        changes = self.joint.changes("floor")
        ends = {act.content(): act for known in self.all(FloorPropose) if isinstance(act := known.act, FloorPropose)}
        for name in self.joint.heads("floor"):
            after, content = changes[name]
            votes = [
                known
                for known in self.all(Vote)
                if isinstance(act := known.act, Vote) and (act.thing, act.content) == ("floor", content)
                if sorted(act.after) == sorted(after)
            ]
            knew = any(stop in vote.past for stop in self.standing_suspensions() for vote in votes)
            if not ends[content].stands and knew:
                return False
        return True

    def areas(self, area: str) -> list[AreaPropose]:
        """The versions of an area in force."""
        changes = self.joint.changes(f"area/{area}")
        contents = {changes[name][1] for name in self.joint.heads(f"area/{area}")}
        proposals = {act.content(): act for known in self.all(AreaPropose) if isinstance(act := known.act, AreaPropose)}
        return [proposals[content] for content in contents if content in proposals]

    # Clocks: law 25.

    def newest_ms(self, party: str) -> int:
        """The time of the newest entry of a party's log; on a forked log the latest of the ends."""
        own = [known for known in self.past if known.party == party]
        ends = [known for known in own if not any(known in other.past for other in own)]
        return max((known.at_ms for known in ends), default=0)

    def hold_stands(self, known: Known) -> bool:
        act = known.act
        assert isinstance(act, Hold)
        if self.is_lifted(known.id):
            return False
        return act.until_ms is None or self.at_ms <= act.until_ms or self.newest_ms(known.party) <= act.until_ms

    def is_live(self, consent: Known) -> bool:
        """Neither withdrawn nor lapsed on either clock, by a key not stolen, with no clock set back since."""
        act = consent.act
        assert isinstance(act, OperationConsent)
        withdrawn = any(getattr(known.act, "consent", None) == consent.id for known in self.all(OperationWithdraw))
        lapsed = max(self.at_ms, self.newest_ms(consent.party)) > act.expires_ms
        return not (withdrawn or lapsed or self.is_stolen(consent) or self.clock_set_back(consent))

    def is_stolen(self, signed: Known) -> bool:
        for known in self.all(Compromised):
            act = known.act
            assert isinstance(act, Compromised)
            if act.key == signed.entry.header.key and signed.entry.seq >= act.since_seq:
                return True
        return False

    def clock_set_back(self, consent: Known) -> bool:
        act = consent.act
        assert isinstance(act, OperationConsent)
        for known in self.past - consent.past:
            if known.party in (consent.party, act.executing):
                earlier = [each.at_ms for each in known.past if each.id == known.entry.header.previous]
                if (earlier and known.at_ms < earlier[0]) or (known.ok and isinstance(known.act, ClockStep)):
                    return True
        return False

    # Operations: laws 17 to 19.

    def of(self, kind: type[Act], request: str) -> list[Known]:
        return [known for known in self.all(kind) if getattr(known.act, "request", None) == request]

    def inside_area(self, act: OperationPropose) -> bool:
        versions = self.areas(act.area)
        may = act.executing in self.signatories  # the tier of `laws.agreement` lets every signatory execute
        return len(versions) == 1 and may and _inside(act.volume, versions[0].ring)

    def is_held(self, request: Known) -> bool:
        act = request.act
        assert isinstance(act, OperationPropose)
        for known in self.all(Hold):
            hold = known.act
            assert isinstance(hold, Hold)
            everywhere = hold.request is None and hold.volume is None
            over = hold.volume is not None and _meet(hold.volume, act.volume)
            if (hold.request == request.id or everywhere or over) and self.hold_stands(known):
                return True
        return False

    def covers(self, consent: Known, request: Known) -> bool:
        """Whether every fact of this past is in the consent's past."""
        act = request.act
        assert isinstance(act, OperationPropose)
        for known in self.past - consent.past:
            if known.ok and _is_fact(known.act, request.id, act.volume):
                return False
        then = Judgement(self.drafts, self.founding_hash, self.entry, consent.past)
        for area in {act.area for known in self.all(AreaPropose) if isinstance(act := known.act, AreaPropose)}:
            if self.joint.heads(f"area/{area}") ^ then.joint.heads(f"area/{area}") and self._touches(
                area, then, request
            ):
                return False
        return True

    def _touches(self, area: str, then: Judgement, request: Known) -> bool:
        act = request.act
        assert isinstance(act, OperationPropose)
        now_rings = {version.content(): version for version in self.areas(area)}
        then_rings = {version.content(): version for version in then.areas(area)}
        changed = [
            version
            for content, version in (now_rings | then_rings).items()
            if (content in now_rings) != (content in then_rings)
        ]
        return any(_rings_meet(version.ring, act.volume.ring) for version in changed)

    def bars_itself(self, request: Known) -> bool:
        """Law 19: own consents to others' operations in the room, whatever the hour, until they are over."""
        act = request.act
        assert isinstance(act, OperationPropose)
        for consent in self.all(OperationConsent):
            given = consent.act
            assert isinstance(given, OperationConsent)
            other = self.find(given.request, OperationPropose)
            if consent.party != self.party or other is None:
                continue
            if not _rings_meet(_volume(other).ring, act.volume.ring):
                continue
            if not self.bar_is_over(consent, given):
                return True
        return False

    def bar_is_over(self, consent: Known, given: OperationConsent) -> bool:
        if self.of(OperationStart, given.request):
            return bool(self.of(OperationEnd, given.request))
        request, heard_ms = self.find(given.request, OperationPropose), self.newest_ms(given.executing)
        assert request is not None
        until_ms = _volume(request).window.until_ms
        if until_ms is not None and heard_ms >= until_ms:
            return True
        if self.at_ms > given.expires_ms and heard_ms > given.expires_ms:
            return True
        withdrawals = {known for known in self.all(OperationWithdraw) if known.act.consent == consent.id}  # type: ignore[attr-defined]
        return any(known.party == given.executing and known.past & withdrawals for known in self.past)

    def others_under_way(self, volume: Volume) -> list[Known]:
        """Starts that have not ended, in that air whatever the hour."""
        found = []
        for known in self.all(OperationStart):
            request = self.find(known.act.request, OperationPropose)  # type: ignore[attr-defined]
            assert request is not None
            if not self.of(OperationEnd, request.id) and _rings_meet(_volume(request).ring, volume.ring):
                found.append(known)
        return found

    def asked(self, request: Known) -> Asked:
        """What a movement asks for now, and who has agreed to it: the newest answer of each, knowing what is asked."""
        acts = sorted((each for each in self.sound if _names(each.act) == request.id), key=lambda each: each.order)
        accepts = [each for each in acts if isinstance(each.act, MovementAccept)]
        volume, alternative, newest = _volume(request), None, None
        if accepts:
            newest = accepts[-1]
            alternative = newest.act.alternative  # type: ignore[attr-defined]
            offer = self.find(alternative, MovementAlternative)
            assert offer is not None
            volume = _volume(offer)
        agreed = set()
        for party in {each.party for each in acts}:
            answers = [
                each for each in acts if each.party == party and isinstance(each.act, MovementAgree | MovementDeny)
            ]
            last = answers[-1] if answers else None
            if last is None or (newest is not None and (newest not in last.past or last.order < newest.order)):
                continue
            agrees = isinstance(last.act, MovementAgree) and last.act.alternative == alternative
            if agrees and not self.is_stolen(last):
                agreed.add(party)
        return Asked(volume, alternative, agreed)

    def barring_movements(self, volume: Volume) -> bool:
        for known in self.all(MovementRequest):
            ended = self.of(MovementArrive, known.id) or self.of(MovementCancel, known.id)
            if ended or self.is_lifted(known.id):
                continue
            own = self.asked(known).volume
            under_way = bool(self.of(MovementClear, known.id))
            until_ms = None if under_way else own.window.until_ms
            if _rings_meet(own.ring, volume.ring) and _overlap(own.window.from_ms, until_ms, volume):
                return True
        return False

    def line_is_tried(self, other: str) -> bool:
        """By the other's own newest check of its line to this party; a thief may find it dead, and never working."""
        own = [
            known
            for known in self.all(LineCheck)
            if known.party == other and known.act.with_participant == self.party  # type: ignore[attr-defined]
        ]
        counted = [each for each in own if each.act.result == "dead" or not self.is_stolen(each)]  # type: ignore[attr-defined]
        last = max(counted, key=lambda known: (known.at_ms, known.entry.seq), default=None)
        if last is None or last.act.result == "dead":  # type: ignore[attr-defined]
            return False
        return self.at_ms - last.at_ms <= self.numbers["line_check_within_min"] * MINUTE_MS

    def officer_is_there(self, other: str) -> bool:
        """Whether an officer of the other, not its machine nor its root key, signed lately."""
        since_ms = self.at_ms - self.numbers["giver_seen_within_min"] * MINUTE_MS
        return any(
            known.party == other
            and known.at_ms >= since_ms
            and known.entry.header.seat not in ("root", "office")
            and not self.is_stolen(known)
            for known in self.sound
        )


def _names(act: Act) -> str | None:
    return getattr(act, "request", None)


def _volume(known: Known) -> Volume:
    volume = getattr(known.act, "volume", None)
    assert isinstance(volume, Volume)
    return volume


def _rings_meet(one: Ring, other: Ring) -> bool:
    names = {RING_NAMES[one], RING_NAMES[other]}
    return len(names) == 1 or "wide" in names


def _inside(inner: Volume, outer: Ring) -> bool:
    return RING_NAMES[outer] == "wide" or inner.ring == outer


def _overlap(from_ms: int, until_ms: int | None, volume: Volume) -> bool:
    window = volume.window
    return (until_ms is None or window.from_ms < until_ms) and (window.until_ms is None or from_ms < window.until_ms)


def _meet(one: Volume, other: Volume) -> bool:
    return _rings_meet(one.ring, other.ring) and _overlap(one.window.from_ms, one.window.until_ms, other)


def _is_fact(act: Act, request: str, volume: Volume) -> bool:
    if isinstance(act, FactState | MovementRequest | MovementAlternative):
        return _meet(act.volume, volume)
    if isinstance(act, Hold):
        if act.volume is not None and _meet(act.volume, volume):
            return True
        return act.request == request or (act.request is None and act.volume is None)
    return False
