"""Flags: what a reader must know about an admitted entry. Functions of a View alone; they only grow (laws 26, 32).

concurrent: a restraint that its signer had not seen · late, early: by the clocks of those who saw it ·
forked: its log has two branches · disputed: another party contests it · compromised: its key may not have been alone ·
other-terms: a restraint that names terms not in force for its signer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from comity.model.acts.alone import ActivityDeclare, ThreatOpen, ThreatReview, ThreatSeal
from comity.model.acts.form import Nature
from comity.model.acts.movements import FlightNotice, MovementConform
from comity.model.acts.operations import OperationConsent, OperationReview, OperationStart
from comity.model.geometry import volumes_meet
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import terms_heads
from comity.model.records.officers import compromised_since
from comity.model.terms import Terms
from comity.views.sight import are_concurrent, party_sight

HOUR_MS = 3_600_000
BINDING = ("operation.withdraw", "operation.refuse", "operation.retract")


def flags(view: View, taken: Taken) -> frozenset[str]:
    """The flags of an admitted entry in a view, in the words listed above."""
    return frozenset(name for name, holds in FLAGS.items() if holds(view, taken))


def is_concurrent(view: View, taken: Taken) -> bool:
    """A start that did not see a restraint which did not see it (law 16)."""
    if not isinstance(taken.entry.act, OperationStart):
        return False
    return any(are_concurrent(view, taken, restraint) for restraint in restraints_on(view, taken))


def is_late(view: View, taken: Taken) -> bool:
    """Notice given or first seen later than the terms allow; a start first seen after its lease and skew."""
    act, terms = taken.entry.act, _terms(view, taken)
    if terms is None:
        return False
    lead_ms = _lead_ms(act, terms)
    if lead_ms is not None:
        return taken.entry.at_ms > _begins_ms(act) - lead_ms
    if isinstance(act, ThreatOpen):
        seal = view.find(act.seal)
        return seal is not None and taken.entry.at_ms > seal.entry.at_ms + terms.number("reveal_within_h") * HOUR_MS
    if isinstance(act, OperationStart):
        return any(seen > expires + _skew_ms(terms) for seen, expires in _sights_of_start(view, taken))
    return False


def is_early(view: View, taken: Taken) -> bool:
    """A start that a giver's log saw before the time that it claims (law 26)."""
    terms = _terms(view, taken)
    if terms is None or not isinstance(taken.entry.act, OperationStart):
        return False
    return any(seen < taken.entry.at_ms - _skew_ms(terms) for seen, _ in _sights_of_start(view, taken))


def is_forked(view: View, taken: Taken) -> bool:
    """Its log has forked in the view."""
    return view.forked(taken.entry.origin)


def is_disputed(view: View, taken: Taken) -> bool:
    """Another party's review contests it."""
    act = taken.entry.act
    if isinstance(act, OperationStart):
        reviews = [each.entry.act for each in view.about(f"operation/{act.request}")]
        return any(isinstance(review, OperationReview) and review.finding == "disputed" for review in reviews)
    if isinstance(act, ThreatSeal):
        reviews = [each.entry.act for each in view.about(f"threat/{taken.entry.id}")]
        return any(isinstance(review, ThreatReview) and review.finding == "contested" for review in reviews)
    reviews = [each.entry.act for each in view.about(f"movement/{taken.entry.id}")]
    return any(isinstance(review, MovementConform) and review.finding == "breach" for review in reviews)


def names_other_terms(view: View, taken: Taken) -> bool:
    """A restraint whose header names terms that were not in force in its past (law 12)."""
    if getattr(taken.entry.act, "nature", None) is not Nature.RESTRAINT:
        return False
    in_force = terms_heads(view.history.past(taken))
    return bool(in_force) and taken.entry.header.terms not in in_force


def restraints_on(view: View, start: Taken) -> Iterator[Taken]:
    """Every restraint in the view that would have stopped a start had it been seen."""
    act = start.entry.act
    assert isinstance(act, OperationStart)
    for taken in view.about(f"operation/{act.request}"):
        if taken.entry.header.act in BINDING:
            yield taken
    for subject in (f"holds/{act.request}", "holds/everywhere", "suspend"):
        yield from view.about(subject)
    volume = view.history.volume_of(start)
    assert volume is not None, "a start's request has a volume"
    for kind in ("holds", "facts", "movements"):
        for taken in view.near(kind, volume):
            other = view.history.volume_of(taken)
            if other is not None and volumes_meet(other, volume):
                yield taken


def _sights_of_start(view: View, taken: Taken) -> Iterator[tuple[int, int]]:
    """For each giver that has seen the start: when, and until when its consent ran, milliseconds."""
    act = taken.entry.act
    assert isinstance(act, OperationStart)
    for name in act.consents:
        consent = view.find(name)
        if consent is None or not isinstance(consent.entry.act, OperationConsent):
            continue
        sight = party_sight(view, party_of(consent.entry.origin), taken)
        if sight is not None:
            yield sight.entry.at_ms, consent.entry.act.expires_ms


def _lead_ms(act: object, terms: Terms) -> int | None:
    if isinstance(act, FlightNotice):
        return terms.number("notice_lead_h") * HOUR_MS
    if isinstance(act, ActivityDeclare):
        return terms.number("activity_notice_h") * HOUR_MS
    return -_skew_ms(terms) if isinstance(act, ThreatSeal) else None


def _begins_ms(act: object) -> int:
    if isinstance(act, FlightNotice | ActivityDeclare):
        return act.volume.window.from_ms
    assert isinstance(act, ThreatSeal)
    return act.window.from_ms


def _skew_ms(terms: Terms) -> int:
    return terms.number("skew_max_s") * 1000


def _terms(view: View, taken: Taken) -> Terms | None:
    return view.terms(taken.entry.header.terms)


FLAGS: dict[str, Callable[[View, Taken], bool]] = {
    "concurrent": is_concurrent,
    "late": is_late,
    "early": is_early,
    "forked": is_forked,
    "disputed": is_disputed,
    "compromised": compromised_since,
    "other-terms": names_other_terms,
}
