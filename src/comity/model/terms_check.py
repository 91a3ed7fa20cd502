"""Whether the parts of an agreement fit together: each check reads some sections and reports every misfit.

A check runs only if the sections that it reads are whole, so no fault is reported that another one causes.
"""

from __future__ import annotations

import difflib
from base64 import b64decode
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from comity.model.parameters import CHAPTERS, GOVERNS, PARAMETERS
from comity.model.terms import Clause, ClauseStatus, Pins, Role, Terms, Treatment, governing_clauses
from comity.model.terms_problem import FINDINGS_MOST, Finding, Path, shown
from comity.model.volume import DEG_E7, HALF_TURN_E7, ring_problem

KnownActs = frozenset[str] | None
FIRST_EDITION_MOST = 1 << 52
POLE_E7 = 90 * DEG_E7

_ALGORITHM_BYTES = 1  # what stands before the key in a verifier key line
_NAMED_TOGETHER = (
    ("participant", "operator"),
    ("seat",),
    ("group",),
    ("tier",),
    ("category",),
    ("unit",),
    ("reason",),
    ("precondition",),
    ("frequency",),
    ("distance",),
    ("airfield",),
)


_SIGNED_ALONE = {
    "agreement.join": "the root key",
    "key.enrol": "the root key",
    "key.rotate": "the root key",
    "office.watch": "the office's own key",
}


@dataclass(frozen=True, slots=True)
class Check:
    """A question to some terms; without the names of the acts it leaves out what needs them."""

    reads: frozenset[str]
    find: Callable[[Terms, KnownActs], Iterator[Finding]]


def run(checks: Iterable[Check], terms: Terms, broken: frozenset[str], known_acts: KnownActs) -> Iterator[Finding]:
    """The findings of all checks whose sections are whole, up to the most that is reported."""
    askable = (check for check in checks if not check.reads & broken)
    return islice(chain.from_iterable(check.find(terms, known_acts) for check in askable), FINDINGS_MOST)


def _unique_ids(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """No two things of one kind share an id; participants and operators count as one kind, for both act."""
    for sections in _NAMED_TOGETHER:
        first: dict[str, str] = {}
        for section in sections:
            for index, each in enumerate(getattr(terms, section)):
                if each.id in first:
                    problem = f"the id {each.id} is taken by {first[each.id]}"
                    yield Finding((section, index, "id"), problem, "give it another id")
                first.setdefault(each.id, f"{section}[{index}]")


def _references(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """What is named somewhere stands in the file."""
    participants = [each.id for each in terms.participant]
    groups = [each.id for each in terms.group]
    for index, seat in enumerate(terms.seat):
        yield from _each_known(seat.at, participants, "participant", ("seat", index, "at"))
    for index, tier in enumerate(terms.tier):
        yield from _each_known(tier.groups, groups, "group", ("tier", index, "groups"))
    for index, unit in enumerate(terms.unit):
        yield from _known(unit.participant, participants, "participant", ("unit", index, "participant"))


def _signatories_named(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """Only a signatory executes and answers for others (law 22)."""
    for index, operator in enumerate(terms.operator):
        yield from _known(operator.answerable, terms.signatories, "signatory", ("operator", index, "answerable"))
    for index, tier in enumerate(terms.tier):
        yield from _each_known(tier.executing, terms.signatories, "signatory", ("tier", index, "executing"))


def _answering_seats(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """The seats that answer for a clause stand in the file."""
    seats = [each.id for each in terms.seat]
    for index, clause in enumerate(terms.clause):
        yield from _each_known(clause.answered_by, seats, "seat", ("clause", index, "answered_by"))


def _clause_references(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """The floor and the preconditions rest on clauses of the file and name chapters of the engine."""
    clauses = [each.id for each in terms.clause]
    yield from _known(terms.floor.clause, clauses, "clause", ("floor", "clause"))
    for index, precondition in enumerate(terms.precondition):
        yield from _known(precondition.clause, clauses, "clause", ("precondition", index, "clause"))


def _air_references(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """Frequencies, line checks, distances and airfields rest on clauses of the file; exempt are categories of it."""
    clauses, categories = [each.id for each in terms.clause], [each.id for each in terms.category]
    for section in ("frequency", "line_check", "distance", "airfield"):
        for index, each in enumerate(getattr(terms, section)):
            yield from _known(each.clause, clauses, "clause", (section, index, "clause"))
    for index, distance in enumerate(terms.distance):
        yield from _each_known(distance.exempt, categories, "category", ("distance", index, "exempt"))


def _rings(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """A ring that was drawn can be used."""
    for index, distance in enumerate(terms.distance):
        problem = ring_problem(distance.ring) if distance.ring else None
        if problem is not None:
            what, _dash, remedy = problem.partition("; ")
            yield Finding(("distance", index, "ring"), what, remedy or "draw it again with comity agreement rings")


def _airfield_places(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """An airfield lies on the earth."""
    for index, airfield in enumerate(terms.airfield):
        latitude, longitude = airfield.place
        if abs(latitude) > POLE_E7 or abs(longitude) > HALF_TURN_E7:
            problem = f"there is no place {latitude}, {longitude}"
            yield Finding(("airfield", index, "place"), problem, "write [latitude, longitude] in 1e-7 degree")


def _chapters(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """The floor keeps, and preconditions gate, chapters of the engine."""
    yield from _each_known(terms.floor.keeps, CHAPTERS, "chapter", ("floor", "keeps"))
    for index, precondition in enumerate(terms.precondition):
        yield from _each_known(precondition.gates, CHAPTERS, "chapter", ("precondition", index, "gates"))


def _roles(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """An agreement has at least two signatories and at most one centre."""
    if len(terms.signatories) < 2:
        problem = f"an agreement needs at least two signatories and this one has {len(terms.signatories)}"
        yield Finding(("participant",), problem, 'give two participants the role "signatory"')
    centres = [index for index, each in enumerate(terms.participant) if each.role is Role.CENTRE]
    for index in centres[1:]:
        problem = f"{terms.participant[index].id} is a second centre"
        yield Finding(("participant", index, "role"), problem, "keep one centre; the other is a host or an observer")


def _can_be_amended(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """Every signatory has a seat that votes, and one of them a seat that proposes terms: or they stand for ever."""
    for index, each in enumerate(terms.participant):
        if each.role is Role.SIGNATORY and not _some_seat_may("change.vote", terms, each.id):
            problem = f"no seat of {each.id} may sign change.vote, so it can agree to nothing"
            yield Finding(("participant", index), problem, "add change.vote to the list may of one of its seats")
    if terms.signatories and not any(_some_seat_may("terms.propose", terms, each) for each in terms.signatories):
        problem = "no seat of a signatory may sign terms.propose, so the agreement can never be amended"
        yield Finding(("seat",), problem, "add terms.propose to the list may of a signatory's seat")


def _some_seat_may(act: str, terms: Terms, participant: str) -> bool:
    return any(participant in seat.at and seat.may_sign(act) for seat in terms.seat)


def _pins(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """A file is a draft without pins or a founding file with all of them, and no key serves twice (law 13)."""
    pinned = [(index, each.pins) for index, each in enumerate(terms.participant) if each.pins is not None]
    if pinned and len(pinned) < len(terms.participant):
        for index, each in enumerate(terms.participant):
            if each.pins is None:
                problem = f"{each.id} has no pins, others have"
                yield Finding(("participant", index, "pins"), problem, "complete the file with comity init")
    first: dict[str, str] = {}
    for index, pins in pinned:
        for name, key in _pinned_keys(pins):
            place = f"participant[{index}].pins.{name}"
            if key in first:
                remedy = "give each office, and each use, a key and a log of its own"
                yield Finding(("participant", index, "pins", name), f"it is the same as {first[key]}", remedy)
            first.setdefault(key, place)


def _origins_name_keepers(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """The second part of a log's origin is its keeper: so a log says whose it is, to everyone alike."""
    for index, participant in enumerate(terms.participant):
        if participant.pins is not None and participant.pins.origin.split("/")[1:2] != [participant.id]:
            problem = f"{participant.pins.origin!r} does not name its keeper"
            remedy = f"write it as agreement/{participant.id}"
            yield Finding(("participant", index, "pins", "origin"), problem, remedy)


def _pinned_keys(pins: Pins) -> Iterator[tuple[str, str]]:
    for name in ("origin", "root_key", "office_key", "certificate"):
        yield name, getattr(pins, name)
    for name in ("head_key", "cosign_key"):
        yield name, _public_key(getattr(pins, name))


def _public_key(verifier: str) -> str:
    """The key of a verifier key line in hex, whatever it signs: base64 has plus signs of its own."""
    last = verifier.split("+", 2)[2]
    try:
        return b64decode(last, validate=True)[_ALGORITHM_BYTES:].hex()
    except ValueError:
        return last


def _clause_numbers(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """Clause numbers increase down the file, so each stands once."""
    before: tuple[int, ...] = ()
    for index, clause in enumerate(terms.clause):
        number = tuple(int(part) for part in clause.id.split("."))
        if number <= before:
            problem = f"clause {clause.id} comes after clause {'.'.join(map(str, before))}"
            yield Finding(("clause", index, "id"), problem, "number the clauses upwards, each once")
        before = max(before, number)


def _governs(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """A clause governs rules of the engine, and each rule is governed by one clause."""
    first: dict[str, str] = {}
    for index, clause in enumerate(terms.clause):
        yield from _each_known(clause.governs, GOVERNS, "rule", ("clause", index, "governs"))
        for place, rule in enumerate(clause.governs):
            if rule in first and rule in GOVERNS:
                problem = f"{rule} is already governed by clause {first[rule]}"
                yield Finding(("clause", index, "governs", place), problem, "let one clause govern it")
            first.setdefault(rule, clause.id)


def _statuses(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """An enforced clause governs something; another one says why it is not enforced and governs nothing."""
    for index, clause in enumerate(terms.clause):
        if clause.status is ClauseStatus.ENFORCED and not clause.governs:
            problem = "the clause is marked enforced and governs no rule"
            yield Finding(("clause", index, "governs"), problem, "name its rules in governs, or mark it declaratory")
        if clause.status is not ClauseStatus.ENFORCED:
            yield from _unenforced(clause, index)


def _unenforced(clause: Clause, index: int) -> Iterator[Finding]:
    if clause.reason is None:
        problem = f"the clause is marked {clause.status.value} and says no reason"
        yield Finding(("clause", index, "reason"), problem, "add a reason: why the engine does not enforce it")
    if clause.governs:
        problem = f"the clause is marked {clause.status.value} and governs {shown(clause.governs[0])}"
        yield Finding(("clause", index, "governs"), problem, "mark it enforced, or remove governs")


def _parameters(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """A number stands in the clause that governs its rule."""
    governing = governing_clauses(terms.clause)
    for index, clause in enumerate(terms.clause):
        for name in clause.parameters:
            rule = PARAMETERS[name].rule
            owner = governing[rule]
            if owner is None:
                problem, remedy = f"it belongs to {rule}, which no clause governs", f"add {rule} to governs"
            else:
                problem, remedy = f"it belongs to {rule}, which clause {owner} governs", f"move it to clause {owner}"
            if owner != clause.id:
                yield Finding(("clause", index, "parameters", name), problem, remedy)


def _tier_groups(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """A group inside the cessation is protected by it: no tier allows operations among it."""
    inside = {each.id for each in terms.group if each.treatment is Treatment.INSIDE}
    for index, tier in enumerate(terms.tier):
        for place, group in enumerate(tier.groups):
            if group in inside:
                problem = f"{group} is inside the cessation and the tier {tier.id} allows operations against it"
                yield Finding(("tier", index, "groups", place), problem, "take it out of the tier")


def _tier_times(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """A tier's times exist and run forward."""
    for index, tier in enumerate(terms.tier):
        times = [(name, getattr(tier, name)) for name in ("from_utc", "until_utc")]
        wrong = [(name, text) for name, text in times if text is not None and not _exists(text)]
        for name, text in wrong:
            yield Finding(("tier", index, name), f"there is no time {text}", "correct the date or the hour")
        start, end = tier.from_utc, tier.until_utc
        if not wrong and start is not None and end is not None and end <= start:
            yield Finding(("tier", index, "until_utc"), "the tier ends before it begins", "correct the times")


def _exists(moment: str) -> bool:
    try:
        datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return False
    return True


def _act_names(terms: Terms, known_acts: KnownActs) -> Iterator[Finding]:
    """Seats may sign, and two officers are asked for, acts that exist."""
    if known_acts is None:
        return
    patterns = known_acts | {f"{act.partition('.')[0]}.*" for act in known_acts} | {"*"}
    for index, seat in enumerate(terms.seat):
        yield from _each_known(seat.may, patterns, "act", ("seat", index, "may"))
    yield from _each_known(terms.two_officers, known_acts, "act", ("two_officers",))


def _two_can_sign(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """Two officers are asked for where officers sign: some acts the root key or the office's own key signs alone."""
    for index, name in enumerate(terms.two_officers):
        if name in _SIGNED_ALONE:
            problem = f"{name} is signed by {_SIGNED_ALONE[name]} and never by two officers"
            yield Finding(("two_officers", index), problem, "leave it out")


def _each_known(names: Iterable[str], known: Collection[str], what: str, path: Path) -> Iterator[Finding]:
    for index, name in enumerate(names):
        yield from _known(name, known, what, (*path, index))


def _known(name: str, known: Collection[str], what: str, path: Path) -> Iterator[Finding]:
    if name in known:
        return
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=1)
    listed = f"choose from: {', '.join(known[:12])}" if known and len(known) <= 12 else f"name a known {what}"
    yield Finding(path, f"there is no {what} {shown(name)}", f"did you mean {close[0]}?" if close else listed)


def _leaves_editions(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """A founding file leaves more editions than amendments could ever use up; what amends it is one edition on."""
    if terms.edition > FIRST_EDITION_MOST:
        problem = f"edition {terms.edition} leaves no room for amendments, each of which is one edition on"
        yield Finding(("edition",), problem, "begin with edition 1")


FOUNDING_CHECKS: tuple[Check, ...] = (Check(frozenset({"edition"}), _leaves_editions),)
"""Of a founding file alone, never of a proposed amendment: else some edition would be the last (law 9)."""

CHECKS: tuple[Check, ...] = (
    Check(frozenset(section for sections in _NAMED_TOGETHER for section in sections), _unique_ids),
    Check(frozenset({"participant", "seat", "tier", "group", "unit"}), _references),
    Check(frozenset({"participant", "operator", "tier"}), _signatories_named),
    Check(frozenset({"seat", "clause"}), _answering_seats),
    Check(frozenset({"clause", "floor", "precondition"}), _clause_references),
    Check(frozenset({"clause", "category", "frequency", "line_check", "distance", "airfield"}), _air_references),
    Check(frozenset({"distance"}), _rings),
    Check(frozenset({"airfield"}), _airfield_places),
    Check(frozenset({"floor", "precondition"}), _chapters),
    Check(frozenset({"participant"}), _roles),
    Check(frozenset({"participant", "seat"}), _can_be_amended),
    Check(frozenset({"participant"}), _pins),
    Check(frozenset({"participant"}), _origins_name_keepers),
    Check(frozenset({"clause"}), _clause_numbers),
    Check(frozenset({"clause"}), _governs),
    Check(frozenset({"clause"}), _statuses),
    Check(frozenset({"clause"}), _parameters),
    Check(frozenset({"group", "tier"}), _tier_groups),
    Check(frozenset({"tier"}), _tier_times),
    Check(frozenset({"seat", "two_officers"}), _act_names),
    Check(frozenset({"two_officers"}), _two_can_sign),
)
