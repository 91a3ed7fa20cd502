"""Rules of acting alone: seals of imminent threat (J12, law 34) and synchronised activity (J13)."""

from __future__ import annotations

from comity.model.acts.alone import (
    ActivityAcknowledge,
    ActivityDeclare,
    ActivityEnd,
    ThreatOpen,
    ThreatReview,
    ThreatSeal,
)
from comity.model.geometry import narrower_than
from comity.model.history import Taken
from comity.model.records.groups import treatment_of
from comity.model.records.overlaps import is_overlap
from comity.model.verdict import Refusal
from comity.model.volume import volume_problem
from comity.rules.areas import wide_enough
from comity.rules.case import Case, short


def seal_is_own(case: Case) -> Refusal | None:
    """A seal is opened by an officer of the party that placed it, from any of its logs' own seals (law 34)."""
    act = case.act
    assert isinstance(act, ThreatOpen)
    seal = _seal(case, act.seal)
    if seal is not None and case.is_own(seal):
        return None
    return case.refuse("threat.reveal", f"{short(act.seal)} is no seal of {case.keeper.id}", "open your own seal", 34)


def opening_matches(case: Case) -> Refusal | None:
    """The opening hashes to the commitment: origin, window, salt, volume and note (law 34)."""
    act = case.act
    assert isinstance(act, ThreatOpen)
    seal = _seal(case, act.seal)
    assert seal is not None and isinstance(seal.entry.act, ThreatSeal)
    if act.commitment(seal.entry.origin, seal.entry.act.window) == seal.entry.act.commitment:
        return None
    return case.refuse(
        "threat.reveal",
        f"the opening does not match the seal {short(act.seal)}",
        "open it with the words and the salt that were sealed",
        34,
    )


def opening_is_wide(case: Case) -> Refusal | None:
    """What a seal covers can be read and is as wide as the terms ask of everything that says where: never a point.

    A seal over less can never be opened; whoever makes the seal asks before, and the remedy is another seal.
    """
    act = case.act
    assert isinstance(act, ThreatOpen)
    problem = volume_problem(act.volume)
    if problem is None and narrower_than(act.volume.ring, case.number("width_min_m")):
        problem = f"it is narrower than {case.number('width_min_m')} m"
    if problem is None:
        return None
    what = f"what the seal {short(act.seal)} covers may not be shown: {problem}"
    return case.refuse("area.width", what, "seal it anew, wide enough, and open that")


def review_of_opened(case: Case) -> Refusal | None:
    """Another signatory reviews a seal that has been opened."""
    act = case.act
    assert isinstance(act, ThreatReview)
    seal = _seal(case, act.seal)
    if seal is None or case.is_own(seal) or not case.is_signatory:
        return case.refuse("threat.review", "a seal is reviewed by another signatory", "leave it to another signatory")
    if any(isinstance(each.entry.act, ThreatOpen) for each in case.view.about(f"threat/{act.seal}")):
        return None
    return case.refuse("threat.review", f"the seal {short(act.seal)} is not open yet", "wait for its opening")


def activity_is_sound(case: Case) -> Refusal | None:
    """A declared activity has a simple, wide, bounded volume and is a signatory's."""
    act = case.act
    assert isinstance(act, ActivityDeclare)
    if not case.is_signatory:
        return case.refuse("activity", f"{case.keeper.id} is not a signatory", "only signatories declare activity", 22)
    problem = volume_problem(act.volume)
    if problem is not None or act.volume.window.until_ms is None:
        return case.refuse_drawn("activity", f"activity {act.activity}: {problem or 'its window has no end'}")
    return wide_enough(case, act.volume.ring, f"activity {act.activity}")


def group_is_independent(case: Case) -> Refusal | None:
    """Activity without consent concerns only a group that the agreement leaves to each (J13)."""
    act = case.act
    assert isinstance(act, ActivityDeclare)
    treatment = treatment_of(case.view, case.terms, act.group)
    if treatment == "independent":
        return None
    return case.refuse(
        "activity",
        f"group {act.group} is treated as {treatment or 'unknown'}",
        "propose an operation where the agreement asks for consent",
    )


def overlap_is_there(case: Case) -> Refusal | None:
    """What is acknowledged is an activity and a thing in its volume, both in the past: no overlap, nothing to know."""
    act = case.act
    assert isinstance(act, ActivityAcknowledge)
    activity, other = _activity(case, act.activity), case.view.find(act.overlap)
    if activity is None or other is None:
        return case.refuse(
            "activity.overlap", "it names an activity or a thing that is not in this entry's past", "name both"
        )
    if is_overlap(case.view, activity, other):
        return None
    return case.refuse(
        "activity.overlap",
        f"{short(act.activity)} does not overlap with {short(act.overlap)}",
        "name what lies in the activity's volume",
    )


def activity_is_own(case: Case) -> Refusal | None:
    """An activity is ended by the party that declared it (law 15)."""
    act = case.act
    assert isinstance(act, ActivityEnd)
    taken = _activity(case, act.activity)
    if taken is not None and case.is_own(taken):
        return None
    return case.refuse("activity", f"{short(act.activity)} is no activity of {case.keeper.id}", "end your own", 15)


def _seal(case: Case, name: str) -> Taken | None:
    taken = case.view.find(name)
    return taken if taken is not None and isinstance(taken.entry.act, ThreatSeal) else None


def _activity(case: Case, name: str) -> Taken | None:
    taken = case.view.find(name)
    return taken if taken is not None and isinstance(taken.entry.act, ActivityDeclare) else None
