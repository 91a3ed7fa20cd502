"""What an agreement leaves open though it is well-formed: nobody answers, nobody may sign, no clause says how."""

from __future__ import annotations

from collections.abc import Iterator

from comity.model.acts import ACTS, Act, Nature
from comity.model.parameters import CHAPTER_ACTS, CHAPTERS, DUTIES, PARAMETERS
from comity.model.terms import ClauseStatus, Role, Terms, covers, governing_clauses
from comity.model.terms_check import Check, KnownActs
from comity.model.terms_problem import Finding, Path


def _gap(path: Path, problem: str, remedy: str) -> Finding:
    return Finding(path, problem, remedy, "warning")


def _unanswered_duties(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """A clause under which somebody owes something names the seat that answers for it."""
    governing = governing_clauses(terms.clause)
    for index, clause in enumerate(terms.clause):
        if clause.status is not ClauseStatus.ENFORCED or clause.answered_by:
            continue
        deadlines = [name for name in clause.parameters if PARAMETERS[name].deadline]
        for name in deadlines:
            remedy = f"add answered_by to clause {clause.id}"
            yield _gap(("clause", index, "parameters", name), "nobody owns this deadline", remedy)
        duty = next((rule for rule, owner in governing.items() if owner == clause.id and rule in DUTIES), None)
        if duty is not None and not deadlines:
            problem = f"the clause lays down a duty ({duty}) and no seat answers for it"
            yield _gap(("clause", index), problem, "add answered_by with one of the seats")


def _no_amendment(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    if governing_clauses(terms.clause)["agreement.amendment"] is None:
        problem = "no clause says how the agreement is amended, so what refuses an amendment cites none"
        yield _gap(("clause",), problem, "let a clause govern agreement.amendment")


def _unsigned_chapters(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """Of each chapter that the agreement provides for some seat may sign the acts that carry it."""
    governing = governing_clauses(terms.clause)
    index_of = {clause.id: index for index, clause in enumerate(terms.clause)}
    first: dict[str, str] = {}
    for rule, owner in governing.items():
        if owner is not None:
            first.setdefault(rule.partition(".")[0], owner)
    for chapter, owner in first.items():
        missing = [act for act in CHAPTER_ACTS[chapter] if not any(seat.may_sign(act) for seat in terms.seat)]
        if missing:
            problem = f"the chapter {chapter} is governed and no seat may sign {', '.join(missing)}"
            yield _gap(("clause", index_of[owner], "governs"), problem, "add it to the list may of a seat")


def _centre_without_seat(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    for index, each in enumerate(terms.participant):
        if each.role is Role.CENTRE and not any(each.id in seat.at for seat in terms.seat):
            problem = f"{each.id} has no seat, so nobody can sign for it"
            yield _gap(("participant", index), problem, f"add {each.id} to the list at of a seat")


def _undrawn_rings(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """A distance is kept by nobody before its ring is drawn."""
    for index, distance in enumerate(terms.distance):
        if not distance.ring:
            problem = f"the distance {distance.id} has no ring, so no flight is held against it"
            yield _gap(("distance", index), problem, "draw it once with comity agreement rings")


def _nowhere_terminal(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """Minima of terminal areas hold nowhere while the file names no airfield."""
    for index, clause in enumerate(terms.clause):
        stated = next((name for name in clause.parameters if name.startswith("terminal_")), None)
        if stated is not None and not terms.airfield:
            problem = "it holds around airfields, and the file names none"
            yield _gap(("clause", index, "parameters", stated), problem, "add a table [[airfield]], or leave it out")


def _dead_letters(terms: Terms, _: KnownActs) -> Iterator[Finding]:
    """What a seat may sign belongs to a chapter that some clause governs; restraints need none, and `*` is no claim."""
    governing = governing_clauses(terms.clause)
    dead = [act.name for act in ACTS if _needs_clause(act) and governing[act.name.partition(".")[0]] is None]
    for index, seat in enumerate(terms.seat):
        for place, pattern in enumerate(seat.may):
            named = [act for act in dead if pattern != "*" and covers(pattern, act)]
            if named:
                chapter = named[0].partition(".")[0]
                problem = f"the seat may sign {', '.join(named)}, and no clause governs the chapter {chapter}"
                remedy = f"let a clause govern {chapter}, or leave it out: it is always refused"
                yield _gap(("seat", index, "may", place), problem, remedy)


def _needs_clause(act: type[Act]) -> bool:
    return act.nature in (Nature.PERMISSION, Nature.RECORD) and act.name.partition(".")[0] in CHAPTERS


GAPS: tuple[Check, ...] = (
    Check(frozenset({"clause", "seat"}), _unanswered_duties),
    Check(frozenset({"clause"}), _no_amendment),
    Check(frozenset({"clause", "seat"}), _unsigned_chapters),
    Check(frozenset({"participant", "seat"}), _centre_without_seat),
    Check(frozenset({"distance"}), _undrawn_rings),
    Check(frozenset({"clause", "airfield"}), _nowhere_terminal),
    Check(frozenset({"seat", "clause"}), _dead_letters),
)
