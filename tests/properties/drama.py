"""What may happen between offices, move by move: each move is directed, and does something useful if it can.

A move is named by three small numbers, so that the same list of moves can be played again in another world.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from comity.model.acts import Act
from comity.model.acts.agreement import LiftPropose, Proposal, Suspend, Vote
from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.acts.areas import AreaDissolve, AreaPropose
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import ClockStep, Compromised, Enrol, Revoke, Watch
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
from comity.model.entry import Second
from comity.model.history import Taken
from comity.model.records.areas import area_versions
from comity.model.records.change import heads
from comity.model.volume import Window
from laws.agreement import Draft, key_of
from laws.plays import EVERYWHERE, ring, volume
from laws.world import HOUR_MS, MINUTE_MS, NOON_MS, SIGNATURE, Office, World

T = TypeVar("T")
PLACES = ("orchard", "quarry", "wide")
LEASES_MIN = (5, 30, 120)
SALT = "5a" * 32


@dataclass
class Drama:
    """A world in which moves are made."""

    draft: Draft = field(default_factory=Draft)

    def __post_init__(self) -> None:
        self.world = World(self.draft)
        self.signatories = self.draft.names.signatories
        self.keys: dict[tuple[str, str], str] = {}
        self.count = 0
        self.forked: set[str] = set()

    def play(self, move: str, a: int = 0, b: int = 0, c: int = 0) -> None:
        """Makes one move; what cannot be done becomes a delivery."""
        if not MOVES[move](self, a, b, c):
            deliver(self, a, b, c)

    @property
    def offices(self) -> list[str]:
        """Every office, twins included."""
        return list(self.world.offices)

    def who(self, number: int) -> str:
        """An office by number."""
        return self.offices[number % len(self.offices)]

    def party(self, number: int) -> str:
        """An office of a signatory by number."""
        offices = [name for name in self.offices if self.world[name].party in self.signatories]
        return offices[number % len(offices)]

    def sign(self, who: str, act: Act, officer: str = "first", **changes: object) -> Taken:
        """An officer signs with the key that he has now."""
        seat = "root" if officer == "root" else "duty"
        if not isinstance(act, ClockStep):
            self.keep_time(who)
        key = self.keys.get((self.world[who].party, officer))
        if key is not None:
            changes["key"] = key
        return self.world.sign(who, act, officer, seat, **changes)

    def keep_time(self, who: str) -> None:
        """An honest office signs nothing before its own newest entry; a twin may have signed that."""
        office = self.world[who]
        tip = office.history.branches_of(office.origin)[0]
        office.at_ms = max(office.at_ms, office.history.at(tip.id, tip.size - 1).entry.at_ms)

    def known(self, who: str, *kinds: type) -> list[Taken]:
        """The admitted entries of some kinds that an office holds, the newest first."""
        entries = self.world[who].history.entries
        return [taken for taken in reversed(entries) if taken.refusal is None and isinstance(taken.entry.act, kinds)]

    def next_name(self, what: str) -> str:
        """A name not used before."""
        self.count += 1
        return f"{what}-{self.count}"


def pick(options: Sequence[T], number: int) -> T | None:
    """One of them by number, the first ones most often; None if there is none."""
    return options[number % len(options)] if options else None


def deliver(drama: Drama, a: int, b: int, c: int) -> bool:
    """One office hands all that it holds to another; which branch of a fork, if any, decides who took what first."""
    source, receiver = drama.who(a), drama.who(b)
    if source != receiver:
        drama.world.deliver(source, receiver)
    return True


def deliver_some(drama: Drama, a: int, b: int, c: int) -> bool:
    """One entry and its past, so that the rest stays on the way."""
    source, receiver = drama.who(a), drama.who(b)
    entries = drama.world[source].history.entries
    if source == receiver:
        return False
    drama.world.deliver(source, receiver, entries[-1 - c % min(8, len(entries))])
    return True


def share(drama: Drama, a: int, b: int, c: int) -> bool:
    """Everybody hears everything."""
    drama.world.share()
    return True


def tick(drama: Drama, a: int, b: int, c: int) -> bool:
    """Time goes by, everywhere or in one office only."""
    minutes = (1, 7, 31, 70)[b % 4]
    if c % 3:
        drama.world[drama.who(a)].at_ms += minutes * MINUTE_MS
    else:
        drama.world.tick(minutes)
    return True


def propose_area(drama: Drama, a: int, b: int, c: int) -> bool:
    """A signatory proposes a version of an area, or its end; and votes for it."""
    who = drama.party(a)
    write = drama.world.written
    area = write(("valley", "gorge")[c % 2 and c % 3 == 0])
    after = tuple(each.id for each in heads(drama.world[who].view, f"area/{area}"))
    place = ("wide", "orchard", "wide")[b % 3]
    act: Proposal = AreaPropose(area=area, tier=write("open"), ring=ring(place), band=EVERYWHERE, after=after)
    if after and b % 5 == 4:
        act = AreaDissolve(area=area, after=after)
    drama.sign(who, act)
    return vote_for(drama, who, act, 0)


def vote_for(drama: Drama, who: str, act: Proposal, number: int, declines: bool = False) -> bool:
    """A vote in some round."""
    content = None if declines else act.content()
    drama.sign(who, Vote(thing=act.thing, after=act.after, round=number, content=content))
    return True


def vote(drama: Drama, a: int, b: int, c: int) -> bool:
    """A signatory votes on something proposed, mostly for it and in the round that is open."""
    who = drama.party(a)
    proposal = pick(drama.known(who, Proposal)[:4], b)
    if proposal is None:
        return False
    assert isinstance(proposal.entry.act, Proposal)
    return vote_for(drama, who, proposal.entry.act, (0, 0, 0, 1, 2)[c % 5], declines=c % 7 == 6)


def agree_all(drama: Drama, a: int, b: int, c: int) -> bool:
    """What was proposed last is voted for by all, and everybody holds it."""
    drama.world.share()
    for who in drama.signatories:
        proposal = pick(drama.known(who, Proposal), 0)
        if proposal is not None and isinstance(proposal.entry.act, Proposal):
            vote_for(drama, who, proposal.entry.act, 0)
    drama.world.share()
    return True


def propose(drama: Drama, a: int, b: int, c: int) -> bool:
    """A request, drafted by either party."""
    write = drama.world.written
    executing = drama.world[drama.party(b)].party
    hour = max(0, drama.world[drama.party(a)].at_ms - NOON_MS) // HOUR_MS
    act = OperationPropose(
        operation=drama.next_name("op"),
        area=write("valley"),
        group=write("bands"),
        executing=write(executing),
        volume=volume(PLACES[c % 3], hour + (0, 0, 0, 2)[c % 4], hour + (6, 12, 3)[b % 3]),
    )
    drama.sign(drama.party(a), act)
    return True


def consent(drama: Drama, a: int, b: int, c: int) -> bool:
    """A consent to something requested, by whichever officer."""
    who = drama.party(a)
    request = pick(drama.known(who, OperationPropose)[:3], b)
    if request is None:
        return False
    assert isinstance(request.entry.act, OperationPropose)
    expires_ms = drama.world[who].at_ms + LEASES_MIN[c % 3] * MINUTE_MS
    act = OperationConsent(request=request.entry.id, executing=request.entry.act.executing, expires_ms=expires_ms)
    given = drama.sign(who, act, "second" if c % 4 else "first")
    drama.sign(who, OperationConfirm(request=request.entry.id, consent=given.entry.id), "second")
    return True


def withdraw(drama: Drama, a: int, b: int, c: int) -> bool:
    """A consent is taken back; sometimes another's, in vain."""
    who = drama.party(a)
    given = pick(drama.known(who, OperationConsent)[:3], b)
    if given is None:
        return False
    assert isinstance(given.entry.act, OperationConsent)
    drama.sign(who, OperationWithdraw(request=given.entry.act.request, consent=given.entry.id))
    return True


def start(drama: Drama, a: int, b: int, c: int) -> bool:
    """A start after consents, citing what there is; sometimes by the wrong party, or citing others."""
    who = drama.party(a)
    party = drama.world.written(drama.world[who].party)
    requests = [taken for taken in drama.known(who, OperationPropose) if executes(taken, party) or c % 7 == 6]
    consented = [each for each in requests if consents_to(drama, who, each)]
    request = pick(consented or requests if b % 6 < 5 else requests, (0, 0, 1, 2)[b % 4])
    if request is None:
        return False
    consents = consents_to(drama, who, request)
    cited = [each.entry.id for each in (consents if c % 5 else drama.known(who, OperationConsent)[:2])]
    drama.sign(who, OperationStart(request=request.entry.id, consents=tuple(cited[:2]) or (request.entry.id,)))
    return True


def executes(request: Taken, party: str) -> bool:
    """Whether a request names that executing party."""
    act = request.entry.act
    return isinstance(act, OperationPropose) and act.executing == party


def consents_to(drama: Drama, who: str, request: Taken) -> list[Taken]:
    """The consents to a request that an office holds."""
    found = []
    for taken in drama.known(who, OperationConsent):
        act = taken.entry.act
        if isinstance(act, OperationConsent) and act.request == request.entry.id:
            found.append(taken)
    return found


def ready(drama: Drama, a: int, b: int, c: int) -> bool:
    """An area in force, lines tried, a request consented to and confirmed: the next start is likely admitted."""
    write, executing = drama.world.written, drama.signatories[a % len(drama.signatories)]
    drama.world.share()
    if not area_versions(drama.world[executing].view, write("valley")):
        propose_area(drama, 0, 0, 0)
        agree_all(drama, 0, 0, 0)
    drama.world.share()
    for who in drama.signatories:
        for other in drama.signatories:
            if who != other:
                drama.sign(who, LineCheck(with_participant=write(other), result="working"))
    numbers = {name: index for index, name in enumerate(drama.offices)}
    propose(drama, numbers[executing], list(drama.signatories).index(executing), c)
    drama.world.share()
    for who in drama.signatories:
        if who != executing:
            request = pick(drama.known(who, OperationPropose), 0)
            if request is None:
                return False
            expires_ms = drama.world[who].at_ms + LEASES_MIN[b % 3] * MINUTE_MS
            act = OperationConsent(request=request.entry.id, executing=write(executing), expires_ms=expires_ms)
            given = drama.sign(who, act, "second")
            drama.sign(who, OperationConfirm(request=request.entry.id, consent=given.entry.id), "second")
    drama.world.share()
    return True


def race(drama: Drama, a: int, b: int, c: int) -> bool:
    """A start, and at the same moment what would have stopped it, in another office."""
    ready(drama, a, b, c)
    executing = drama.signatories[a % len(drama.signatories)]
    giver = next(name for name in drama.signatories if name != executing)
    number = drama.offices.index(executing)
    start(drama, _party_number(drama, executing), 0, 1)
    for move in (withdraw, hold, ask_movement, fact)[b % 4 : b % 4 + 1]:
        move(drama, _party_number(drama, giver) if move is withdraw else drama.offices.index(giver), 0, c)
    deliver(drama, number, drama.offices.index(giver), 0)
    return True


def spoiled(drama: Drama, a: int, b: int, c: int) -> bool:
    """All is ready for a start; then something happens that may end it, heard of or not; then it starts."""
    ready(drama, a, (0, 1, 1, 2)[c % 4], 0)
    executing = drama.signatories[a % len(drama.signatories)]
    giver = next(name for name in drama.signatories if name != executing)
    starter = _party_number(drama, executing)
    SPOILS[b % len(SPOILS)](drama, executing, giver, c)
    if c % 3:
        drama.world.share()
    start(drama, starter, 0, 1)
    return True


def lapse(drama: Drama, executing: str, giver: str, c: int) -> None:
    """The clock of one of the two runs on, past a short lease."""
    runs = (executing, giver, "centre")[c % 3]
    drama.world[runs].at_ms += (7, 31, 70)[c % 2] * MINUTE_MS
    check_line(drama, _party_number(drama, giver), 0, 0)
    if runs == "centre":
        watch(drama, drama.offices.index("centre"), 0, 0)


def theft(drama: Drama, executing: str, giver: str, c: int) -> None:
    """The giver's key is revoked or was stolen."""
    change_key(drama, _party_number(drama, giver), 1, c)


def redraw(drama: Drama, executing: str, giver: str, c: int) -> None:
    """The area is agreed anew, or dissolved."""
    propose_area(drama, 0, (0, 4)[c % 2], 0)
    agree_all(drama, 0, 0, 0)


def rewind(drama: Drama, executing: str, giver: str, c: int) -> None:
    """The executing party's clock passes the lease and is set back."""
    drama.world[executing].at_ms += 45 * MINUTE_MS
    watch(drama, drama.offices.index(executing), 0, 0)
    step_clock(drama, drama.offices.index(executing), 1, c)


def crossing(drama: Drama, executing: str, giver: str, c: int) -> None:
    """The executing party consents to the other's operation in the same air, and may take that back."""
    number = list(drama.signatories).index(giver)
    propose(drama, _party_number(drama, giver), number, 0)
    drama.world.deliver(giver, executing)
    consent(drama, _party_number(drama, executing), 0, (1, 2, 5)[c % 3])
    if c % 2:
        withdraw(drama, _party_number(drama, executing), 0, 0)
    if c % 4 == 3:
        drama.world.deliver(executing, giver)
        start(drama, _party_number(drama, giver), 0, 1)


def notice(drama: Drama, executing: str, giver: str, c: int) -> None:
    """Something new about the place: a fact, a hold, a movement."""
    move = (fact, hold, ask_movement)[c % 3]
    move(drama, c, c % 2, 2)


def end(drama: Drama, a: int, b: int, c: int) -> bool:
    """An operation ends."""
    who = drama.party(a)
    started = pick(drama.known(who, OperationStart), b)
    if started is None:
        return False
    assert isinstance(started.entry.act, OperationStart)
    drama.sign(who, OperationEnd(request=started.entry.act.request, how="completed"))
    return True


def hold(drama: Drama, a: int, b: int, c: int) -> bool:
    """A hold on a request, in a volume or everywhere, timed or not, by anyone."""
    who = drama.who(a)
    until_ms = drama.world[who].at_ms + 10 * MINUTE_MS if b % 2 else None
    request = pick(drama.known(who, OperationPropose)[:2], b)
    if c % 3 == 0 and request is not None:
        drama.sign(who, Hold(request=request.entry.id, until_ms=until_ms))
    elif c % 3 == 1:
        drama.sign(who, Hold(until_ms=until_ms))
    else:
        drama.sign(who, Hold(volume=volume(PLACES[b % 2]), until_ms=until_ms))
    return True


def lift(drama: Drama, a: int, b: int, c: int) -> bool:
    """A signatory would lift what it knows of, and votes for that."""
    who = drama.party(a)
    restraints = drama.known(who, Hold, Suspend, MovementRequest)
    if not restraints:
        return False
    chosen = restraints[b % len(restraints) :][: 1 + c % 2]
    act = LiftPropose(lifts=tuple(each.entry.id for each in chosen))
    drama.sign(who, act)
    vote_for(drama, who, act, 0)
    return agree_all(drama, a, b, c) if c % 2 else True


def suspend(drama: Drama, a: int, b: int, c: int) -> bool:
    """A signatory, or in vain somebody else, suspends; seldom, for it ends most of what may happen."""
    if c % 4:
        return False
    drama.sign(drama.who(a), Suspend())
    return True


def fact(drama: Drama, a: int, b: int, c: int) -> bool:
    """A fact about a place."""
    drama.sign(drama.who(a), FactState(fact="shelter", volume=volume(PLACES[b % 2])))
    return True


def ask_movement(drama: Drama, a: int, b: int, c: int) -> bool:
    """An exempt flight is asked for."""
    who, write = drama.who(a), drama.world.written
    act = MovementRequest(
        movement=drama.next_name("flight"),
        kind="flight",
        category=write("rescue"),
        operator=write(drama.world[who].party),
        route=((360_000_000, 370_000_000), (361_000_000, 370_000_000)),
        volume=volume(PLACES[b % 2], 0, (6, 1)[c % 2]),
        crew_count=2,
    )
    drama.sign(who, act)
    return True


def answer_movement(drama: Drama, a: int, b: int, c: int) -> bool:
    """Somebody acknowledges, agrees to, or does both to a movement."""
    who = drama.who(a)
    request = pick(drama.known(who, MovementRequest)[:2], b)
    if request is None:
        return False
    if c % 3 != 1:
        drama.sign(who, MovementAcknowledge(request=request.entry.id))
    if c % 3 != 2:
        drama.sign(who, MovementAgree(request=request.entry.id))
    return True


def clear(drama: Drama, a: int, b: int, c: int) -> bool:
    """The requester, or in vain another, clears."""
    who = drama.who(a)
    own = [each for each in drama.known(who, MovementRequest) if each.entry.origin == drama.world[who].origin]
    request = pick(own or drama.known(who, MovementRequest), b)
    if request is None:
        return False
    drama.sign(who, MovementClear(request=request.entry.id))
    return True


def handshake(drama: Drama, a: int, b: int, c: int) -> bool:
    """A movement is asked for, answered and cleared, while a start may be on its way."""
    ready(drama, a, b, 0)
    requester = drama.offices.index(("centre", drama.signatories[(a + 1) % len(drama.signatories)])[c % 2])
    ask_movement(drama, requester, 0, 0)
    starter = _party_number(drama, drama.signatories[a % len(drama.signatories)])
    if c % 3 == 0:
        start(drama, starter, 0, 1)
    drama.world.share()
    for name in drama.signatories:
        answer_movement(drama, drama.offices.index(name), 0, 0)
    if c % 3 == 1:
        start(drama, starter, 0, 1)
    if b % 4:
        drama.world.share()
    clear(drama, requester, 0, 0)
    if c % 3 == 2:
        start(drama, starter, 0, 1)
    return True


def finish_movement(drama: Drama, a: int, b: int, c: int) -> bool:
    """The requester, or in vain another, arrives or cancels."""
    who = drama.who(a)
    request = pick(drama.known(who, MovementRequest)[:3], b)
    if request is None:
        return False
    kind = (MovementArrive, MovementCancel)[c % 2]
    drama.sign(who, kind(request=request.entry.id))
    return True


def check_line(drama: Drama, a: int, b: int, c: int) -> bool:
    """A party speaks with another."""
    who = drama.party(a)
    other = next(name for name in drama.signatories if name != drama.world[who].party)
    drama.sign(who, LineCheck(with_participant=drama.world.written(other), result=("working", "dead")[c % 5 == 4]))
    return True


def watch(drama: Drama, a: int, b: int, c: int) -> bool:
    """An office says what it holds."""
    drama.keep_time(drama.who(a))
    drama.world.sign(drama.who(a), Watch(), "office", "office")
    return True


def change_key(drama: Drama, a: int, b: int, c: int) -> bool:
    """An officer's key is revoked or declared compromised, and he is given another."""
    who = drama.party(a)
    party, officer = drama.world[who].party, ("first", "second")[b % 2]
    key = drama.keys.get((party, officer), drama.world.key(who, officer))
    since_seq = max(0, drama.world[who].size(drama.world[who].origin) - 3)
    drama.sign(who, Revoke(key=key) if c % 2 else Compromised(key=key, since_seq=since_seq), "root")
    new = key_of(drama.next_name(f"{party} {officer}"))
    name = f"{officer}.{party}"
    drama.sign(who, Enrol(officer=name, seats=(drama.world.written("duty"),), key=new, proof=SIGNATURE), "root")
    if c % 3:
        drama.keys[(party, officer)] = new
    return True


def seal(drama: Drama, a: int, b: int, c: int) -> bool:
    """A seal is placed, or copied from another log."""
    who = drama.who(a)
    window = Window(from_ms=NOON_MS, until_ms=NOON_MS + HOUR_MS)
    blank = ThreatOpen(seal="00" * 32, salt=SALT, volume=volume("orchard"), note="fired at")
    made = ThreatSeal(commitment=blank.commitment(drama.world[who].origin, window), window=window)
    copied = pick(drama.known(who, ThreatSeal), b) if c % 2 else None
    drama.sign(who, copied.entry.act if copied is not None and isinstance(copied.entry.act, ThreatSeal) else made)
    return True


def unseal(drama: Drama, a: int, b: int, c: int) -> bool:
    """A seal is opened, rightly or wrongly."""
    who = drama.who(a)
    found = pick(drama.known(who, ThreatSeal), b)
    if found is None:
        return False
    place = PLACES[c % 4 == 3]
    drama.sign(who, ThreatOpen(seal=found.entry.id, salt=SALT, volume=volume(place), note="fired at"))
    return True


def step_clock(drama: Drama, a: int, b: int, c: int) -> bool:
    """Two officers, or one who signs twice, set a log's time back."""
    who = drama.who(a)
    office = drama.world[who]
    if office.party == "monitor" or office.at_ms - NOON_MS < 40 * MINUTE_MS:
        return False
    before_ms, officer = office.at_ms, "second" if c % 2 else "first"
    key = drama.keys.get((office.party, officer), drama.world.key(who, officer))
    office.at_ms -= (5, 40)[b % 2] * MINUTE_MS
    second = Second(key=key, seat=drama.world.written("duty"), signature=SIGNATURE)
    drama.sign(who, ClockStep(before_ms=before_ms), second=second)
    return True


def fork(drama: Drama, a: int, b: int, c: int) -> bool:
    """A second office appears over one log; what both sign forks it. Once a play, and late."""
    name = (*drama.signatories, "centre")[a % 3]
    if drama.forked or c % 3 or len(drama.world[name].history.entries) < 80:
        return False
    drama.world.twin(name, "double")
    twin: Office = drama.world["double"]
    for each, who in ((name, name), ("double", "double")):
        drama.sign(who, Hold(volume=volume("quarry"), until_ms=twin.at_ms + len(each)))
    drama.forked.add(name)
    readers = [each for each in drama.draft.names.all if each != name]
    for source, reader in zip((name, "double"), readers[b % 2 :], strict=False):
        drama.world.deliver(source, reader)
        watch(drama, drama.offices.index(reader), 0, 0)
    return True


def _party_number(drama: Drama, name: str) -> int:
    offices = [each for each in drama.offices if drama.world[each].party in drama.signatories]
    return offices.index(name)


SPOILS = (lapse, theft, redraw, rewind, crossing, notice)

MOVES: dict[str, Callable[[Drama, int, int, int], bool]] = {
    each.__name__: each
    for each in (
        deliver,
        deliver_some,
        share,
        tick,
        propose_area,
        vote,
        agree_all,
        propose,
        consent,
        withdraw,
        start,
        ready,
        race,
        spoiled,
        end,
        hold,
        lift,
        suspend,
        fact,
        ask_movement,
        answer_movement,
        clear,
        handshake,
        finish_movement,
        check_line,
        watch,
        change_key,
        seal,
        unseal,
        step_clock,
        fork,
    )
}

WEIGHTS = {
    "deliver": 4,
    "deliver_some": 3,
    "share": 2,
    "tick": 3,
    "ready": 2,
    "race": 4,
    "spoiled": 6,
    "start": 4,
    "handshake": 4,
    "end": 3,
    "lift": 2,
    "withdraw": 2,
    "finish_movement": 2,
}
"""How many times as often as the others a move is made; suspensions and forks end much, and are made seldom."""

PLAYED = tuple(name for name in MOVES for _ in range(WEIGHTS.get(name, 1)))
