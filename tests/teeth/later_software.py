"""Wrong rules about what this software is too old to judge (law 14), and the tests that must find them."""

from __future__ import annotations

from typing import Any

from comity.model import verdict
from comity.model.acts.agreement import TermsPropose
from comity.model.entry import Entry, Unreadable
from comity.model.terms import Terms
from comity.model.verdict import Refusal
from comity.rules import amendments, versions
from comity.rules import door as door_module
from comity.rules import judge as judge_module
from comity.rules.case import Case
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import exchanged, replaced

_unjudged = verdict.unjudged


def nothing_lacking(*_: Any) -> None:
    """This software judges by the rules it has."""
    return


def refused_for_good(lacking: str) -> Refusal:
    """What cannot be read is nonsense."""
    return Refusal("agreement", "law 14", f"nobody knows {lacking}", "sign something else")


def unreadable_is_unjudged(entry: Entry, terms: Terms) -> Refusal | None:
    """Whatever cannot be read may be of newer rules, whatever the terms say."""
    return _unjudged(entry.header.act) if isinstance(entry.act, Unreadable) else None


def unreadable_terms_wait(case: Case) -> Refusal | None:
    """What cannot be read is in a form that comes later, and newer software will know."""
    act = case.act
    assert isinstance(act, TermsPropose)
    found = _adoptable(case)
    return _unjudged("terms") if found is not None and "not an agreement" in found.problem else found


_adoptable = amendments.terms_can_be_adopted

SOFTWARE: tuple[Tooth, ...] = (
    tooth(
        "unknown rules are ours",
        replaced(versions.lacking, nothing_lacking),
        "14_without_the_version_only_restraints",
        "14_nothing_rests_on_what_is_unjudged",
        "14_older_software_signs_restraints_only",
    ),
    tooth(
        "what this software lacks is refused",
        replaced(verdict.unjudged, refused_for_good),
        "14_newer_software_judges_what_older_could_not",
    ),
    tooth(
        "terms wait for the rules that they name",
        exchanged(amendments.terms_can_be_adopted, unreadable_terms_wait),
        "14_no_text_stops_an_office",
        "14_terms_are_proposed_in_a_form_that_the_rules_in_force_read",
    ),
    tooth(
        "an office votes itself blind",
        replaced(door_module._blindfold, nothing_lacking),
        "14_older_software_votes_for_no_newer_rules",
    ),
    tooth(
        "an act of later rules is unjudged",
        replaced(judge_module._unreadable, unreadable_is_unjudged),
        "14_act_outside_the_version_is_refused_for_good",
    ),
)
