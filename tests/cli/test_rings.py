"""`comity agreement rings`: distances from a line become rings, and nothing else in the file changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.commands import inside
from comity.airspace.buffers import great_circle_m
from comity.model.geometry import locate
from comity.model.terms import Terms
from comity.model.terms_file import parse_terms
from comity.model.volume import Ring
from source_tree import ROOT

KOREA = ROOT / "agreements" / "korea-cma-2018.toml"
EASTERN = ("fixed-wing-east", "rotary-wing-east", "unmanned-east", "balloon-east")
EAST = "38.32/127.40,38.33/127.75"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The agreement with distances from two lines, to be drawn anew."""
    path = tmp_path / "draft.toml"
    path.write_bytes(KOREA.read_bytes())
    return path


def rings(path: Path) -> dict[str, Ring | None]:
    """The ring of each distance."""
    terms = parse_terms(path.read_bytes())
    assert isinstance(terms, Terms)
    return {each.id: each.ring for each in terms.distance}


def without_rings(text: str) -> list[str]:
    """The lines of a file that are no ring's."""
    kept, inside_ring = [], False
    for line in text.splitlines():
        inside_ring = inside_ring or line.startswith("ring = [")
        if not inside_ring:
            kept.append(line)
        inside_ring = inside_ring and line != "]"
    return kept


def test_rings_are_drawn_and_nothing_else_changes(file: Path) -> None:
    """Every distance of the line is drawn, those of another line and every other letter stay, and twice is as once."""
    before, text = rings(file), file.read_text()
    ran = inside("agreement", "rings", file.name, "--line", f"east={EAST}", folder=file.parent)
    assert ran.code == 0 and ran.out == f"draft.toml: drawn are {', '.join(EASTERN)}\n"
    after, written = rings(file), file.read_text()
    assert {name for name, ring in after.items() if ring != before[name]} == set(EASTERN)
    assert without_rings(written) == without_rings(text)
    assert inside("agreement", "check", file.name, folder=file.parent).code == 0
    assert inside("agreement", "rings", file.name, "--line", f"east={EAST}", folder=file.parent).code == 0
    assert file.read_text() == written


def test_rings_keep_the_distance(file: Path) -> None:
    """A ring holds what lies within the distance of the line, round its ends too, and little more."""
    assert inside("agreement", "rings", file.name, "--line", f"east={EAST}", folder=file.parent).code == 0
    ring = rings(file)["rotary-wing-east"]
    assert ring is not None
    west_end = (383_200_000, 1_274_000_000)
    for lat, lon in ((west_end[0], west_end[1] - 1_120_000), (west_end[0] + 880_000, west_end[1])):
        assert 9_000 < great_circle_m(west_end, (lat, lon)) < 10_000
        assert locate(lat, lon, 1, ring) != "outside"
    assert locate(west_end[0], west_end[1] - 1_350_000, 1, ring) == "outside"


def test_line_from_a_file(file: Path) -> None:
    """A long line stands in a file of its own, a point a line."""
    (file.parent / "east.txt").write_text(EAST.replace(",", "\n") + "\n")
    one = inside("agreement", "rings", file.name, "--line", "east=@east.txt", folder=file.parent)
    assert one.code == 0
    drawn = rings(file)
    assert inside("agreement", "rings", file.name, "--line", f"east={EAST}", folder=file.parent).code == 0
    assert rings(file) == drawn


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("north=38.3/127.4,38.4/127.5", "no distance is measured from north; lines of the file: east, west"),
        ("38.3/127.4", "names no line; write NAME=36.1/37.1,36.3/37.2 or NAME=@FILE"),
        ("east=38.3/127.4", "a route of 1 points; give 2 to 64"),
        ("east=@nothing.txt", "nothing.txt"),
        ("east=38.3/127.4,north", "'north' is no point"),
        ("east=89.9/10,89.9/170", "point"),
        ("east=38/179.9,38/-179.9", "antimeridian"),
        (f"east={','.join(['38.3/127.4', '38.4/127.5'] * 1000)}", "points; give 2 to 64"),
        (f"east={'9' * 100_000}", "is no point"),
        ("east=38.3/127.4,38.3/127.9,38.4/127.4,38.4/127.9,38.2/127.6,38.5/127.6", ""),
    ],
)
def test_what_cannot_be_drawn_changes_nothing(file: Path, line: str, said: str) -> None:
    """A line that is none, over a pole or of 10^5 characters is one error, and the file is as it was."""
    text = file.read_bytes()
    ran = inside("agreement", "rings", file.name, "--line", line, folder=file.parent)
    if ran.code == 0:
        assert inside("agreement", "check", file.name, folder=file.parent).code == 0
        return
    assert ran.code == 2 and said in ran.err and len(ran.err) < 1_000, ran.err[:300]
    assert file.read_bytes() == text


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"comity = 1\n", b"[[distance]]\nring = [\n" * 2_000])
def test_a_file_that_is_no_agreement_is_left_alone(tmp_path: Path, text: bytes) -> None:
    """What cannot be read is not written."""
    path = tmp_path / "draft.toml"
    path.write_bytes(text)
    ran = inside("agreement", "rings", path.name, "--line", f"east={EAST}", folder=tmp_path)
    assert ran.code == 2 and path.read_bytes() == text and "Traceback" not in ran.err
