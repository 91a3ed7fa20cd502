"""Every clause that the engine enforces is played: once as it holds and once as it is refused, or on time and late."""

from functools import lru_cache
from pathlib import Path

import pytest

from comity.interfaces.play.library import agreement_text, given_path
from comity.interfaces.play.player import read_script
from comity.interfaces.play.script import Script
from comity.model.parameters import PARAMETERS
from comity.model.terms import ClauseStatus, Terms
from comity.model.terms_file import parse_terms
from source_tree import ROOT

AGREEMENTS = ("jig-2016", "korea-cma-2018")
FILES = sorted((ROOT / "scenarios").rglob("*.scenario"))
SHOWN_LATE = ("watch_every_min", "unstaffed_after_min")
NEVER_REFUSED = {
    "office.receipt": "a silent office is shown, not refused",
    "notice.lead": "a late notice is taken and marked late",
    "operation.answer": "an answer that does not come is overdue",
    "threat": "an act under imminent threat is never blocked",
    "threat.seal": "a late seal is taken and marked late",
    "activity.notice": "a late declaration is taken and marked late",
    "flight.buffer": "a flight drawn too near to its route is taken and shown as such",
    "flight.distance": "a flight that is nearer is in conflict with the terms, never turned away",
    "flight.notice": "notice that leaves too little time is taken, with its arithmetic",
}
WATCHED = {"flight.separation", "flight.watch"}
"""Rules that are held against tracks, which no log and so no scenario holds: tests/sky plays them."""
NOT_PLAYED: dict[str, str] = {
    "buffer_vertical_ft": "added where a flight plan is read, before anything is signed: tests/cli plays it",
} | {name: "held against tracks: tests/sky plays it" for name, each in PARAMETERS.items() if each.rule in WATCHED}


def agreement_of(path: Path, script: Script) -> str:
    """The agreement that a scenario, or the beginning that it goes on from, names."""
    if "agreement" in script.head:
        return script.head["agreement"]
    given = given_path(script.listed("given")[0], path)
    return agreement_of(given, read_script(given))


@lru_cache(maxsize=1)
def scripts() -> list[tuple[Path, Script, str]]:
    """Every scenario with the agreement that it plays."""
    found = [(path, read_script(path)) for path in FILES]
    return [(path, script, agreement_of(path, script)) for path, script in found]


def named(agreement: str, *keys: str) -> set[str]:
    """What the heads of an agreement's scenarios list under some keys."""
    return {
        name for _, script, played in scripts() if played == agreement for key in keys for name in script.listed(key)
    }


def enforced(agreement: str) -> tuple[set[str], set[str]]:
    """The rules and the parameters of the enforced clauses of an agreement file."""
    terms = parse_terms(agreement_text(agreement).encode())
    assert isinstance(terms, Terms)
    clauses = [clause for clause in terms.clause if clause.status is ClauseStatus.ENFORCED]
    rules = {rule for clause in clauses for rule in clause.governs}
    return rules, {name for clause in clauses for name in clause.parameters}


@pytest.mark.parametrize("agreement", AGREEMENTS)
def test_every_rule_is_played(agreement: str) -> None:
    """Each rule that a clause governs has a scenario in which it holds and one in which it refuses."""
    rules = enforced(agreement)[0] - WATCHED
    missing = {f"{rule} never holds" for rule in rules if not _covers(named(agreement, "holds"), rule)}
    refusing = rules - NEVER_REFUSED.keys()
    missing |= {f"{rule} never refuses" for rule in refusing if not _covers(named(agreement, "refuses"), rule)}
    assert not missing, "\n".join(sorted(missing))


@pytest.mark.parametrize("agreement", AGREEMENTS)
def test_every_number_is_played(agreement: str) -> None:
    """Each number of a clause has a scenario within it and one beyond it: refused, or late and shown as late."""
    _, numbers = enforced(agreement)
    shown = {name for name in numbers if PARAMETERS[name].deadline or name in SHOWN_LATE}
    missing = set()
    for name in numbers - NOT_PLAYED.keys():
        within, beyond = ("ontime", "late") if name in shown - _refusing() else ("holds", "refuses")
        warned = name in named(agreement, "warns")
        beyonds = () if warned else (beyond,)
        missing |= {
            f"{name}: no scenario under {key}" for key in (within, *beyonds) if name not in named(agreement, key)
        }
    assert not missing, "\n".join(sorted(missing))


def _covers(names: set[str], rule: str) -> bool:
    """Whether the rule, or a part of it, is among the names."""
    return any(name == rule or name.startswith(f"{rule}.") for name in names)


def _refusing() -> set[str]:
    """Deadlines whose passing refuses an act, and is not only shown."""
    return {"check_valid_h", "layer_max_age_h"}
