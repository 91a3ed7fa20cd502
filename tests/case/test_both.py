"""The single-file verifier and the product give the same answer about the bytes, on good ones and on bad ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import msgspec
import pytest

from case.odd import MUTATIONS, edits, rewritten, story
from case.single_file import VERIFIER, both, verdict
from case.world import CENTRE, NORTH, SOUTH, World, amended_world, forked_case, full_case, signed
from comity.interfaces.case import Absent, Claim, make_case
from comity.interfaces.case.archive import read_archive, write_archive
from comity.interfaces.case.contents import MANIFEST
from comity.model.acts.keys import Enrol, Watch
from comity.model.errors import Misuse


@cache
def cases() -> tuple[bytes, ...]:
    """Cases of every kind of claim, one packed, and one of a forked log with hash tiles."""
    return full_case(story()), forked_case()[0]


def flipped(data: bytes, bit: int) -> bytes:
    """The bytes with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_one_bit_anywhere_in_the_file() -> None:
    """Whatever bit of a case is flipped, both verifiers say the same; and it is never a crash."""
    random = Random(1)
    for data in cases():
        assert verdict(data) is None
        for _ in range(MUTATIONS // 2):
            both(flipped(data, random.randrange(len(data) * 8)))


def test_one_bit_anywhere_in_a_member() -> None:
    """A member altered by one bit and zipped again soundly gets the same answer from both."""
    random = Random(2)
    for data in cases():
        members = read_archive(data)
        for name in random.choices(sorted(members), k=MUTATIONS // 2):
            both(write_archive(members | {name: flipped(members[name], random.randrange(len(members[name]) * 8))}))


def test_no_bit_of_a_case_is_idle() -> None:
    """Where every checkpoint must bear every cosignature, an altered bit leaves nothing proven.

    The manifest is left out: with one bit changed it may claim something else that is true.
    """
    random = Random(7)
    members = read_archive(cases()[0])
    for name in random.choices(sorted(members.keys() - {MANIFEST}), k=MUTATIONS // 2):
        changed = flipped(members[name], random.randrange(len(members[name]) * 8))
        assert verdict(write_archive(members | {name: changed})) is not None, name


def test_members_exchanged_and_cut() -> None:
    """Members in each other's places, cut short or made longer get the same answer from both."""
    random = Random(3)
    for data in cases():
        members = read_archive(data)
        names = sorted(members)
        for _ in range(MUTATIONS // 4):
            one, other = random.sample(names, 2)
            both(write_archive(members | {one: members[other]}))
            both(write_archive(members | {one: members[one][: random.randrange(len(members[one]))]}))
            both(write_archive(members | {one: members[one] + b"\n"}))


def test_manifests_of_every_odd_form() -> None:
    """A manifest that claims otherwise, or is none, gets the same answer from both."""
    random = Random(4)
    for data in cases():
        members = read_archive(data)
        manifest = msgspec.json.decode(members["manifest.json"])
        for _ in range(MUTATIONS):
            text = rewritten(edits(manifest, random), random)
            both(write_archive(members | {"manifest.json": text}))


def test_openings_of_every_odd_form() -> None:
    """An opening with other words, members or forms gets the same answer from both."""
    random = Random(5)
    members = read_archive(cases()[0])
    for name in sorted(name for name in members if name.startswith("opening/")):
        opening = msgspec.json.decode(members[name])
        for _ in range(MUTATIONS // 6):
            both(write_archive(members | {name: rewritten(edits(opening, random), random)}))


Spoil = Callable[[World], None]


def append(**changes: object) -> Spoil:
    """A watch entry of the centre with a changed header."""

    def spoil(world: World) -> None:
        ring = world.offices[CENTRE].ring
        world.append(CENTRE, signed(world.draw(CENTRE, Watch(), "office", ring.office, **changes), ring.office))

    return spoil


def append_forged(world: World) -> None:
    """An entry under the name of another key."""
    ring = world.offices[CENTRE].ring
    json = world.draw(CENTRE, Watch(), "office", ring.office)
    leaf = signed(json, world.offices[SOUTH].officer)
    world.append(CENTRE, leaf)


def append_rubbish(world: World) -> None:
    """Bytes that are no entry."""
    world.append(CENTRE, b"x" * 100)


def append_bad_enrolment(world: World) -> None:
    """A key enrolled whose owner never proved that he holds it."""
    office = world.offices[SOUTH]
    act = Enrol(officer="nobody", seats=("duty",), key=world.offices[NORTH].officer.key, proof="00" * 64)
    world.append(SOUTH, signed(world.draw(SOUTH, act, "root", office.root), office.root))


SPOILS: dict[str, tuple[Spoil, tuple[str, str] | None]] = {
    "nothing": (append(), None),
    "forged": (append_forged, ("8", "refuted")),
    "rubbish": (append_rubbish, ("8", "refuted")),
    "enrolment without proof": (append_bad_enrolment, ("8", "refuted")),
    "gap in seq": (append(seq=7), ("9", "refuted")),
    "other origin": (append(origin=NORTH), ("9", "refuted")),
    "other previous": (append(previous="ab" * 32), ("9", "refuted")),
    "own prefix left out": (append(seen={}), ("9", "refuted")),
    "own prefix too short": (append(seen={CENTRE: (1, "ab" * 32)}), ("9", "refuted")),
    "own prefix of another root": (append(seen={CENTRE: (2, "ab" * 32)}), ("9", "refuted")),
}


@pytest.mark.parametrize("name", SPOILS)
def test_a_keeper_who_signs_anything(name: str) -> None:
    """A log whose keeper signed a head over odd entries is refuted where the oddity is, by both."""
    spoil, expected = SPOILS[name]
    world = World("spoiled")
    world.found()
    world.watch(CENTRE)
    spoil(world)
    claims: list[Claim] = [
        Absent(origin=origin, act=None, names="nothing", start=0, stop=world.offices[origin].tree.size)
        for origin in (CENTRE, SOUTH)
    ]
    assert verdict(make_case(world.founding, world, claims)) == expected


def test_a_log_begun_under_another_founding_file() -> None:
    """Logs whose first entries vote for other terms are not those of the founding file in the case."""
    world = World("other")
    world.terms = "ab" * 32
    world.found()
    claim = Absent(origin=NORTH, act=None, names="nothing", start=0, stop=1)
    assert verdict(make_case(world.founding, world, [claim])) == ("9", "refuted")


def test_a_log_that_an_amendment_pins() -> None:
    """The new log counts with every signatory's vote for the terms that pin it, and not without one."""
    world, claim = amended_world()
    data = make_case(world.founding, world, [claim])
    members = read_archive(data)
    (terms,) = (name for name in members if name.startswith("terms/"))
    assert verdict(data) is None
    assert verdict(write_archive({name: each for name, each in members.items() if name != terms})) == (
        "2",
        "not enough",
    )
    assert verdict(write_archive(members | {terms: members[terms] + b"\n"})) == ("3", "refuted")
    for name in members:
        if b'"act":"change.vote"' in members[name] and b'"origin":"demo/south"' in members[name]:
            stem = name.partition(".")[0]
            unvoted = {other: each for other, each in members.items() if not other.startswith(stem)}
            assert verdict(write_archive(unvoted)) == ("10", "not enough")


def test_a_log_that_not_every_signatory_voted_for() -> None:
    """One party cannot pin a log of its own making: no case is made of it, and one made by hand is not proven."""
    world, claim = amended_world((SOUTH,))
    with pytest.raises(Misuse, match="every signatory"):
        make_case(world.founding, world, [claim])
    honest, same_claim = amended_world()
    members = read_archive(make_case(honest.founding, honest, [same_claim]))
    votes = [
        name for name, each in members.items() if b'"act":"change.vote"' in each and b'"origin":"demo/north"' in each
    ]
    stems = {name.partition(".")[0] for name in votes}
    forged = {name: each for name, each in members.items() if name.partition(".")[0] not in stems}
    assert len(stems) == 1 and verdict(write_archive(forged)) == ("10", "not enough")


def test_the_single_file_runs_alone(tmp_path: Path) -> None:
    """Copied to an empty folder, without packages, it answers in words and in JSON with the exit codes."""
    tool, case = tmp_path / "verify_case.py", tmp_path / "case.comity"
    tool.write_bytes(VERIFIER.read_bytes())

    def run(data: bytes, *arguments: str) -> tuple[int, str]:
        case.write_bytes(data)
        command = [sys.executable, "-I", "-S", str(tool), str(case), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        return done.returncode, done.stdout

    terms = story().world.terms
    code, words = run(cases()[0], "--fingerprint", " ".join(terms[place : place + 4] for place in range(0, 64, 4)))
    assert code == 0 and "the bytes are as claimed\nverdicts were not judged: " in words
    assert run(cases()[0], "--fingerprint", "00" * 32)[0] == 1
    code, words = run(b"no case", "--json")
    assert code == 2 and msgspec.json.decode(words)["outcome"] == "not enough evidence"
    assert run(b"", "--fingerprint", "odd")[0] == 2
