"""Wrong rules about what this software is too old to judge (law 14), and the tests that must find them."""

from __future__ import annotations

from typing import Any

from comity.model import verdict
from comity.model.entry import Entry, Unreadable
from comity.model.terms import Terms
from comity.model.verdict import Refusal
from comity.rules import judge as judge_module
from comity.rules import versions
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import replaced

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
        "14_unreadable_terms_wait_for_their_version",
    ),
    tooth(
        "terms in a later form are nonsense",
        replaced(versions.lacking_for_text, nothing_lacking),
        "14_unreadable_terms_wait_for_their_version",
        "14_nothing_rests_on_what_is_unjudged",
    ),
    tooth(
        "an act of later rules is unjudged",
        replaced(judge_module._unreadable, unreadable_is_unjudged),
        "14_act_outside_the_version_is_refused_for_good",
    ),
)
