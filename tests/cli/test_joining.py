"""Somebody joins later: what may go wrong on the way. The way itself is in docs/first-day.md, which is played."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cli.commands import DRAFT, NAMES, inside, spoke_well
from comity.interfaces.cli.board_text import TOPICS
from comity.interfaces.cli.founding_steps import begin, complete, make_keys
from comity.interfaces.cli.reach import Door, reach
from comity.interfaces.cli.settings import read_addresses
from comity.model.acts.keys import Join
from comity.model.errors import Misuse
from comity.model.terms import Pins, Terms
from comity.model.terms_file import parse_terms
from comity.office.folder import OfficeFolder
from comity.office.founding import complete_amendment, fingerprint, parse_founding
from drafts import participant

CHANGED = DRAFT.replace("edition = 1", "edition = 2") + participant("relief").replace("signatory", "observer")
BEGIN = ("--listen", "127.0.0.1:4804", "--peer", "north=127.0.0.1:4801")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three founded offices, north's among them begun, and a newcomer's; none runs and nobody has voted."""
    place = tmp_path_factory.mktemp("offices")
    draft, changed = parse_founding(DRAFT.encode()), parse_founding(CHANGED.encode())
    handed = [make_keys(OfficeFolder(place / name), name, draft, place / f"{name}.root") for name in NAMES]
    make_keys(OfficeFolder(place / "relief"), "relief", changed, place / "relief.root")
    founding = complete(DRAFT.encode(), handed)
    (place / "founding.toml").write_bytes(founding)
    (place / "changed.toml").write_text(CHANGED)
    begin(OfficeFolder(place / "north"), founding, fingerprint(founding), "127.0.0.1:4801", {})
    ran = inside(
        "init", "begin", "relief", "founding.toml", "--fingerprint", fingerprint(founding), *BEGIN, folder=place
    )
    assert ran.code == 0 and "names no log pact/relief: this office joins later" in ran.err
    return place


def pins(place: Path, name: str) -> Pins:
    """What somebody handed in."""
    return reach(place / name).own_pins if name == "relief" else _founded(place, name)


def _founded(place: Path, name: str) -> Pins:
    found = parse_founding((place / "founding.toml").read_bytes()).participant_by_id(name)
    assert found is not None and found.pins is not None
    return found.pins


def test_waiting_office_answers(place: Path) -> None:
    """An office that no terms name shows every topic, and says of its first entry what it waits for."""
    for topic in TOPICS:
        ran = inside("show", "relief", topic, folder=place)
        assert ran.code == 0 and spoke_well(ran), (topic, ran)
    for words in (("obligations", "relief"), ("keys", "list", "relief"), ("audit", "relief")):
        assert inside(*words, folder=place).code == 0
    ran = inside("keys", "vote", "relief", "--root", "relief.root", "--yes", folder=place)
    assert ran.code == 2 and "no terms in force here pin the log pact/relief; wait until every" in ran.err


def test_waiting_office_signs_nothing(place: Path) -> None:
    """The core of that office opens, names its keeper, and says what it waits for."""
    office = OfficeFolder(place / "relief").open()
    assert office.participant.id == "relief" and set(office.peers) == set(NAMES)
    assert "wait until every signatory has voted for terms that do" in str(office.fault())
    office.close()


class Told(Door):
    """An office that holds terms with these pins in force."""

    pinned: Pins

    def ask(self, question: str, text: str) -> object:
        """What it holds."""
        assert (question, text) == ("pinning", "pact/relief")
        return {"terms": "ab" * 32, "pins": msgspec.to_builtins(self.pinned)}


def test_pins_are_compared_before_joining(place: Path) -> None:
    """The newcomer joins by terms that pin the very keys it made, and by no others."""
    door = reach(place / "relief")
    told = Told(door.folder, door.keeper, door.founding, running=True, begins_later=True)
    told.pinned = pins(place, "relief")
    assert told.first_act() == Join(terms="ab" * 32)
    told.pinned = msgspec.structs.replace(told.pinned, root_key="0" * 64)
    with pytest.raises(Misuse, match="the root_key of relief in the terms in force is not the one made here"):
        told.first_act()


def test_pins_of_the_terms_in_force_are_kept(place: Path) -> None:
    """Amended terms keep every pin of who stays, whether the changed text had any or not; who leaves has none."""
    founding, relief = (place / "founding.toml").read_bytes(), pins(place, "relief")
    before = parse_founding(founding)
    amended = complete_amendment(CHANGED.encode(), before, {"relief": relief})
    found = {each.id: each.pins for each in parse_founding(amended).participant}
    assert found == {each.id: each.pins for each in before.participant} | {"relief": relief}
    extra = participant("relief").replace("signatory", "observer")
    text = founding.decode().replace("edition = 1", "edition = 2") + extra
    assert parse_founding(complete_amendment(text.encode(), before, {"relief": relief})).participant[-1].pins == relief
    without = complete_amendment(founding.replace(b"edition = 1", b"edition = 2"), before, {})
    assert without == founding.replace(b"edition = 1", b"edition = 2")


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        (CHANGED, (), "relief comes, and its pins are not given"),
        (CHANGED.replace("edition = 2", "edition = 1"), ("relief",), "what may follow .* is pact edition 2"),
        (CHANGED, ("relief", "north"), "keys change with a new log only"),
        (DRAFT.replace("edition = 1", "edition = 2"), ("relief",), "pins and participants differ in relief"),
    ],
)
def test_amended_terms_that_nobody_could_adopt(place: Path, text: str, given: tuple[str, ...], said: str) -> None:
    """What the agreement would refuse is said before anybody signs it."""
    before = parse_founding((place / "founding.toml").read_bytes())
    handed = {name: pins(place, name) for name in given}
    if "north" in handed:
        handed["north"] = msgspec.structs.replace(handed["north"], root_key="0" * 64)
    with pytest.raises(Misuse, match=said):
        complete_amendment(text.encode(), before, handed)


def test_nothing_is_amended_before_it_is_in_force(place: Path) -> None:
    """An office where nobody has voted has no terms to amend."""
    words = ("init", "amend", "north", "changed.toml", "relief/pins-relief.toml", "-o", "amended.toml")
    ran = inside(*words, folder=place)
    assert ran.code == 2 and "holds no terms in force" in ran.err
    assert not (place / "amended.toml").exists()


def test_addresses_are_written_down(place: Path) -> None:
    """A later office's address is added to those that are there, a new one replaces it, odd ones change nothing."""
    for where in ("198.51.100.8:4801", "198.51.100.9:4801"):
        assert inside("init", "peer", "relief", f"south={where}", folder=place).code == 0
        assert read_addresses(OfficeFolder(place / "relief")).peers == {"north": "127.0.0.1:4801", "south": where}
    for odd, said in (
        ("south", "no other office"),
        ("relief=h:1", "this office itself"),
        ("a b=h:1", "no participant"),
        ("nobody=h:1", "'nobody' is no participant of any terms held here; they name centre, north, south"),
    ):
        ran = inside("init", "peer", "relief", odd, folder=place)
        assert ran.code == 2 and said in ran.err
    assert read_addresses(OfficeFolder(place / "relief")).peers["south"] == "198.51.100.9:4801"


def test_nothing_begins_with_the_last_edition(place: Path, tmp_path: Path) -> None:
    """A founding file of the greatest edition could never be amended: check and founding say so, with line and remedy.

    An amendment may have any edition, for each is one on: else some edition would be the last."""
    last = DRAFT.replace("edition = 1", f"edition = {2**53 - 1}")
    (tmp_path / "last.toml").write_text(last)
    ran = inside("agreement", "check", "last.toml", folder=tmp_path)
    line = 1 + last.splitlines().index(f"edition = {2**53 - 1}")
    assert ran.code == 2 and f"line {line}" in ran.out and "begin with edition 1" in ran.out
    handed = [str(place / name / f"pins-{name}.toml") for name in NAMES]
    ran = inside("init", "complete", "last.toml", *handed, "-o", "founding.toml", folder=tmp_path)
    assert ran.code == 2 and "begin with edition 1" in ran.err and not (tmp_path / "founding.toml").exists()
    founding = (place / "founding.toml").read_bytes().replace(b"edition = 1", b"edition = %d" % (2**53 - 1))
    with pytest.raises(Misuse, match="begin with edition 1"):
        begin(OfficeFolder(place / "south"), founding, fingerprint(founding), "127.0.0.1:4802", {})
    assert isinstance(parse_terms(founding), Terms)


def test_rules_that_this_software_does_not_know(place: Path, tmp_path: Path) -> None:
    """An agreement under rules that no office here could judge by is dead at its first vote: check and founding say so,
    with line and remedy."""
    later = DRAFT.replace("rules = 1", "rules = 99")
    assert later != DRAFT
    (tmp_path / "later.toml").write_text(later)
    line = later[: later.index("rules = 99")].count("\n") + 1
    ran = inside("agreement", "check", "later.toml", folder=tmp_path)
    assert ran.code == 2 and f"line {line}: rules: this software knows no rules version 99" in ran.out, ran
    assert "not sound: 1 to be mended" in ran.out and "update the software of every office first" in ran.out
    pins = [str(place / name / f"pins-{name}.toml") for name in NAMES]
    made = inside("init", "complete", "later.toml", *pins, "-o", "founding.toml", folder=tmp_path)
    assert made.code == 2 and "no rules version 99" in made.err and not (tmp_path / "founding.toml").exists()


def test_no_amendment_to_rules_that_this_software_does_not_know() -> None:
    """Nor is a changed text under such rules given its pins."""
    later = DRAFT.replace("rules = 1", "rules = 99").replace("edition = 1", "edition = 2")
    with pytest.raises(Misuse, match="no rules version 99"):
        complete_amendment(later.encode(), parse_founding(DRAFT.encode()), {})
