"""The engine knows no country: with every party, seat, group, tier, unit and area renamed, no verdict changes."""

import re
from pathlib import Path

import pytest

from comity.interfaces.play.library import agreement_text, given_path
from comity.interfaces.play.player import Options, Played, play_file, read_script
from comity.model.terms import HasId, Terms
from comity.model.terms_file import parse_terms
from source_tree import ROOT

CHOSEN = (
    "wheel",
    "agreement/concurrent-proposals",
    "agreement/withdrawal",
    "alone/synchronised",
    "alone/wrong-opening",
    "areas/tiers",
    "duty/handover-and-roster",
    "keys/deputy",
    "korea/movements",
    "laws/fork",
    "movements/bars-starts",
    "notices/grounding",
    "operations/integrated",
    "operations/own-consent-bars",
    "operations/withdrawal-crosses-start",
    "replays/s7-suspension-during-a-medevac",
)
NAMING_KEYS = re.compile(r"^(id|answerable|at|participant|groups|executing|answered_by) = ")
AREA = re.compile(r"\barea=([a-z0-9-]+)")


@pytest.mark.parametrize("name", CHOSEN)
def test_renaming_changes_no_verdict(name: str) -> None:
    """Every act has the same verdict under the same clause when all names are others, in another alphabetical order."""
    path = ROOT / "scenarios" / f"{name}.scenario"
    agreement, areas = chain(path)
    renamed = other_names(agreement_text(agreement), areas)
    before = play_file(path, Options(orders=0))
    after = play_file(path, Options(orders=0, renamed=renamed, edit_agreement=lambda text: edited(text, renamed)))
    assert verdicts(after) == verdicts(before)
    assert len(verdicts(before)) > 3


def test_every_name_is_renamed() -> None:
    """The renamed agreement is sound and holds none of the old names of parties, seats and groups."""
    text = agreement_text("jig-2016")
    renamed = other_names(text, set())
    terms = parse_terms(edited(text, renamed).encode())
    assert isinstance(terms, Terms)
    assert {each.id for each in named_in(terms)} <= set(renamed.values())


def chain(path: Path) -> tuple[str, set[str]]:
    """The agreement that a scenario plays, and every area that it or its beginnings name."""
    script = read_script(path)
    agreement, areas = script.head.get("agreement", ""), set(AREA.findall(script.text))
    for given in script.listed("given"):
        inner, more = chain(given_path(given, path))
        agreement, areas = agreement or inner, areas | more
    return agreement, areas


def other_names(text: str, areas: set[str]) -> dict[str, str]:
    """A new name for each id of an agreement file and each area; what came first in the alphabet comes last."""
    terms = parse_terms(text.encode())
    assert isinstance(terms, Terms)
    ids = sorted({each.id for each in named_in(terms)} | areas)
    return {name: f"n{len(ids) - number:03}-renamed" for number, name in enumerate(ids)}


def named_in(terms: Terms) -> list[HasId]:
    """Everything in the terms that is named for a country, an office or a place."""
    return [*terms.participant, *terms.seat, *terms.group, *terms.tier, *terms.unit, *terms.operator]


def edited(text: str, renamed: dict[str, str]) -> str:
    """The agreement file with those ids replaced wherever a key holds ids."""
    lines = []
    for line in text.split("\n"):
        if NAMING_KEYS.match(line):
            line = re.sub(r'"([^"]*)"', lambda found: f'"{renamed.get(found[1], found[1])}"', line)
        lines.append(line)
    return "\n".join(lines)


def verdicts(played: Played) -> list[tuple[str, str] | None]:
    """The rule and the clause of each refusal, None for what was admitted, in the order of the file."""
    refusals = (said.refusal for said in played.verdicts)
    return [(refusal.rule, refusal.clause) if refusal is not None else None for refusal in refusals]
