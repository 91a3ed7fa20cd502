"""A case proves what happened, and nothing that did not."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec
import pytest

from case.single_file import both, verdict
from case.world import (
    CENTRE,
    NORTH,
    SOUTH,
    Story,
    World,
    all_claims,
    full_case,
    seal_opening,
    small_story,
)
from comity.interfaces.case import (
    Absent,
    Admitted,
    Claim,
    FieldsOpening,
    Forked,
    Logged,
    Opened,
    Received,
    Refused,
    Result,
    SealOpening,
    make_case,
    verify_case,
)
from comity.interfaces.case.archive import read_archive, write_archive
from comity.model.errors import Misuse
from comity.office import private
from comity.tlog.merkle import Tree, leaf_hash


@cache
def story() -> Story:
    """The small story, told once."""
    return small_story()


def made(claims: Sequence[Claim], **more: object) -> bytes:
    """A case of the story."""
    return make_case(story().world.founding, story().world, claims, **more)  # type: ignore[arg-type]


def with_members(data: bytes, changed: Mapping[str, bytes | None]) -> bytes:
    """The case with members put in the place of others, or taken out."""
    members = {**read_archive(data), **changed}
    return write_archive({name: content for name, content in members.items() if content is not None})


def test_every_kind_of_claim_is_proven() -> None:
    """A case that claims one of each is proven, against the fingerprint read aloud, by both verifiers."""
    report = verify_case(full_case(story()), story().world.terms)
    assert report.outcome == "proven" and report.exit_code == 0
    assert report.fingerprint == story().world.terms
    assert [check.number for check in report.checks][-2:] == ["12.2", "12.3"]
    assert verdict(full_case(story()), story().world.terms) is None


def test_the_same_claims_give_the_same_bytes() -> None:
    """Making is deterministic; packing changes the bytes and no answer."""
    assert full_case(story()) == full_case(small_story())
    claims, openings = all_claims(story())
    packed = make_case(story().world.founding, story().world, claims, openings=openings, compress=True)
    assert len(packed) < len(full_case(story()))
    assert verify_case(packed).exit_code == 0


def test_a_wrong_founding_fingerprint_refutes() -> None:
    """A case under other founding terms is refuted at the third check, however sound it is in itself."""
    assert verdict(full_case(story()), "00" * 32) == ("3", "refuted")
    with pytest.raises(Misuse, match="64 hexadecimal digits"):
        verify_case(full_case(story()), "not a fingerprint")


def test_a_fingerprint_is_read_as_people_write_it() -> None:
    """Groups and capitals in the expected fingerprint make no difference."""
    terms = story().world.terms.upper()
    grouped = " ".join(terms[place : place + 4] for place in range(0, 64, 4))
    assert verify_case(full_case(story()), grouped).exit_code == 0


@pytest.mark.parametrize(
    ("claim", "number", "result"),
    [
        (Admitted(entry=small_story().refused), "12.1", Result.REFUTED),
        (Refused(entry=small_story().seal, clause=""), "12.1", Result.REFUTED),
        (Refused(entry=small_story().refused, clause="clause 9"), "12.1", Result.REFUTED),
        (Absent(origin=NORTH, act="threat.open", names=None, start=0, stop=4), "11.1", Result.REFUTED),
        (Absent(origin=NORTH, act=None, names=small_story().seal, start=0, stop=4), "11.1", Result.REFUTED),
        (Received(by=SOUTH, of=NORTH, size=3, entry=small_story().receipt), "11.1", Result.REFUTED),
        (Received(by=CENTRE, of=NORTH, size=5, entry=small_story().refused), "11.1", Result.REFUTED),
        (Received(by=NORTH, of=NORTH, size=1, entry=None), "11.1", Result.NOT_ENOUGH),
        (Received(by=SOUTH, of=NORTH, size=99, entry=None), "11.1", Result.NOT_ENOUGH),
    ],
)
def test_a_false_claim_is_not_proven(claim: Claim, number: str, result: Result) -> None:
    """Sound bytes with a claim that they do not bear out fail at that claim."""
    data = made([claim])
    failed = [check for check in verify_case(data).checks if check.result is not Result.OK]
    assert [(check.number, check.result) for check in failed] == [(number, result)]
    both(data)


def test_an_opening_with_another_word_is_refuted() -> None:
    """A seal or a field opens to what was committed and to nothing else."""
    seal = msgspec.structs.replace(seal_opening(story()), note="a better story")
    assert verdict(made([Opened(entry=story().seal)], openings={story().seal: seal})) == ("11.1", "refuted")
    right = private.opening(story().fields, "kind")
    wrong = msgspec.structs.replace(right, field=msgspec.structs.replace(right.field, value="barracks"))
    for opening in (FieldsOpening(fields=(wrong,)), SealOpening(note="", salt="00" * 32, volume={})):
        data = made([Opened(entry=story().layer)], openings={story().layer: opening})
        assert verdict(data) == ("11.1", "refuted")
    nothing = made([Opened(entry=story().opening)], openings={story().opening: seal})
    assert verdict(nothing) == ("11.1", "refuted")


def long_world() -> World:
    """A log of more than three ranges, seen by the others at its end."""
    world = World("long")
    world.found()
    world.watch(NORTH, 798)
    world.watch(CENTRE)
    return world


@cache
def long_story() -> tuple[World, bytes, bytes]:
    """The long log, a case of absence in its second range, and one of a receipt at its size."""
    world = long_world()
    absent = Absent(origin=NORTH, act="operation.withdraw", names="ab" * 32, start=300, stop=500)
    centre = world.offices[CENTRE]
    receipt = Received(by=CENTRE, of=NORTH, size=800, entry=leaf_hash(centre.leaves[1]).hex())
    return world, make_case(world.founding, world, [absent]), make_case(world.founding, world, [receipt])


def test_absence_discloses_its_range_and_no_more() -> None:
    """Of an 800-entry log the case shows the one range of 256 asked about; the rest is hashes."""
    _, case, _ = long_story()
    tiles = sorted(name for name in read_archive(case) if "/tile/" in name)
    assert tiles == ["log/0/tile/0/003.p/32", "log/0/tile/1/000.p/3", "log/0/tile/entries/001"]
    assert verdict(case) is None


def test_absence_is_refuted_when_an_entry_is_removed() -> None:
    """Whoever takes an entry out of the shown range, or shows another range, no longer reaches the signed root."""
    _, case, _ = long_story()
    members = read_archive(case)
    bundle = members["log/0/tile/entries/001"]
    first = 2 + int.from_bytes(bundle[:2], "big")
    removed = {"log/0/tile/entries/001": bundle[first:]}
    assert verdict(with_members(case, removed)) == ("6", "refuted")
    repeated = {"log/0/tile/entries/001": bundle[first:] + bundle[:first]}
    assert verdict(with_members(case, repeated)) == ("6", "refuted")


def test_absence_is_open_when_its_range_is_not_shown() -> None:
    """A hash in the place of the leaves keeps the root and proves no absence."""
    world, case, _ = long_story()
    leaves = world.offices[NORTH].leaves
    hashes = b"".join(leaf_hash(leaf) for leaf in leaves[256:512])
    hidden = with_members(case, {"log/0/tile/entries/001": None, "log/0/tile/0/001": hashes})
    assert verdict(hidden) == ("11.1", "not enough")
    gap = with_members(case, {"log/0/tile/0/003.p/32": None})
    assert verdict(gap) == ("6", "not enough")


def test_a_receipt_shows_no_entry_of_the_log_received() -> None:
    """That the centre had 800 entries of a log is proven from hashes alone."""
    _, _, case = long_story()
    assert not [name for name in read_archive(case) if "/tile/entries/" in name]
    assert verdict(case) is None


@pytest.mark.parametrize("size", [3, 4, 255, 256, 257, 511, 512, 700])
def test_a_receipt_at_any_size(size: int) -> None:
    """The root of any earlier size follows from the tiles in the case, at every edge of a range."""
    world = World("sizes")
    world.found()
    world.watch(NORTH, size - 2)
    receipt = world.watch(SOUTH)
    seen = world.offices[NORTH].tree.size
    world.watch(NORTH, 300)
    claim = Received(by=SOUTH, of=NORTH, size=min(size, seen), entry=receipt)
    assert verdict(make_case(world.founding, world, [claim])) is None


def test_the_past_of_a_verdict_must_be_there() -> None:
    """Without a log that the entry had seen its verdict is open, not proven."""
    data = made([Admitted(entry=story().seal)])
    members = read_archive(data)
    manifest = members["manifest.json"].replace(b'{"origin":"demo/south","size":4}', b"").replace(b"},]", b"}]")
    cut = {name: None for name in members if name.startswith("log/2/")}
    assert verdict(with_members(data, cut | {"manifest.json": manifest})) == ("11.1", "not enough")


def test_a_fork_is_proven_by_two_heads() -> None:
    """Two signed heads that do not continue each other prove a fork; one that continues refutes the claim."""
    world = story().world
    other = Tree([*(leaf_hash(leaf) for leaf in world.offices[NORTH].leaves[:-1]), bytes(32)])
    for tree, expected in ((other, None), (other.copy(3), ("11.1", "refuted"))):
        data = made([Forked(origin=NORTH)], forks={NORTH: world.head(NORTH, (), tree)})
        assert verdict(data) == expected
    with pytest.raises(Misuse, match="second head"):
        made([Forked(origin=NORTH)])


def test_a_quorum_that_is_not_reached_leaves_the_case_open() -> None:
    """Each checkpoint bears as many cosignatures as the case says, or proves too little; too many asked is misuse."""
    assert verdict(made([Logged(entry=story().seal)], quorum=2)) is None
    assert verdict(made([Logged(entry=story().seal)], quorum=3)) == ("5", "not enough")
    with pytest.raises(Misuse, match="quorum"):
        made([Logged(entry=story().seal)], quorum=4)


@pytest.mark.parametrize(
    "claim",
    [
        Logged(entry="ab" * 32),
        Absent(origin="demo/nobody", act=None, names=None, start=0, stop=1),
        Absent(origin=NORTH, act=None, names=None, start=0, stop=100),
        Opened(entry=small_story().seal),
    ],
)
def test_what_is_not_held_cannot_be_claimed(claim: Claim) -> None:
    """Making a case says at once what is missing and what to do."""
    with pytest.raises(Misuse):
        made([claim])


def test_logs_that_do_not_fit_their_checkpoint_make_no_case() -> None:
    """A disk that lost an entry is noticed before a case is written."""
    world = small_story().world
    world.notes[NORTH] = world.head(NORTH, (), world.offices[NORTH].tree.copy(2))
    assert verify_case(make_case(world.founding, world, [Logged(entry=story().receipt)])).exit_code == 0
    world.offices[NORTH].leaves[1] = world.offices[NORTH].leaves[0]
    with pytest.raises(Misuse, match="does not fit its checkpoint"):
        make_case(world.founding, world, [Logged(entry=story().receipt)])


def test_every_member_is_needed() -> None:
    """A case from which any one member is taken is never proven."""
    data = full_case(story())
    for name in read_archive(data):
        assert verdict(with_members(data, {name: None})) is not None, name


def test_another_format_needs_newer_software() -> None:
    """A case of a later format is not judged by rules that it was not made for."""
    data = full_case(story())
    later = read_archive(data)["manifest.json"].replace(b'"comity_case":1', b'"comity_case":2')
    assert verdict(with_members(data, {"manifest.json": later})) == ("2", "not enough")


def test_the_report_as_json() -> None:
    """The report can be encoded and says outcome, fingerprint and each check."""
    report = verify_case(full_case(story()))
    shown = msgspec.json.decode(msgspec.json.encode(report.as_json()))
    assert shown["outcome"] == "proven" and len(shown["checks"]) == len(report.checks)
    assert dataclasses.asdict(report.checks[0])["name"] == "file"


@pytest.mark.parametrize(
    "path", ["entries/000", "2/000", "entries/x000/001.p/4", "0/000.p/0", "0/000.p/257", "0/0", "entries/000.p/4x"]
)
def test_hostile_tile_paths_are_refused(path: str) -> None:
    """A path that is no tile of that log at that size refutes the case before any of its bytes is used."""
    data = with_members(full_case(story()), {f"log/1/tile/{path}": bytes(128)})
    assert verdict(data) == ("6", "refuted")
