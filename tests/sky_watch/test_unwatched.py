"""What of an agreement no track is held against is said: by the watch, by a check of a file, by its report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agreement.samples import ROOT, sound
from comity.airspace.picture import Picture
from comity.interfaces.cli import main
from comity.interfaces.cli.air_text import air_screen, air_text
from comity.interfaces.feeds import csv_lines
from comity.interfaces.status.air_section import air_section
from comity.views.sky.agreed import Agreed, agreed_by
from comity.views.sky.minima import Minima
from comity.views.sky.report import AirReport
from comity.views.sky.rooms import known_of
from comity.views.sky.telling import Numbers, report
from comity.views.sky.watch import Watched, look
from sky_watch.made import BEGIN_MS, line

LINE = ROOT / "agreements" / "korea-cma-2018.toml"
GROUNDING = b'governs = ["notice", "notice.lead", "notice.grounding"]'
AREAS = "designated areas, for no clause of the agreement keeps anybody out of them (notice.grounding)"


def without_grounding() -> bytes:
    """An agreement in which areas are designated and nobody is kept out of them."""
    text = LINE.read_bytes()
    assert GROUNDING in text
    return text.replace(GROUNDING, b'governs = ["notice.lead"]')


def without_the_ring_of(distance: bytes) -> bytes:
    """The agreement with one of its distances not drawn."""
    text = LINE.read_bytes()
    begin = text.index(b"ring = [", text.index(b'id = "%s"' % distance))
    return text[:begin] + text[text.index(b"\n]\n", begin) + 3 :]


def test_an_agreement_without_a_clause_for_grounding_watches_no_area_and_says_so() -> None:
    """With the clause all of it is watched."""
    assert agreed_by(sound(LINE.read_bytes())).unwatched == ()
    assert agreed_by(sound(without_grounding())).unwatched == (AREAS,)


def test_a_distance_that_nobody_drew_is_not_watched() -> None:
    """A distance without its ring is named; without a clause that asks for distances all of them are."""
    agreed = agreed_by(sound(without_the_ring_of(b"fixed-wing-west")))
    assert agreed.unwatched == ("the distance fixed-wing-west, for its ring is not drawn (comity agreement rings)",)
    drawn = {area.id for area in agreed.areas}
    assert "the distance fixed-wing-west" not in drawn and "the distance fixed-wing-east" in drawn


def test_the_report_and_the_screen_say_it() -> None:
    """It stands in the report of each moment, and where people read it."""
    known = known_of(agreed_by(sound(without_grounding())))
    moment = look(Picture(), known, Minima(), Watched(), BEGIN_MS)
    told = report(moment, known, Numbers())
    assert told.unwatched == (AREAS,)
    for text in (air_text(told), air_screen(told, None, (), 30), air_section(told, Agreed(), BEGIN_MS)):
        assert f"not watched: {AREAS}" in text
    assert "not watched" not in air_text(AirReport())


def test_a_check_of_a_file_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In words and in JSON."""
    file, terms = tmp_path / "tracks.csv", tmp_path / "terms.toml"
    file.write_text("".join(csv_lines(line())))
    terms.write_bytes(without_grounding())
    assert main(["tracks", "check", str(file), "--agreement", str(terms)]) == 0
    assert f"not watched: {AREAS}" in capsys.readouterr().out
    assert main(["tracks", "check", str(file), "--agreement", str(terms), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unwatched"] == [AREAS]
