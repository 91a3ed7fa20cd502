"""The zip around a case: written the same every time, read without trusting a byte of it.

Read here rather than by the standard library, which takes duplicate names, bytes between members, and sizes on trust.
What is accepted is a plain zip: members side by side from the first byte, then their directory, then its end.
Not trusted: everything; each departure is refused with its own sentence, and no more is unpacked than was declared.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from comity.interfaces.case.report import NotEnough, Refuted

CASE_BYTES_MOST = 128 * 1024 * 1024
MEMBERS_MOST = 16_384
CONTENT_BYTES_MOST = 512 * 1024 * 1024
RATIO_MOST = 100
RATIO_FREE_BYTES = 4096
NAME_BYTES_MOST = 160

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_FIXED_DATE = 0x21  # 1 January 1980, the first day a zip can say
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800
_ZIP64_LONG, _ZIP64_SHORT = 0xFFFFFFFF, 0xFFFF


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    flags: int
    method: int
    checksum: int
    packed_bytes: int
    bytes: int
    offset: int


def write_archive(members: Mapping[str, bytes], compress: bool = False) -> bytes:
    """The zip of these members, sorted by name; uncompressed, so that the same members give the same bytes anywhere."""
    data, directory = bytearray(), bytearray()
    for name in sorted(members):
        content = members[name]
        method = _DEFLATED if compress else _STORED
        packed = _deflate(content) if compress else content
        tail = (zlib.crc32(content), len(packed), len(content), len(name.encode()), 0)
        directory += _CENTRAL.pack(
            _CENTRAL_MARK, 20, 20, 0, method, 0, _FIXED_DATE, *tail, 0, 0, 0, 0, len(data)
        ) + name.encode("ascii")
        data += _LOCAL.pack(_LOCAL_MARK, 20, 0, method, 0, _FIXED_DATE, *tail) + name.encode("ascii") + packed
    end = _END.pack(_END_MARK, 0, 0, len(members), len(members), len(directory), len(data), 0)
    return bytes(data + directory + end)


def read_archive(data: bytes) -> dict[str, bytes]:
    """The members of a zip by name; NotEnough if it is no zip at all, Refuted if it is an odd or an altered one."""
    members = _directory(data)
    contents: dict[str, bytes] = {}
    place = 0
    for member in members:
        if member.name in contents:
            raise Refuted(f"{member.name} is there twice; ask for the case as it was made")
        if member.offset != place:
            raise Refuted(f"{member.name} does not follow the member before it; ask for the case as it was made")
        start = _data_start(data, member)
        place = start + member.packed_bytes
        contents[member.name] = _unpack(member, data[start:place])
    if place != _directory_place(data)[0]:
        raise Refuted("bytes lie between the members and their directory; ask for the case as it was made")
    return contents


def _directory_place(data: bytes) -> tuple[int, int, int]:
    """Where the directory begins and ends, and how many members it lists."""
    if len(data) > CASE_BYTES_MOST:
        raise NotEnough(f"the file has {len(data)} bytes, allowed are {CASE_BYTES_MOST}; ask for a smaller case")
    if len(data) < _END.size or data[-_END.size :][:4] != _END_MARK:
        raise NotEnough("the file is not a case, or its end is missing; ask for the whole of it")
    _, disk, first_disk, here, count, length, offset, comment = _END.unpack(data[-_END.size :])
    if _ZIP64_SHORT in (here, count) or _ZIP64_LONG in (length, offset):
        raise Refuted("the zip uses the zip64 form, which a case never needs; ask for the case as it was made")
    if disk or first_disk or here != count or comment or offset + length != len(data) - _END.size:
        raise Refuted("the zip's end does not fit its directory; ask for the case as it was made")
    if not 1 <= count <= MEMBERS_MOST:
        raise Refuted(f"the zip has {count} members, allowed are 1 to {MEMBERS_MOST}; ask for a smaller case")
    return offset, offset + length, count


def _directory(data: bytes) -> list[_Member]:
    place, end, count = _directory_place(data)
    members = []
    for _ in range(count):
        if place + _CENTRAL.size > end or data[place : place + 4] != _CENTRAL_MARK:
            raise Refuted("the zip's directory ends early; ask for the case as it was made")
        fields: tuple[int, ...] = _CENTRAL.unpack_from(data, place)
        name_bytes, extra_bytes, comment_bytes, disk = fields[10:14]
        if extra_bytes or comment_bytes or disk:
            raise Refuted("the zip has extra fields, comments or parts; ask for the case as it was made")
        raw = data[place + _CENTRAL.size : place + _CENTRAL.size + name_bytes]
        place += _CENTRAL.size + name_bytes
        members.append(_checked(_Member(_name(raw), fields[3], fields[4], fields[7], fields[8], fields[9], fields[16])))
    if place != end:
        raise Refuted("the zip's directory holds more than its members; ask for the case as it was made")
    if sum(member.bytes for member in members) > CONTENT_BYTES_MOST:
        raise Refuted(f"the zip would unpack to more than {CONTENT_BYTES_MOST} bytes; ask for a smaller case")
    return members


def _name(raw: bytes) -> str:
    text = raw.decode("ascii", "replace")
    if not raw or len(raw) > NAME_BYTES_MOST or not all(0x21 <= each <= 0x7E for each in raw):
        raise Refuted(f"the member name {text[:40]!r} is not plain text; ask for the case as it was made")
    if text.startswith("/") or "\\" in text or ":" in text or any(part in ("", ".", "..") for part in text.split("/")):
        raise Refuted(f"the member name {text[:40]!r} leads out of the case; throw the file away")
    return text


def _checked(member: _Member) -> _Member:
    if member.flags & _ENCRYPTED:
        raise Refuted(f"{member.name} is encrypted and a case never is; ask for the case as it was made")
    if member.flags & ~_UTF8 or member.method not in (_STORED, _DEFLATED):
        raise Refuted(f"{member.name} is packed in a way that a case never is; ask for the case as it was made")
    if _ZIP64_LONG in (member.packed_bytes, member.bytes, member.offset):
        raise Refuted(f"{member.name} uses the zip64 form, which a case never needs; ask for the case as it was made")
    if member.bytes > member.packed_bytes * RATIO_MOST + RATIO_FREE_BYTES:
        raise Refuted(f"{member.name} would unpack to over {RATIO_MOST} times its size; throw the file away")
    return member


def _data_start(data: bytes, member: _Member) -> int:
    """Where the member's bytes begin, after a local header that must agree with the directory."""
    if member.offset + _LOCAL.size > len(data):
        raise Refuted(f"{member.name} lies beyond the end of the file; ask for the case as it was made")
    mark, *fields = _LOCAL.unpack_from(data, member.offset)
    numbers: list[int] = fields
    _, flags, method, _, _, checksum, packed, size, name_bytes, extra = numbers
    start = member.offset + _LOCAL.size + name_bytes
    own = (_LOCAL_MARK, member.flags, member.method, member.checksum, member.packed_bytes, member.bytes, 0)
    if (mark, flags, method, checksum, packed, size, extra) != own:
        raise Refuted(f"{member.name} is described in two ways; ask for the case as it was made")
    if data[start - name_bytes : start] != member.name.encode() or start + packed > len(data):
        raise Refuted(f"{member.name} is described in two ways; ask for the case as it was made")
    return start


def _unpack(member: _Member, packed: bytes) -> bytes:
    content = packed if member.method == _STORED else _inflate(member, packed)
    if len(content) != member.bytes or zlib.crc32(content) != member.checksum:
        raise Refuted(f"{member.name} was altered or damaged since the case was made; ask for the case again")
    return content


def _inflate(member: _Member, packed: bytes) -> bytes:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(packed, member.bytes + 1)
    except zlib.error:
        raise Refuted(f"{member.name} was altered or damaged since the case was made; ask for the case again") from None
    if not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
        raise Refuted(f"{member.name} was altered or damaged since the case was made; ask for the case again")
    return content


def _deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()
