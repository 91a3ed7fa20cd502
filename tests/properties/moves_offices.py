"""Moves of an office by itself: what it hears, its clock, its keys, its seals, its holds and facts, its fork."""

from __future__ import annotations

from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import ClockStep, Compromised, Enrol, Revoke, Watch
from comity.model.acts.operations import (
    FactState,
    Hold,
    OperationPropose,
)
from comity.model.entry import Second
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.model.volume import Window
from laws.agreement import key_of
from laws.plays import volume
from laws.world import NOON_MS, SIGNATURE, Office
from properties.drama import PLACES, SALT, Drama, pick


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


def hold(drama: Drama, a: int, b: int, c: int) -> bool:
    """A hold on a request, in a volume, of both or everywhere, timed or not, by anyone."""
    who = drama.who(a)
    until_ms = drama.world[who].at_ms + 10 * MINUTE_MS if b % 2 else None
    request = pick(drama.known(who, OperationPropose)[:2], b)
    if c % 3 == 0 and request is not None:
        also = volume(PLACES[b % 2]) if c % 2 else None
        drama.sign(who, Hold(request=request.entry.id, volume=also, until_ms=until_ms))
    elif c % 3 == 1:
        drama.sign(who, Hold(until_ms=until_ms))
    else:
        drama.sign(who, Hold(volume=volume(PLACES[b % 2]), until_ms=until_ms))
    return True


def fact(drama: Drama, a: int, b: int, c: int) -> bool:
    """A fact about a place."""
    drama.sign(drama.who(a), FactState(fact="shelter", volume=volume(PLACES[b % 2])))
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
