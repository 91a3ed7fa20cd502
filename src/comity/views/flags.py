"""Flags: what a reader must know about an admitted entry. Functions of a View alone; they only grow (laws 26, 32).

concurrent: what its signer had not seen, and would have stopped it, or dissolved the area that it relied on, or was
in the air of its emergency ·
late, early: by the clocks of those who saw it · forked: its log has two branches · disputed: another party contests
it · compromised: a key that signed it, or the keys of something that it rests on, may have been in other hands ·
other-terms: a restraint that names terms not in force for its signer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from comity.model.acts.alone import ActivityDeclare, ThreatOpen, ThreatReview, ThreatSeal
from comity.model.acts.form import Nature
from comity.model.acts.movements import (
    FlightNotice,
    MovementClear,
    MovementConform,
    MovementDepart,
    MovementEmergency,
)
from comity.model.acts.operations import OperationConsent, OperationReview, OperationStart
from comity.model.history import Taken, View
from comity.model.known import party_of
from comity.model.records.change import terms_heads
from comity.model.records.officers import compromised_since, declares_compromised, signing_keys
from comity.model.terms import Terms
from comity.views.clearing import forks_of_clearance, starts_crossed, stops_on
from comity.views.crossing import circumstances, dissolutions, restraints_on
from comity.views.reliance import in_other_hands
from comity.views.sight import party_sights


def flags(view: View, taken: Taken) -> frozenset[str]:
    """The flags of an admitted entry in a view, in the words listed above."""
    return frozenset(name for name, holds in FLAGS.items() if holds(view, taken))


def is_concurrent(view: View, taken: Taken) -> bool:
    """A start or a clearance crossed by what would have stopped it, an emergency by a start; an act whose area was
    dissolved beside it (laws 16, 18, 20, 21)."""
    if next(_crossed_by(view, taken), None) is not None:
        return True
    if isinstance(taken.entry.act, OperationStart):
        return bool(circumstances(view, taken))
    return isinstance(taken.entry.act, MovementClear) and bool(forks_of_clearance(view, taken))


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
        return seal is not None and taken.entry.at_ms > seal.entry.at_ms + terms.span_ms("reveal_within_h")
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


def is_compromised(view: View, taken: Taken) -> bool:
    """A key of it was declared compromised since before it, or those of something that it rests on (law 33)."""
    return compromised_since(view, taken) or bool(in_other_hands(view, taken))


def evidence(view: View, taken: Taken) -> list[Taken]:
    """The acts that flag an entry concurrent or compromised, in the order for people."""
    found = {each.entry.id: each for each in _crossed_by(view, taken)}
    own = (each for key in signing_keys(taken.entry) for each in view.about(f"key/{key}"))
    statements = (each for each in own if declares_compromised(view, each, taken))
    found |= {each.entry.id: each for each in (*statements, *in_other_hands(view, taken))}
    return sorted(found.values(), key=lambda each: each.order)


def _crossed_by(view: View, taken: Taken) -> Iterator[Taken]:
    act = taken.entry.act
    if isinstance(act, OperationStart):
        yield from restraints_on(view, taken)
        return
    yield from dissolutions(view, taken)
    if isinstance(act, MovementClear):
        yield from stops_on(view, taken)
    elif isinstance(act, MovementEmergency | MovementDepart):
        yield from starts_crossed(view, taken)


def _sights_of_start(view: View, taken: Taken) -> Iterator[tuple[int, int]]:
    """For each first sight of the start in a giver's logs: when, and until when its consent ran, milliseconds."""
    act = taken.entry.act
    assert isinstance(act, OperationStart)
    for name in act.consents:
        consent = view.find(name)
        if consent is None or not isinstance(consent.entry.act, OperationConsent):
            continue
        for sight in party_sights(view, party_of(consent.entry.origin), taken):
            yield sight.entry.at_ms, consent.entry.act.expires_ms


def _lead_ms(act: object, terms: Terms) -> int | None:
    if isinstance(act, FlightNotice):
        return terms.span_ms("notice_lead_h")
    if isinstance(act, ActivityDeclare):
        return terms.span_ms("activity_notice_h")
    return -_skew_ms(terms) if isinstance(act, ThreatSeal) else None


def _begins_ms(act: object) -> int:
    if isinstance(act, FlightNotice | ActivityDeclare):
        return act.volume.window.from_ms
    assert isinstance(act, ThreatSeal)
    return act.window.from_ms


def _skew_ms(terms: Terms) -> int:
    return terms.span_ms("skew_max_s")


def _terms(view: View, taken: Taken) -> Terms | None:
    return view.terms(taken.entry.header.terms)


FLAGS: dict[str, Callable[[View, Taken], bool]] = {
    "concurrent": is_concurrent,
    "late": is_late,
    "early": is_early,
    "forked": is_forked,
    "disputed": is_disputed,
    "compromised": is_compromised,
    "other-terms": names_other_terms,
}
