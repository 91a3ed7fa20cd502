"""Logs laid out as files: exact paths and bytes, every changed byte found, no crash that loses the older log."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.tlog import tiles
from comity.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from comity.tlog.errors import BadProof, BadTile, StoreError
from comity.tlog.merkle import Tree, leaf_hash
from comity.tlog.tiles import Tile, decode_bundle, encode_bundle, parse_tile_path, tiles_of, write_log
from tlog.laid_out import read_log
from tlog.test_note import NORTH, SOUTH

LEAVES = [b"entry %d " % number + bytes(number % 50) for number in range(700)]


def signed_head(leaves: list[bytes]) -> bytes:
    """North's checkpoint over these leaves."""
    return sign_checkpoint(Checkpoint("demo/north", len(leaves), Tree(map(leaf_hash, leaves)).root()), NORTH)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067, 8), "tile/0/x001/x234/067.p/8"),
        (Tile(63, 999), "tile/63/999"),
        (Tile(1, 1000), "tile/1/x001/000"),
        (Tile(tiles.ENTRIES, 273, 112), "tile/entries/273.p/112"),
    ],
)
def test_paths_are_as_published(tile: Tile, path: str) -> None:
    """The path of a tile is the one of the specification, and reads back as the tile."""
    assert tile.path == path
    assert parse_tile_path(path) == tile


@given(st.integers(-1, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_each_tile_has_one_path(level: int, index: int, width: int) -> None:
    """Every tile's path reads back as the same tile."""
    assert parse_tile_path(Tile(level, index, width).path) == Tile(level, index, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/0/../000",
        "../tile/0/000",
        "/tile/0/000",
        "tile/0/000/",
        "tile//0/000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/08",
        "tile/0/000.p/",
        "tile/0/000\n",
        "tile/0/\u0660\u0660\u0660",
        "tile/0/%30%30%30",
        "tile/0/" + "x001/" * 200 + "000",
    ],
)
def test_hostile_paths_are_refused(path: str) -> None:
    """Nothing but the exact path of a tile is taken, so a path from outside leads nowhere else."""
    with pytest.raises(BadTile, match="; ask"):
        parse_tile_path(path)


@given(st.text(alphabet="tileanrs/x0123456789.p", max_size=30))
def test_any_text_is_the_path_of_its_tile_or_refused(text: str) -> None:
    """Whatever is read as a tile's path is the path of that tile."""
    try:
        assert parse_tile_path("tile/" + text).path == "tile/" + text
    except BadTile:
        return


@pytest.mark.parametrize("tile", [Tile(-2, 0), Tile(64, 0), Tile(0, -1), Tile(0, 0, 0), Tile(0, 0, 257)])
def test_tiles_that_cannot_be(tile: Tile) -> None:
    """A tile outside the format has no path."""
    with pytest.raises(BadTile, match="; check"):
        assert tile.path


def test_the_published_tilings() -> None:
    """A log of 70,000 has 273 full and one partial tile of width 112 at level 0, and so on up; one of 256 has two."""
    found = [each for each in tiles_of(70_000) if each.level >= 0]
    assert sum(each.level == 0 and each.width == 256 for each in found) == 273
    assert [each for each in found if each.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [each for each in found if each.level == 1 and each.width == 256] == [Tile(1, 0)]
    assert [each.path for each in tiles_of(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == []


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundles_read_back_and_break_when_cut(leaves: list[bytes]) -> None:
    """A bundle gives its leaves back; cut short within a leaf it is refused."""
    data = encode_bundle(leaves)
    assert decode_bundle(data) == leaves
    with pytest.raises(BadTile):
        assert decode_bundle(data[:-1]) != leaves and decode_bundle(data[: len(data) - len(leaves[-1]) - 1])


def test_bundles_have_bounds() -> None:
    """A leaf is at most 65,535 bytes long, and a bundle holds 1 to 256 leaves."""
    assert decode_bundle(encode_bundle([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(BadTile, match="outside the log"):
        encode_bundle([bytes(65_536)])
    for data in (b"", b"\x00", encode_bundle([b""] * 257)):
        with pytest.raises(BadTile, match="; fetch"):
            decode_bundle(data)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 700])
def test_a_log_is_written_and_read_back(tmp_path: Path, size: int) -> None:
    """What was laid out is read back, with the checkpoint that its key opens; writing it again changes nothing."""
    head = signed_head(LEAVES[:size])
    write_log(tmp_path / "log", LEAVES[:size], head)
    write_log(tmp_path / "log", LEAVES[:size], head)
    assert read_log(tmp_path / "log") == (head, LEAVES[:size])
    assert open_checkpoint(read_log(tmp_path / "log")[0], NORTH.verifier).size == size
    assert not list((tmp_path / "log").rglob("*.part"))


def test_a_log_grows_in_its_folder_and_never_shrinks(tmp_path: Path) -> None:
    """A longer log is written over the shorter one; a shorter or another one is refused and changes nothing."""
    for size in (100, 300, 700):
        write_log(tmp_path, LEAVES[:size], signed_head(LEAVES[:size]))
        assert len(read_log(tmp_path)[1]) == size
    other = [b"other", *LEAVES[1:]]
    root = Tree(map(leaf_hash, LEAVES)).root()
    wrong = [
        (LEAVES[:600], signed_head(LEAVES[:600])),
        (other, signed_head(other)),
        ([*other, b"more"], signed_head([*other, b"more"])),
        (LEAVES, sign_checkpoint(Checkpoint("demo/south", 700, root), SOUTH)),
    ]
    for leaves, head in wrong:
        with pytest.raises(StoreError, match="choose an empty folder"):
            write_log(tmp_path, leaves, head)
    assert read_log(tmp_path)[1] == LEAVES


def test_small_and_half_written_logs_of_others_are_refused(tmp_path: Path) -> None:
    """Another log is refused though no path is the same, and so are other tiles without a checkpoint."""
    write_log(tmp_path, LEAVES[:5], signed_head(LEAVES[:5]))
    other = [b"other", *LEAVES[1:6]]
    with pytest.raises(StoreError, match="another log"):
        write_log(tmp_path, other, signed_head(other))
    (tmp_path / "checkpoint").unlink()
    with pytest.raises(StoreError, match="other bytes"):
        write_log(tmp_path, other[:5], signed_head(other[:5]))


def test_leaves_and_checkpoint_must_fit(tmp_path: Path) -> None:
    """A checkpoint over other leaves is not laid out at all."""
    with pytest.raises(BadProof, match="sign them first"):
        write_log(tmp_path, LEAVES[:5], signed_head(LEAVES[:6]))
    assert not list(tmp_path.iterdir())


def test_a_dropped_partial_tile_is_read_from_the_full_one(tmp_path: Path) -> None:
    """A log may drop partial tiles once the full ones exist; an older checkpoint still reads."""
    old = signed_head(LEAVES[:300])
    write_log(tmp_path, LEAVES, signed_head(LEAVES))
    (tmp_path / "checkpoint").write_bytes(old)
    (tmp_path / "tile/1/000.p/1").write_bytes((tmp_path / "tile/1/000.p/2").read_bytes()[:32])
    assert read_log(tmp_path) == (old, LEAVES[:300])


def test_every_flipped_bit_on_disk_is_found(tmp_path: Path) -> None:
    """One bit changed anywhere in any file of the log is refused, by the files or by the signature."""
    write_log(tmp_path, LEAVES[:300], signed_head(LEAVES[:300]))
    for path in sorted(each for each in tmp_path.rglob("*") if each.is_file()):
        data = path.read_bytes()
        for place in range(0, len(data), max(1, len(data) // 40)):
            path.write_bytes(data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :])
            with pytest.raises(Exception) as caught:
                open_checkpoint(read_log(tmp_path)[0], NORTH.verifier)
            assert type(caught.value).__module__ == "comity.tlog.errors"
        path.write_bytes(data)
    assert read_log(tmp_path)[1] == LEAVES[:300]


def test_long_and_odd_files_are_refused(tmp_path: Path) -> None:
    """An overlong or odd file where the log shall lie is named, never followed or waited for."""
    write_log(tmp_path, LEAVES[:300], signed_head(LEAVES[:300]))
    tile = tmp_path / "tile/0/000"
    tile.write_bytes(tile.read_bytes() + bytes(tiles.MAX_BUNDLE_BYTES))
    with pytest.raises(BadTile, match="longer than"):
        write_log(tmp_path, LEAVES[:300], signed_head(LEAVES[:300]))
    tile.unlink()
    os.mkfifo(tile)
    with pytest.raises(StoreError, match="missing"):
        write_log(tmp_path, LEAVES[:300], signed_head(LEAVES[:300]))
    (tmp_path / "checkpoint").write_bytes(b"nonsense")
    with pytest.raises(StoreError, match="holds something that is no log"):
        write_log(tmp_path, LEAVES, signed_head(LEAVES))


def test_a_failing_disk_leaves_the_older_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever sync fails while a log grows, the folder still reads as the older or the newer log."""
    heads = {len(leaves): signed_head(leaves) for leaves in (LEAVES[:300], LEAVES)}
    real = os.fsync
    refused = []
    for failing in range(30):
        calls = 0

        def fsync(handle: int, failing: int = failing) -> None:
            nonlocal calls
            calls += 1
            if calls == failing + 1:
                raise OSError("planted")
            real(handle)

        folder = tmp_path / str(failing)
        write_log(folder, LEAVES[:300], heads[300])
        monkeypatch.setattr(os, "fsync", fsync)
        try:
            write_log(folder, LEAVES, heads[700])
        except StoreError:
            refused.append(failing)
        monkeypatch.setattr(os, "fsync", real)
        note, leaves = read_log(folder)
        assert note == heads[len(leaves)]
        write_log(folder, LEAVES, heads[700])
        assert read_log(folder) == (heads[700], LEAVES)
        shutil.rmtree(folder)
    assert refused == list(range(len(refused))) and 10 < len(refused) < 30
