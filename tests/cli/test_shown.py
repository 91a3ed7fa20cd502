"""What commands say of an office and its files: whose they are, who cannot be reached, what fits a narrow screen."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from cli.commands import DRAFT, NAMES, inside, spoke_well
from comity.interfaces.cli.founding_steps import complete, make_keys
from comity.interfaces.cli.lookups import Held, answer
from comity.interfaces.cli.reach import Door
from comity.interfaces.cli.speech import table
from comity.interfaces.cli.status import problems
from comity.model.acts.keys import Depute
from comity.model.errors import Misuse
from comity.model.spans import HOUR_MS
from comity.office.folder import OfficeFolder
from comity.office.founding import fingerprint, parse_founding
from laws.agreement import Draft, Names
from laws.plays import admitted, amend
from laws.test_replaced_terms import left_behind
from laws.world import World


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Three offices with keys, and their founding file; none has begun."""
    draft = parse_founding(DRAFT.encode())
    handed = [make_keys(OfficeFolder(tmp_path / name), name, draft, tmp_path / f"{name}.root") for name in NAMES]
    (tmp_path / "founding.toml").write_bytes(complete(DRAFT.encode(), handed))
    return tmp_path


def begin(place: Path, name: str, *peers: str) -> str:
    """Step 3 of founding; gives what it says beside the result."""
    told = fingerprint((place / "founding.toml").read_bytes())
    words = ("init", "begin", name, "founding.toml", "--fingerprint", told, "--listen", "127.0.0.1:4801")
    ran = inside(*words, *(f"--peer={each}" for each in peers), folder=place)
    assert spoke_well(ran)
    return ran.err


def test_begin_says_who_cannot_be_reached(place: Path) -> None:
    """A forgotten --peer shows on the first bad day, when nobody knows how to write it down."""
    told = begin(place, "north", "south=127.0.0.1:4802")
    assert "where centre can be reached is not written down" in told
    assert "comity init peer north centre=HOST:PORT" in told
    again = begin(place, "north", "south=127.0.0.1:4802", "centre=127.0.0.1:4803")
    assert "north has begun already; comity init peer north" in again
    assert "is not written down" not in begin(place, "south", "north=127.0.0.1:1", "centre=127.0.0.1:2")


def test_settings_of_another_office_are_refused(place: Path) -> None:
    """An office signs for north what its people were shown as south's."""
    begin(place, "north", "south=127.0.0.1:4802", "centre=127.0.0.1:4803")
    settings = place / "north" / "office.toml"
    settings.write_text(settings.read_text().replace('participant = "north"', 'participant = "south"'))
    for words in (("show", "north", "agreement"), ("serve", "north")):
        ran = inside(*words, folder=place)
        assert ran.code == 2 and spoke_well(ran)
        assert "the keys here are of pact/north, not of south; mend participant in" in ran.err


def test_swapped_keys_are_put_back(place: Path) -> None:
    """Whoever finds another office's keys in the folder is told to put its own back, never to change whose it is."""
    for name in ("north", "south"):
        begin(place, name)
    swapped = (place / "south" / "keys" / "office.pem").read_bytes()
    (place / "north" / "keys" / "office.pem").write_bytes(swapped)
    ran = inside("show", "north", "agreement", folder=place)
    assert ran.code == 2 and "comity keys restore north --root ROOT" in ran.err and "mend" not in ran.err


def test_table_of_an_own_file_is_headed_by_it(tmp_path: Path) -> None:
    """Clauses of somebody's draft stand under the name of the shipped agreements."""
    shutil.copy(Path(__file__).parent / "water-works.toml", tmp_path)
    ran = inside("agreement", "table", "water-works.toml", folder=tmp_path)
    assert ran.code == 0 and ran.out.startswith("# The clauses of water-works.toml\n")
    assert "agreements/" not in ran.out


def test_who_is_deputed_is_listed_until_it_ends() -> None:
    """Who sits in a seat for eight hours is in no list."""
    world = World()
    key, until_ms = world.key("north", "second"), world.at_ms + HOUR_MS
    admitted(world.sign("north", Depute(key=key, seat="junior", until_ms=until_ms), officer="root", seat="root"))
    for at_ms, deputed in ((until_ms, [{"seat": "junior", "until_ms": until_ms}]), (until_ms + 1, [])):
        rows = answer(Held("north", world["north"].view, at_ms), "officers", "")
        assert next(row for row in rows if row["key"] == key)["deputed"] == deputed


def test_who_takes_part_by_later_terms_is_known() -> None:
    """Who joined later and owes nothing, and who has left, are told to be no participants."""
    joined, (left, *_) = World(), left_behind()
    names = Names(others=(*Names().others, ("relief", "observer")))
    amend(joined, Draft(names=names, edition=2))
    for world, name in ((joined, "relief"), (left, "east"), (joined, "centre")):
        held = Held("north", world["north"].view, world.at_ms)
        Door.check_participant(cast(Door, Asked(held)), name)
    with pytest.raises(Misuse, match="'east' is no participant; they are north, south, centre, monitor, relief"):
        Door.check_participant(cast(Door, Asked(Held("north", joined["north"].view, joined.at_ms))), "east")


@dataclass(frozen=True)
class Asked:
    """An office as it is asked."""

    held: Held

    def ask(self, question: str, text: str) -> Any:
        """What it answers."""
        return answer(self.held, question, text)


def test_a_narrow_screen_shows_rows_under_each_other() -> None:
    """On a telephone's 40 columns every word of a table is broken over lines."""
    row = {"operation": "operation-1", "status": "proposed", "executing": "north", "window": "", "group": "irregulars"}
    shown = table([row, row], 40)
    assert max(map(len, shown.splitlines())) <= 40 and "operation  operation-1\nstatus     proposed\n" in shown
    assert shown.count("operation-1") == 2 and "window" not in shown
    assert table([{"a": "b"}], 40) == "a\nb"


def test_a_problem_is_told_once() -> None:
    """Each check that is due stands twice in `comity status`, as due and as a problem."""
    due = {"text": "check due: operation op-1; see comity protected check", "at_ms": 0, "last_ms": 0, "over_ms": None}
    assert problems([due], {str(due["text"])}) == [] and len(problems([due])) == 1
