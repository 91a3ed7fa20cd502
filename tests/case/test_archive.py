"""The zip around a case: hostile ones get one clear error each, and no more is unpacked than was declared."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest

from case.single_file import both
from comity.interfaces.case.archive import CASE_BYTES_MOST, read_archive, write_archive
from comity.interfaces.case.report import NotEnough, Refuted

SMALL = {"keys": b"first", "policy": b"second " * 40}


def by_library(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """The members zipped by the standard library."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def patched(field: str, value: int, size: str = "<H") -> bytes:
    """A small archive with one field of the first member changed in both places where it stands."""
    local, central = {"flags": (6, 8), "method": (8, 10), "packed": (18, 20), "size": (22, 24)}[field]
    data = bytearray(write_archive(SMALL))
    directory = data.index(b"PK\x01\x02")
    struct.pack_into(size, data, local, value)
    struct.pack_into(size, data, directory + central, value)
    return bytes(data)


def ended(count: int | None = None, offset: int | None = None, comment: bytes = b"") -> bytes:
    """A small archive with another end."""
    data = write_archive(SMALL)
    here, length, start = struct.unpack("<H2L", data[-12:-2])
    shown = here if count is None else count
    where = start if offset is None else offset
    return data[:-14] + struct.pack("<2H2LH", shown, shown, length, where, len(comment)) + comment


def twice() -> bytes:
    """An archive with one name twice, as the standard library would write it."""
    buffer = BytesIO()
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("keys", b"first")
        archive.writestr("keys", b"second")
    return buffer.getvalue()


def bomb() -> bytes:
    """Ten million zeros in ten thousand bytes."""
    return by_library({"keys": bytes(10_000_000)}, zipfile.ZIP_DEFLATED)


def liar() -> bytes:
    """A member that unpacks to more than it declares."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(4000)) + packer.flush()
    name, checksum = b"keys", zlib.crc32(bytes(100))
    tail = struct.pack("<3L2H", checksum, len(packed), 100, len(name), 0)
    local = b"PK\x03\x04" + struct.pack("<5H", 20, 0, 8, 0, 0x21) + tail + name + packed
    central = (
        b"PK\x01\x02" + struct.pack("<6H", 20, 20, 0, 8, 0, 0x21) + tail + struct.pack("<3H2L", 0, 0, 0, 0, 0) + name
    )
    return local + central + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, len(central), len(local), 0)


def test_members_come_back_and_the_bytes_are_the_same_every_time() -> None:
    """Writing sorts by name and dates nothing, so the same members give the same bytes; reading gives them back."""
    backwards = dict(sorted(SMALL.items(), reverse=True))
    assert write_archive(SMALL) == write_archive(backwards)
    assert read_archive(write_archive(SMALL)) == SMALL
    assert read_archive(write_archive(SMALL, compress=True)) == SMALL


def test_it_is_an_ordinary_zip() -> None:
    """The standard library reads what is written here, and what it writes plainly is read here."""
    with zipfile.ZipFile(BytesIO(write_archive(SMALL, compress=True))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == SMALL
    assert read_archive(by_library(SMALL)) == SMALL
    assert read_archive(by_library(SMALL, zipfile.ZIP_DEFLATED)) == SMALL


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "path upwards": (lambda: by_library({"../keys": b""}), "leads out of the case"),
    "path inside": (lambda: by_library({"log/../keys": b""}), "leads out of the case"),
    "path from the root": (lambda: by_library({"/keys": b""}), "leads out of the case"),
    "path of another system": (lambda: by_library({"log\\keys": b""}), "leads out of the case"),
    "folder": (lambda: by_library({"log/": b""}), "leads out of the case"),
    "name with a line break": (lambda: by_library({"ke\nys": b""}), "not plain text"),
    "name too long": (lambda: by_library({"k" * 200: b""}), "not plain text"),
    "name twice": (twice, "there twice"),
    "encrypted": (lambda: patched("flags", 1), "encrypted"),
    "streamed": (lambda: patched("flags", 8), "never is"),
    "unknown method": (lambda: patched("method", 12), "never is"),
    "zip64 size": (lambda: patched("size", 0xFFFFFFFF, "<L"), "zip64"),
    "zip64 end": (lambda: ended(count=0xFFFF), "zip64"),
    "zip64 offset": (lambda: ended(offset=0xFFFFFFFF), "zip64"),
    "too many members": (lambda: ended(count=20_000), "allowed are"),
    "no members": (lambda: ended(count=0), "allowed are"),
    "fewer members than listed": (lambda: ended(count=1), "more than its members"),
    "more members than listed": (lambda: ended(count=3), "ends early"),
    "bytes before": (lambda: b"x" + write_archive(SMALL), "does not fit"),
    "bomb": (bomb, "over 100 times"),
    "declares less than it holds": (liar, "altered or damaged"),
    "declares more than it holds": (lambda: patched("size", 50, "<L"), "altered or damaged"),
    "packed length wrong": (lambda: patched("packed", 4, "<L"), "altered or damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_zips_get_one_clear_error(name: str) -> None:
    """Each trick is refused with its own sentence, by both verifiers alike."""
    make, says = HOSTILE[name]
    with pytest.raises(Refuted, match=says):
        read_archive(make())
    assert both(make()) == [("1", "file", "refuted")]


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"no zip at all, just words", ended(comment=b"words"), write_archive(SMALL)[:-1]]
)
def test_what_is_no_zip_proves_nothing(data: bytes) -> None:
    """A file that is no plain zip, or is cut off, is not enough evidence."""
    with pytest.raises(NotEnough):
        read_archive(data)
    assert both(data) == [("1", "file", "not enough")]


def test_a_file_beyond_the_bound_is_not_read() -> None:
    """More bytes than any case has are refused before anything is looked at."""
    with pytest.raises(NotEnough, match="smaller case"):
        read_archive(bytes(CASE_BYTES_MOST + 1))


@pytest.mark.parametrize("extra", ["unknown", "log/0/checkpoint/more", "log/00/checkpoint", "entry/ab.leaf"])
def test_unknown_members_are_refused(extra: str) -> None:
    """A member that no case has refutes the file."""
    assert both(write_archive(SMALL | {extra: b""})) == [("1", "file", "refuted")]
