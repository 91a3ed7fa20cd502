"""The register of protected things by its commands: real offices, and files that people may get wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.commands import NAMES, Ran
from cli.offices import Trio, until
from comity.interfaces.cli.protected_file import read_things
from comity.model.errors import Misuse
from comity.model.protected import KINDS

LABEL = "canary clinic"
CANARIES = (LABEL.encode(), b"canary", b"361234567", b"36.1234567", b"371654321", b"37.1654321")
PLACES = """
[[place]]
label = "canary clinic"
kind = "hospital"
at = [36.1234567, 37.1654321]
standoff_m = 2000

[[place]]
label = "canary wells"
kind = "water"
ring = [[36.0, 37.0], [36.0, 37.01], [36.01, 37.0]]
standoff_m = 500
from = 2016-09-20T06:00:00Z

[[movement]]
label = "canary convoy"
route = [[36.0, 37.0], [36.2, 37.2]]
standoff_m = 1000
from = 2016-09-20T06:00:00+03:00
until = 2016-09-20T18:00:00Z
"""


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    """All founded and running, so that no act waits for its receipt, north and south with an officer each."""
    trio = Trio(tmp_path)
    try:
        trio.found()
        trio.start(*NAMES)
        for party in ("north", "south"):
            trio.done("keys", "vote", party, "--root", f"{party}.root", "--yes")
            trio.enrol(party, "ann", "duty", "senior")
        yield trio
    finally:
        trio.stop_all()


def protected(trio: Trio, what: str, *words: str, signed: bool = True) -> Ran:
    """One of the commands at the office of south."""
    officer = ("--seat", "duty", "--key", "south-ann.pem", "--yes") if signed else ()
    return trio.comity("protected", what, "south", *words, *officer)


def test_by_hand(trio: Trio) -> None:
    """Add, import, find, hold, remove, erase: each leaves its version, and no byte of a place outside ciphertexts."""
    (trio.place / "places.toml").write_text(PLACES)
    until(lambda: trio.show("south", "agreement")[0]["status"] == "in force", "entry into force")
    words = (LABEL, "--kind", "hospital", "--at", "36.1234567/37.1654321", "--standoff-m", "2000")
    added = protected(trio, "add", *words)
    assert added.code == 0 and "version 1 of the register holds 1" in added.out, added
    twice = protected(trio, "import", "places.toml")
    assert twice.code == 2 and "'canary clinic': two things have this label" in twice.err
    (trio.place / "empty.toml").write_text("")
    for manner in ((), ("--replace",)):
        cut_short = protected(trio, "import", "empty.toml", *manner)
        assert cut_short.code == 2 and "empty.toml holds no place and no movement" in cut_short.err
    replaced = protected(trio, "import", "places.toml", "--replace")
    assert replaced.code == 0 and "the register holds 1, and will hold 3" in replaced.err
    listed = protected(trio, "list", "--json", signed=False).json
    assert [row["label"] for row in listed] == [LABEL, "canary wells", "canary convoy"]
    assert listed[0]["points"] == [[36.1234567, 37.1654321]]
    find_and_hold(trio)
    open_in_a_case(trio)
    warned_but_not_stopped(trio)
    assert protected(trio, "remove", "nobody").code == 2
    assert protected(trio, "remove", LABEL).code == 0
    assert "is the one that counts now" in protected(trio, "erase", "3", signed=False).err
    assert protected(trio, "erase", "1", signed=False).code == 0
    versions = protected(trio, "list", "--versions", "--json", signed=False).json
    assert [row["content"] for row in versions] == ["erased or lost", "held", "held"]
    trio.stop("south")
    assert protected(trio, "check", signed=False).code == 0, "what is held can be looked at while the office is stopped"
    (trio.place / "places.toml").unlink()
    found = [path for path in trio.place.rglob("*") if path.is_file() and any(c in path.read_bytes() for c in CANARIES)]
    assert found == []


def find_and_hold(trio: Trio) -> None:
    """What north asks for comes near: south is told, by the command and in its obligations, and holds it."""
    words = ("area=a-1", "tier=t1", "ring=@square(36.1,37.1,20km)", "band=..")
    area = str(trio.act("north", "senior", "ann", "area.propose", *words).json["entry"])
    for party in ("north", "south"):
        assert trio.act(party, "senior", "ann", "change.vote", f"for={area[:8]}").code == 0
    until(lambda: trio.show("north", "areas"), "the area")
    asking = ("operation=op-1", "area=a-1", "group=g-1", "executing=north", "volume.band=0m..3000m")
    drawn = ("volume.ring=@square(36.12,37.15,6km)", "volume.window=+0s..+3h")
    asked = str(trio.act("north", "senior", "ann", "operation.propose", *asking, *drawn).json["entry"])
    seen = protected(trio, "check", signed=False)
    assert seen.code == 1 and f"hold.place request={asked[:8]}" in seen.err and LABEL in seen.out, seen
    assert "no legal status" in seen.err
    owed = "finding in operation op-1: hold not yet signed"
    assert owed in trio.done("obligations", "south", "--of", "south").replace("\n", " ") or owed in str(
        trio.comity("obligations", "south", "--json").json
    )
    assert owed not in str(trio.comity("obligations", "north", "--json").json)
    assert owed in trio.comity("status", "south").err
    refused = trio.act("south", "duty", "ann", "precaution.check", asked[:8])
    assert refused.code == 1 and "stand-off distance" in refused.json["problem"]
    assert protected(trio, "check", "--hold").code == 0
    assert protected(trio, "check", signed=False).code == 0
    assert [row["by"] for row in trio.show("north", "holds")] == ["south"]


def open_in_a_case(trio: Trio) -> None:
    """One field of one thing is opened for a stranger; nothing else of the register is in the case."""
    seen = protected(trio, "open", LABEL, "--field", "shape", "-o", "kind.json", signed=False)
    assert seen.code == 2 and "kind, label, when, where" in seen.err
    told = protected(trio, "open", LABEL, "--field", "kind", "-o", "kind.json", signed=False)
    assert told.code == 0 and (trio.place / "kind.json").stat().st_mode & 0o777 == 0o600
    entry = str(protected(trio, "list", "--versions", "--json", signed=False).json[-1]["entry"])
    trio.done("case", "south", f"opened:{entry[:8]}", "--opening", f"{entry[:8]}=kind.json", "-o", "open.comity")
    assert trio.comity("verify", "open.comity").code == 0 and b"hospital" in (trio.place / "kind.json").read_bytes()


def warned_but_not_stopped(trio: Trio) -> None:
    """Who acts alone near a protected place is told so before he signs, seal and opening; elsewhere nothing is said."""
    for number, (at, warned) in enumerate((("36.12,37.16", True), ("35.0,36.0", False))):
        words = ("window=+0s..+1h", "note=made up", f"volume.ring=@square({at},6km)", "volume.band=..")
        said = [
            trio.act("south", "duty", "ann", *act, "--opening", f"seal-{number}")
            for act in (("threat.seal", *words, "volume.window=+0s..+1h"), ("threat.open",))
        ]
        for each in said:
            assert each.code == 0 and ("LOOK AGAIN: it comes within the stand-off" in each.err) == warned, each
            assert not any(canary in each.err.encode() for canary in CANARIES)


def test_example_reads() -> None:
    """The file of the documentation is read to the last place, its degrees exactly."""
    clinic, wells, convoy = read_things(PLACES)
    assert clinic.points == ((361_234_567, 371_654_321),) and clinic.window.until_ms is None
    assert wells.shape == "ring" and wells.window.from_ms == 1_474_351_200_000
    assert convoy.kind == "movement" and convoy.window.from_ms == 1_474_340_400_000


ROW = '[[place]]\nlabel = "a"\nkind = "hospital"\nat = [36.0, 37.0]\nstandoff_m = 2000\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[place]\n", "no TOML at line 1"),
        ("[[places]]\n", "'places'"),
        ("place = 3\n", "no list of tables"),
        ("place = [3]\n", "no list of tables"),
        ("[[place]]\n", "place 1 (no label): it has no label"),
        (ROW.replace("hospital", "bridge"), "kind 'bridge' is none of"),
        (ROW.replace("2000", "2000.5"), "no whole number of metres"),
        (ROW.replace("2000", "true"), "no whole number of metres"),
        (ROW.replace("2000", "0"), "stand-off is 0 m"),
        (ROW.replace("36.0", "nan"), "beyond the globe"),
        (ROW.replace("36.0", "1e99"), "beyond the globe"),
        (ROW.replace("36.0", "'x'"), "a point is [latitude, longitude]"),
        (ROW.replace("36.0", "91.0"), "beyond 89 degrees"),
        (ROW.replace("at = [36.0, 37.0]", "at = 36.0"), "is no list"),
        (ROW.replace("at = [36.0, 37.0]", "ring = [[0.0, 0.0]]"), "3 to 256"),
        (ROW.replace("at =", "route = [[0,0],[1,1]]\nat ="), "exactly one of"),
        (ROW + "name = 'x'\n", "it has 'name'"),
        (ROW + "from = 2016-09-20\n", "no time with a zone"),
        (ROW + "from = 2016-09-20T06:00:00Z\nuntil = 2016-09-20T06:00:00Z\n", "ends no later"),
        (ROW.replace('"a"', '"\\u001b[2J"'), "place 1 (?[2J): its label has a character that cannot be shown"),
        (ROW.replace('"a"', '" a"'), "no space at either end"),
        (ROW + ROW, "place 2 (a): place 1 has this label"),
    ],
)
def test_wrong_rows(text: str, said: str) -> None:
    """Each wrong row is named with what to change."""
    with pytest.raises(Misuse) as refused:
        read_things(text)
    assert said in str(refused.value), str(refused.value)


def test_every_wrong_row_is_named() -> None:
    """All wrong rows are told at once, up to a bound, and nothing is taken in."""
    text = "".join(ROW.replace('"a"', f'"a{number}"').replace("2000", "0") for number in range(60)) + ROW
    with pytest.raises(Misuse) as refused:
        read_things(text)
    lines = str(refused.value).splitlines()
    assert len(lines) == 52 and lines[-2:] == ["and 10 more rows", "nothing was taken in"]


def test_kinds_are_said() -> None:
    """Whoever names a wrong kind is told every right one."""
    with pytest.raises(Misuse) as refused:
        read_things(ROW.replace("hospital", "x"))
    assert all(kind in str(refused.value) for kind in KINDS)
