"""The slow reference: a history in which every entry carries the set of all entries in its past.

Written from LAWS.md and not from the code: nothing of `comity.rules`, `comity.model.records` or `comity.model.history`
is used here. It knows the acts that `drama` plays, under the founding terms of `laws.agreement`, and says of each
entry whether it is admitted; reasons are not its business.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from comity.model.acts import Act, Nature
from comity.model.acts.agreement import LiftPropose, Proposal, Suspend, Vote
from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.acts.areas import AreaDissolve, AreaPropose
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import ClockStep, Compromised, Enrol, Join, Revoke, Watch
from comity.model.acts.movements import (
    MovementAcknowledge,
    MovementAgree,
    MovementArrive,
    MovementCancel,
    MovementClear,
    MovementRequest,
)
from comity.model.acts.operations import (
    FactState,
    Hold,
    OperationConfirm,
    OperationConsent,
    OperationEnd,
    OperationPropose,
    OperationStart,
    OperationWithdraw,
)
from comity.model.codec import encode
from comity.model.entry import Entry
from comity.model.volume import Ring, Volume
from laws.agreement import NUMBERS, Draft, key_of
from laws.plays import PLACES, ring

MINUTE_MS = 60_000
RING_NAMES: dict[Ring, str] = {ring(name): name for name in PLACES}


@dataclass(frozen=True, eq=False)
class Known:
    """An entry with its whole past, and whether it is admitted."""

    entry: Entry
    past: frozenset[Known]
    ok: bool

    @property
    def act(self) -> Act:
        assert isinstance(self.entry.act, Act)
        return self.entry.act

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def at_ms(self) -> int:
        return self.entry.at_ms

    @property
    def party(self) -> str:
        return self.entry.origin.split("/")[1]


class Reference:
    """Takes entries in any causal order; `roots` says which entry ends the first `size` entries with that root."""

    def __init__(self, draft: Draft, founding_hash: str) -> None:
        self.draft = draft
        self.founding_hash = founding_hash
        self.entries: dict[str, Known] = {}
        self.by_root: dict[tuple[str, int, str], Known] = {}

    def add(self, entry: Entry, root: bytes) -> Known:
        """Judges an entry whose cited heads are all here."""
        if entry.id in self.entries:
            return self.entries[entry.id]
        heads = [self.by_root[(origin, size, head)] for origin, (size, head) in entry.seen.items()]
        past = frozenset().union(*(head.past | {head} for head in heads))
        known = Known(entry, past, Judgement(self, entry, past).admits())
        self.entries[entry.id] = known
        self.by_root[(entry.origin, entry.seq + 1, root.hex())] = known
        return known


class Judgement:
    """One entry before the reference, with the admitted entries of its past at hand."""

    def __init__(self, reference: Reference, entry: Entry, past: frozenset[Known]) -> None:
        self.draft = reference.draft
        self.founding_hash = reference.founding_hash
        self.entry, self.past = entry, past
        self.sound = [known for known in past if known.ok]
        self.party = entry.origin.split("/")[1]
        self.at_ms = entry.at_ms
        self.signatories = set(self.draft.names.signatories)
        self.numbers = {name: value for name, (_, value) in NUMBERS.items()} | dict(self.draft.numbers)

    def admits(self) -> bool:
        """Whether the entry has effect."""
        act = self.entry.act
        assert isinstance(act, Act)
        if self.entry.seq == 0:
            return self.begins(act)
        if not self.signed_rightly(act) or not self.seconded():
            return False
        under_terms = self.entry.header.terms == self.founding_hash and self.in_force()
        if act.nature in (Nature.VOTE, Nature.RECORD, Nature.PERMISSION) and not under_terms:
            return False
        is_lift = isinstance(act, Vote) and act.thing.startswith("lift/") and act.content is not None
        if (act.nature is Nature.PERMISSION or is_lift) and self.forked():
            return False
        on_floor = act.name.split(".")[0] in self.draft.keeps
        if act.nature is Nature.PERMISSION and not on_floor and self.standing_suspensions():
            return False
        return CHAPTERS[type(act)](self, act)

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
        header = self.entry.header
        if header.seat == "root":
            may = act.nature in (Nature.KEY, Nature.VOTE) or isinstance(act, Revoke | Compromised)
            return may and header.key == key_of(f"{self.entry.origin} root")
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
        second = self.entry.header.second
        if second is None:
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

    def votes(self, thing: str) -> list[tuple[Known, Vote]]:
        return [(known, act) for known in self.all(Vote) if isinstance(act := known.act, Vote) and act.thing == thing]

    def changes(self, thing: str) -> dict[str, tuple[tuple[str, ...], str]]:
        """The complete changes of a thing: by name, their predecessors and content."""
        found = {}
        ballots = {(tuple(sorted(act.after)), act.round, act.content) for _, act in self.votes(thing)}
        for after, number, content in ballots:
            voters = {
                known.party
                for known, act in self.votes(thing)
                if (tuple(sorted(act.after)), act.round, act.content) == (after, number, content)
            }
            if content is not None and voters >= self.signatories:
                found[_change_name(thing, after, content)] = (after, content)
        return found

    def heads(self, thing: str) -> set[str]:
        changes = self.changes(thing)
        return set(changes) - {before for after, _ in changes.values() for before in after}

    def in_force(self) -> bool:
        return bool(self.heads("terms"))

    def is_lifted(self, restraint: str) -> bool:
        lifts = [known.act for known in self.all(LiftPropose)]
        return any(restraint in act.lifts and self.changes(act.thing) for act in lifts if isinstance(act, LiftPropose))

    def standing_suspensions(self) -> list[Known]:
        return [known for known in self.all(Suspend) if not self.is_lifted(known.id)]

    def areas(self, area: str) -> list[AreaPropose]:
        """The versions of an area in force."""
        contents = {
            content for name, (_, content) in self.changes(f"area/{area}").items() if name in self.heads(f"area/{area}")
        }
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

    def is_stolen(self, consent: Known) -> bool:
        for known in self.all(Compromised):
            act = known.act
            assert isinstance(act, Compromised)
            if act.key == consent.entry.header.key and consent.entry.seq >= act.since_seq:
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
        return len(versions) == 1 and _inside(act.volume, versions[0].ring)

    def is_held(self, request: Known) -> bool:
        act = request.act
        assert isinstance(act, OperationPropose)
        for known in self.all(Hold):
            hold = known.act
            assert isinstance(hold, Hold)
            everywhere = hold.request is None and hold.volume is None
            over = hold.volume is not None and hold.request is None and _meet(hold.volume, act.volume)
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
        then = Judgement.__new__(Judgement)
        then.__dict__ = self.__dict__ | {"sound": [known for known in consent.past if known.ok], "past": consent.past}
        for area in {act.area for known in self.all(AreaPropose) if isinstance(act := known.act, AreaPropose)}:
            if self.heads(f"area/{area}") ^ then.heads(f"area/{area}") and self._touches(area, then, request):
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
        """Law 19: own consents to others' operations in the volume, until they are over."""
        act = request.act
        assert isinstance(act, OperationPropose)
        for consent in self.all(OperationConsent):
            given = consent.act
            assert isinstance(given, OperationConsent)
            other = self.find(given.request, OperationPropose)
            if consent.party != self.party or other is None or not _meet(_volume(other), act.volume):
                continue
            if not self.bar_is_over(consent, given):
                return True
        return False

    def bar_is_over(self, consent: Known, given: OperationConsent) -> bool:
        if self.of(OperationStart, given.request):
            return bool(self.of(OperationEnd, given.request))
        if self.at_ms > given.expires_ms and self.newest_ms(given.executing) > given.expires_ms:
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

    def barring_movements(self, volume: Volume) -> bool:
        for known in self.all(MovementRequest):
            ended = self.of(MovementArrive, known.id) or self.of(MovementCancel, known.id)
            if ended or self.is_lifted(known.id):
                continue
            own = _volume(known)
            under_way = bool(self.of(MovementClear, known.id))
            until_ms = None if under_way else own.window.until_ms
            if _rings_meet(own.ring, volume.ring) and _overlap(own.window.from_ms, until_ms, volume):
                return True
        return False

    def line_is_tried(self, other: str) -> bool:
        """By the other's own newest check of its line to this party."""
        own = [
            known
            for known in self.all(LineCheck)
            if known.party == other and known.act.with_participant == self.party  # type: ignore[attr-defined]
        ]
        last = max(own, key=lambda known: (known.at_ms, known.entry.seq), default=None)
        if last is None or last.act.result == "dead":  # type: ignore[attr-defined]
            return False
        return self.at_ms - last.at_ms <= self.numbers["line_check_within_min"] * MINUTE_MS

    def officer_is_there(self, other: str) -> bool:
        """Whether an officer of the other, not its machine nor its root key, signed lately."""
        since_ms = self.at_ms - self.numbers["giver_seen_within_min"] * MINUTE_MS
        return any(
            known.party == other and known.at_ms >= since_ms and known.entry.header.seat not in ("root", "office")
            for known in self.sound
        )


def _change_name(thing: str, after: Iterable[str], content: str) -> str:
    return hashlib.sha256(b"comity change v1\n" + encode([thing, sorted(after), content])).hexdigest()


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
    if isinstance(act, FactState | MovementRequest):
        return _meet(act.volume, volume)
    if isinstance(act, Hold):
        if act.volume is not None:
            return _meet(act.volume, volume)
        return act.request in (None, request)
    return False


Chapter = Callable[[Judgement, Act], bool]


def proposal(case: Judgement, act: Act) -> bool:
    """A joint change is proposed by a signatory, on what stands."""
    assert isinstance(act, Proposal)
    if (
        case.party not in case.signatories
        or set(act.after) != case.heads(act.thing)
        or len(set(act.after)) != len(act.after)
    ):
        return False
    if isinstance(act, LiftPropose):
        lifted = [case.find(name) for name in act.lifts]
        return all(known is not None and known.act.nature is Nature.RESTRAINT for known in lifted)
    return not isinstance(act, AreaDissolve) or bool(case.areas(act.area))


def vote(case: Judgement, act: Act) -> bool:
    """One vote a round, for what was proposed, once the round before is dead."""
    assert isinstance(act, Vote)
    cast = [(known, each) for known, each in case.votes(act.thing) if sorted(each.after) == sorted(act.after)]
    before = {each.content for _, each in cast if each.round == act.round - 1}
    proposed = [known.act for known in case.all(Proposal) if isinstance(known.act, Proposal)]
    return (
        case.party in case.signatories
        and set(act.after) == case.heads(act.thing)
        and not any(known.party == case.party and each.round == act.round for known, each in cast)
        and (act.round == 0 or None in before or len(before) > 1)
        and (act.content is None or any(each.content() == act.content and each.thing == act.thing for each in proposed))
    )


def request(case: Judgement, act: Act) -> bool:
    """A signatory asks for an operation in an area in force."""
    assert isinstance(act, OperationPropose)
    until_ms = act.volume.window.until_ms
    assert until_ms is not None
    return case.party in case.signatories and until_ms > case.at_ms and case.inside_area(act)


def consent(case: Judgement, act: Act) -> bool:
    """A lease by another signatory, through an officer who did not draft the request."""
    assert isinstance(act, OperationConsent)
    known = case.find(act.request, OperationPropose)
    if known is None or case.party not in case.signatories or case.of(OperationStart, act.request):
        return False
    asked = known.act
    assert isinstance(asked, OperationPropose)
    most_ms = case.at_ms + case.numbers["lease_max_min"] * MINUTE_MS
    same_person = known.party == case.party and _officer(case, known) == case.enrolled(case.entry.header.key)
    return (
        act.executing == asked.executing != case.party
        and not same_person
        and case.at_ms < act.expires_ms <= most_ms
        and case.inside_area(asked)
        and not case.is_held(known)
    )


def _officer(case: Judgement, known: Known) -> str | None:
    names = [each.act.officer for each in case.all(Enrol) if each.act.key == known.entry.header.key]  # type: ignore[attr-defined]
    return names[0] if names else None


def confirm(case: Judgement, act: Act) -> bool:
    """The giver says that his live consent still stands."""
    assert isinstance(act, OperationConfirm)
    known, given = case.find(act.request, OperationPropose), case.find(act.consent, OperationConsent)
    if known is None or given is None or given.party != case.party or case.of(OperationStart, act.request):
        return False
    return given.act.request == act.request and not case.is_held(known) and case.is_live(given)  # type: ignore[attr-defined]


def start(case: Judgement, act: Act) -> bool:
    """Laws 17 to 20 and 25, together."""
    assert isinstance(act, OperationStart)
    known = case.find(act.request, OperationPropose)
    if known is None or case.of(OperationStart, act.request):
        return False
    asked = known.act
    assert isinstance(asked, OperationPropose)
    window = asked.volume.window
    assert window.until_ms is not None
    cited = [each for name in act.consents if (each := case.find(name, OperationConsent)) is not None]
    cited = [each for each in cited if each.act.request == act.request]  # type: ignore[attr-defined]
    others = case.signatories - {case.party}
    return (
        case.party == asked.executing
        and window.from_ms <= case.at_ms < window.until_ms
        and case.inside_area(asked)
        and not case.is_held(known)
        and others <= {each.party for each in cited}
        and all(case.is_live(each) and case.covers(each, known) and _confirmed(case, each) for each in cited)
        and not case.barring_movements(asked.volume)
        and not case.bars_itself(known)
        and not any(each.party != case.party for each in case.others_under_way(asked.volume))
        and all(_there(case, other) for other in others)
    )


def _confirmed(case: Judgement, given: Known) -> bool:
    within_ms = case.numbers["confirm_within_min"] * MINUTE_MS
    said = [each for each in case.all(OperationConfirm) if each.act.consent == given.id]  # type: ignore[attr-defined]
    last = [each for each in said if not any(each in other.past for other in said)]
    return any(case.at_ms - each.at_ms <= within_ms for each in last)


def _there(case: Judgement, other: str) -> bool:
    return case.officer_is_there(other) and case.line_is_tried(other)


def withdrawal(case: Judgement, act: Act) -> bool:
    """The giver takes his own consent back."""
    assert isinstance(act, OperationWithdraw)
    given = case.find(act.consent, OperationConsent)
    return given is not None and given.party == case.party and given.act.request == act.request  # type: ignore[attr-defined]


def ending(case: Judgement, act: Act) -> bool:
    """Who started ends, once."""
    assert isinstance(act, OperationEnd)
    started = [known for known in case.of(OperationStart, act.request) if known.party == case.party]
    return bool(started) and not case.of(OperationEnd, act.request)


def hold(case: Judgement, act: Act) -> bool:
    """Anyone holds anything that is there."""
    assert isinstance(act, Hold)
    return act.request is None or case.find(act.request) is not None


def clearance(case: Judgement, act: Act) -> bool:
    """The requester clears what all signatories agreed to and acknowledged, with no live start in the air."""
    assert isinstance(act, MovementClear)
    asked = case.find(act.request, MovementRequest)
    if asked is None or asked.party != case.party or _is_over(case, act.request):
        return False
    agreed = {known.party for known in case.of(MovementAgree, act.request)}
    told = {known.party for known in case.of(MovementAcknowledge, act.request)} | {asked.party}
    return (
        case.signatories - {asked.party} <= agreed
        and case.signatories <= told
        and not case.others_under_way(_volume(asked))
    )


def _is_over(case: Judgement, request: str) -> bool:
    return bool(case.of(MovementArrive, request) or case.of(MovementCancel, request))


def answer(case: Judgement, act: Act) -> bool:
    """Another than the requester acknowledges, and if he is a signatory agrees, while it is not over."""
    name: str = getattr(act, "request", "")
    asked = case.find(name, MovementRequest)
    may = isinstance(act, MovementAcknowledge) or case.party in case.signatories
    return asked is not None and asked.party != case.party and may and not _is_over(case, name)


def finish(case: Judgement, act: Act) -> bool:
    """The requester ends its own movement, once; what was never cleared is cancelled, not arrived."""
    name: str = getattr(act, "request", "")
    asked = case.find(name, MovementRequest)
    cleared = bool(case.of(MovementClear, name)) or isinstance(act, MovementCancel)
    return asked is not None and asked.party == case.party and cleared and not _is_over(case, name)


def enrolment(case: Judgement, act: Act) -> bool:
    """The root key enrols a key that nobody ever had."""
    assert isinstance(act, Enrol)
    used = any(isinstance(each, Enrol) and each.key == act.key for each in (known.act for known in case.sound))
    return case.entry.header.seat == "root" and not used


def key_end(case: Judgement, act: Act) -> bool:
    """A party ends its own keys."""
    key = getattr(act, "key", None)
    return any(known.party == case.party and known.act.key == key for known in case.all(Enrol))  # type: ignore[attr-defined]


def opening(case: Judgement, act: Act) -> bool:
    """A seal opens for its owner, to what was sealed in that log."""
    assert isinstance(act, ThreatOpen)
    sealed = case.find(act.seal, ThreatSeal)
    if sealed is None or sealed.party != case.party:
        return False
    seal = sealed.act
    assert isinstance(seal, ThreatSeal)
    covered = [sealed.entry.origin, encode(seal.window).decode(), act.salt, encode(act.volume).decode(), act.note]
    return hashlib.sha256(b"comity seal v1\n" + encode(covered)).hexdigest() == seal.commitment


def always(case: Judgement, act: Act) -> bool:
    """Good standing is all it takes."""
    return True


def by_signatory(case: Judgement, act: Act) -> bool:
    """Only a signatory suspends."""
    return case.party in case.signatories


def seconded(case: Judgement, act: Act) -> bool:
    """A clock is set back by two."""
    return case.entry.header.second is not None


CHAPTERS: dict[type[Act], Chapter] = {
    AreaPropose: proposal,
    AreaDissolve: proposal,
    LiftPropose: proposal,
    Vote: vote,
    OperationPropose: request,
    OperationConsent: consent,
    OperationConfirm: confirm,
    OperationStart: start,
    OperationWithdraw: withdrawal,
    OperationEnd: ending,
    Hold: hold,
    FactState: always,
    Suspend: by_signatory,
    LineCheck: always,
    Watch: always,
    MovementRequest: always,
    MovementAcknowledge: answer,
    MovementAgree: answer,
    MovementClear: clearance,
    MovementArrive: finish,
    MovementCancel: finish,
    Enrol: enrolment,
    Revoke: key_end,
    Compromised: key_end,
    ThreatSeal: always,
    ThreatOpen: opening,
    ClockStep: seconded,
}
