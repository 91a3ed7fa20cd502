"""The distances of the agreement of 2018, watched live: by the class of the declaration, and never by a guess."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from agreement.samples import ROOT
from comity.airspace.fix import Fix
from comity.interfaces import words
from comity.interfaces.cli import main
from comity.interfaces.feeds import csv_lines
from comity.interfaces.play.cast import with_pins
from comity.interfaces.play.desk import Properties
from comity.interfaces.play.library import agreement_text, folder
from comity.interfaces.play.player import read_script
from comity.interfaces.play.stage import Stage
from comity.interfaces.play.world import World
from comity.model.records.change import terms_to_judge_by
from comity.model.records.conflicts import conflicts_of
from comity.model.records.flights import flights
from comity.office.sky.frames import framed, handed_in
from comity.office.sky.handing import Handed
from comity.views.sky.agreed import Agreed, agreed_of
from comity.views.sky.known import Known
from comity.views.sky.minima import Minima
from comity.views.sky.moments import moments
from comity.views.sky.rooms import known_of

KOREA = ROOT / "agreements" / "korea-cma-2018.toml"
BEGIN_MS = words.moment_ms("2018-11-02T02:00Z", 0)
PLACE = "volume.ring=@box(37.95,128.02,38.20,128.20) volume.band=.. volume.window=2018-11-02T01:00Z..2018-11-02T05:00Z"
STEPS = (
    f"kr.airspace fixed = flight.declare flight=fl-1 operator=kr aircraft_class=fixed-wing address=71be01 {PLACE}",
    f"kr.airspace rotary = flight.declare flight=fl-2 operator=kr aircraft_class=rotary-wing address=71be02 {PLACE}",
    "kr.airspace fire = flight.declare flight=fl-3 operator=kr aircraft_class=fixed-wing category=firefighting "
    f"address=71be03 {PLACE}",
)


@cache
def office() -> Stage:
    """An office of the south in which three flights were declared a day ahead, one of them to fight a fire."""
    script = read_script(folder("scenarios") / "given/strips.given")
    founding = with_pins(agreement_text(script.head["agreement"])).encode()
    stage = Stage(World(founding, words.moment_ms(script.head["clock"], 0)), Properties())
    for text in (step.text for block in script.blocks for step in block.steps):
        stage.play([text])
    for text in STEPS:
        stage.play([text])
    stage.world.sync(stage.world.stations)
    return stage


def agreed() -> Agreed:
    """What it knows of the air."""
    stage = office()
    held = agreed_of(stage.world.station("kr").view, stage.world.now_ms, "kr")
    return handed_in(framed(Handed(held))[4:]).agreed


def flown(address: str, latitude_deg: float = 38.1) -> list[Fix]:
    """A flight on the meridian 128.1, two minutes northward at 60 m/s, about 35 km from the eastern line."""
    return [
        Fix(
            source="line",
            at_ms=BEGIN_MS + seconds * 1000,
            arrived_ms=BEGIN_MS + seconds * 1000,
            latitude_deg=latitude_deg + seconds * 60 / 111_120,
            longitude_deg=128.1,
            address=address,
            pressure_m=900.0,
            speed_mps=60.0,
            track_deg=0.0,
            climb_mps=0.0,
        )
        for seconds in range(0, 121, 5)
    ]


def said(known: Known, fixes: list[Fix]) -> list[tuple[str, str, str]]:
    """Kind, thing and clause of each alert about a distance."""
    began = [alert.finding for moment in moments(fixes, known, Minima()) for alert in moment.heard.began]
    return [(each.kind, each.thing, each.clause) for each in began if "distance" in each.thing]


def test_the_rings_of_the_terms_are_watched_with_the_classes_of_the_declarations() -> None:
    """Every distance with a ring is known with its classes and its line; so is the class of each declared flight."""
    known = agreed()
    distances = [each for each in known.areas if each.classes is not None]
    assert len(distances) == 7
    assert {each.line for each in distances} == {"east", "west"}
    assert {each.name: each.aircraft_class for each in known.flights} == {
        "fl-1": "fixed-wing", "fl-2": "rotary-wing", "fl-3": "fixed-wing",
    }  # fmt: skip
    assert [each.name for each in known.airfields] == ["Gimpo", "Incheon", "Pyongyang", "Yangyang"]


def test_fixed_wing_within_40_km_is_an_alarm_and_rotary_wing_is_none() -> None:
    """One place, three declarations: the class that keeps 40 km is said, the one that keeps 10 km is not."""
    known = known_of(agreed())
    assert said(known, flown("71be01")) == [("area", "the distance fixed-wing-east", "3.2")]
    assert said(known, flown("71be02")) == []


def test_an_exempt_category_declared_in_time_may_be_nearer() -> None:
    """The flight to the fire is let through, for the same reason for which it has no conflict with the distance."""
    assert said(known_of(agreed()), flown("71be03")) == []
    view = office().world.station("kr").view
    terms = terms_to_judge_by(view)
    nearer = {
        each.act.flight
        for each in flights(view)
        if any(found.distances for found in conflicts_of(view, terms, each, BEGIN_MS))
    }
    through = {
        name for area in agreed().areas if area.id == "the distance fixed-wing-east" for name in area.lets_through
    }
    assert nearer == {"fl-1"}
    assert through == {each.id for each in flights(view) if each.act.flight == "fl-3"}


def test_an_aircraft_of_no_declaration_is_of_unknown_class() -> None:
    """Nobody told of what class it is: it may be too near, which is said once, and is no alarm."""
    assert said(known_of(agreed()), flown("71be09")) == [
        ("possible-area", "distances from the line east", "3.2"),
    ]
    assert said(known_of(agreed()), flown("71be09", 36.0)) == []


@pytest.mark.parametrize(
    ("properties", "kinds"),
    [
        (None, ["possible-area"]),
        ({"class": "fixed-wing", "exempt": False}, ["area"]),
        ({"class": "rotary-wing", "exempt": False}, []),
        ({"exempt": False}, ["possible-area"]),
        ({"class": "fixed-wing", "exempt": True}, []),
    ],
)
def test_a_file_is_checked_against_the_distances_of_its_agreement(
    properties: dict[str, Any] | None, kinds: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`comity tracks check --agreement` watches the rings of the terms; a drawn flight may tell its class."""
    file, drawn = tmp_path / "tracks.csv", tmp_path / "declared.json"
    file.write_text("".join(csv_lines(flown("71be01"))))
    options = []
    if properties is not None:
        corners = [[128.0, 37.9], [128.2, 37.9], [128.2, 38.3], [128.0, 38.3], [128.0, 37.9]]
        geometry = {"type": "Polygon", "coordinates": [corners]}
        named = {"flight": "fl-1", "address": "71be01"} | properties
        drawn.write_text(json.dumps({"type": "Feature", "properties": named, "geometry": geometry}))
        options = ["--declared", str(drawn)]
    assert main(["tracks", "check", str(file), "--agreement", str(KOREA), "--json", *options]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [alert["kind"] for alert in answer["alerts"]] == kinds
    assert all(alert["clause"] == "3.2" for alert in answer["alerts"])
    if kinds == ["possible-area"]:
        assert answer["alerts"][0]["doubts"] == ["its class is not known"]
