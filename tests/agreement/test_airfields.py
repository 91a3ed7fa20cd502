"""Airfields of an agreement: where they lie, under which clause, and that the numbers of terminal areas need them."""

from __future__ import annotations

from pathlib import Path

import pytest

from agreement.samples import SHIPPED, problems, sound, spoiled
from comity.model.parameters import PARAMETERS

AIRFIELD = """[[airfield]]
id = "field"
name = "Field"
clause = "1"
place = [361807000, 372244000]
elevation_ft = 1276

[[precondition]]"""

FAULTS = {
    "no such place": ("[361807000, 372244000]", "[961807000, 372244000]", "airfield[0].place", "no place 961807000"),
    "degrees": ("[361807000, 372244000]", "[36.18, 37.22]", "airfield[0].place", "no whole number"),
    "no pair": ("[361807000, 372244000]", "[361807000]", "airfield[0].place", "no point"),
    "no such clause": ('clause = "1"', 'clause = "7"', "airfield[0].clause", "no clause '7'"),
    "too high": ("= 1276", "= 127600", "airfield[0].elevation_ft", "is not <= 20000"),
    "id twice": (AIRFIELD, f"{AIRFIELD.removesuffix('[[precondition]]')}{AIRFIELD}", "airfield[1].id", "is taken by"),
}


def with_airfield(old: str = "", new: str = "") -> bytes:
    """The sample with an airfield, a piece of whose table is replaced."""
    return spoiled("[[precondition]]", AIRFIELD.replace(old, new, 1) if old else AIRFIELD)


def test_an_airfield_has_a_place_and_a_height() -> None:
    """What stands in the file is what the terms hold; a height that is not told is that of the sea."""
    (field,) = sound(with_airfield()).airfield
    assert (field.place, field.elevation_ft, field.clause) == ((361_807_000, 372_244_000), 1276, "1")
    assert sound(with_airfield("elevation_ft = 1276\n")).airfield[0].elevation_ft == 0
    assert problems(with_airfield()) == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found_where_it_stands(fault: str) -> None:
    """A wrong airfield is named by its key, with its line."""
    old, new, key_path, words = FAULTS[fault]
    found = problems(with_airfield(old, new))
    assert any(each.key_path.startswith(key_path) and words in each.problem and each.line for each in found), found
    assert {each.severity for each in found} == {"error"}


def test_terminal_minima_without_an_airfield_are_warned_of() -> None:
    """Who writes down the minima of terminal areas and no airfield is told that they hold nowhere."""
    governed = ('governs = ["agreement", "office"]', 'governs = ["agreement", "office", "flight"]')
    stated = (*governed, 'title = "The agreement"', 'title = "The agreement"\nparameters = {terminal_radius_m = 9000}')
    for text, warned in ((with_airfield(), False), (spoiled("[[precondition]]", "[[precondition]]"), True)):
        whole = text.decode().replace(stated[0], stated[1]).replace(stated[2], stated[3], 1).encode()
        found = [each for each in problems(whole) if "terminal_radius_m" in each.key_path]
        assert bool(found) == warned
        assert all(each.severity == "warning" and "names none" in each.problem for each in found)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.name))
def test_shipped_agreements_name_airfields_for_their_terminal_minima(path: Path) -> None:
    """Every shipped file that states the numbers of terminal areas names airfields, on land and of plausible height."""
    terms = sound(path.read_bytes())
    stated = {name for clause in terms.clause for name in clause.parameters if name.startswith("terminal_")}
    assert stated == {name for name in PARAMETERS if name.startswith("terminal_")}
    assert 1 <= len(terms.airfield) <= 6
    assert all(terms.clause_for("flight.separation") == each.clause for each in terms.airfield)
