#!/usr/bin/env python3
"""Verify a case of Comity with nothing but this file and Python 3.11 or newer: no package, no network.

    python3 verify_case.py case.comity [--fingerprint HEX] [--json]

Checks signatures, roots, inclusion, consistency, chains, openings, receipts and absence, by the numbers and names of
`comity verify`. It does not judge: that an act was admitted or refused is for `comity verify` to say anew.
Exit 0 the bytes are as claimed, 1 refuted, 2 not enough evidence or misused. docs/formats.md describes the bytes.
Written apart from the product on purpose: two readings of one page must agree.
"""

from __future__ import annotations

import argparse
import json
import re
import struct
import sys
import tomllib
import zlib
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

OK, REFUTED, NOT_ENOUGH = "ok", "refuted", "not enough"
OUTCOMES = {OK: "the bytes are as claimed", REFUTED: "refuted", NOT_ENOUGH: "not enough evidence"}
NOT_JUDGED = "verdicts were not judged: whether an act was admitted or refused, comity verify judges anew"
EXIT_CODES = {OK: 0, REFUTED: 1, NOT_ENOUGH: 2}

CASE_BYTES_MOST = 128 * 1024 * 1024
CONTENT_BYTES_MOST = 512 * 1024 * 1024
MEMBERS_MOST = 16_384
RATIO_MOST, RATIO_FREE_BYTES = 100, 4096
NAME_BYTES_MOST = 160
MANIFEST_BYTES_MOST = 256 * 1024
TERMS_BYTES_MOST = 48 * 1024
NOTE_BYTES_MOST = 262_144
PROOF_BYTES_MOST = NOTE_BYTES_MOST + 65_536
LEAF_BYTES_MOST = 65_535
LEAVES_MOST = 1_000_000
NUMBER_MOST = 2**63 - 1
DEPTH_MOST = 24
WIDTH = 256
NO_ENTRY = "00" * 32


class Refuted(Exception):
    """What the case holds contradicts what it claims."""


class NotEnough(Exception):
    """The case does not hold what its claim needs."""


class Check(NamedTuple):
    number: str
    name: str
    result: str
    reason: str


def refuse(reason: str) -> NoReturn:
    raise Refuted(reason)


# --- the zip ---------------------------------------------------------------------------------------------------------

LOCAL, CENTRAL, END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")


class Member(NamedTuple):
    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    offset: int


def read_zip(data: bytes) -> dict[str, bytes]:
    """Members side by side from the first byte, their directory, its end; nothing else."""
    members, directory_at = read_directory(data)
    contents: dict[str, bytes] = {}
    place = 0
    for member in members:
        if member.name in contents:
            refuse(f"{member.name} is there twice")
        if member.offset != place:
            refuse(f"{member.name} does not follow the member before it")
        start = place + LOCAL.size + len(member.name)
        place = start + member.packed
        if place > len(data) or not local_header_fits(data, member):
            refuse(f"{member.name} is described in two ways, or cut off")
        contents[member.name] = unpack(member, data[start:place])
    if place != directory_at:
        refuse("bytes lie between the members and their directory")
    return contents


def read_directory(data: bytes) -> tuple[list[Member], int]:
    if len(data) > CASE_BYTES_MOST:
        raise NotEnough("the file is larger than any case")
    if len(data) < END.size or data[-END.size :][:4] != b"PK\x05\x06":
        raise NotEnough("the file is not a case, or its end is missing")
    _, disk, first_disk, here, count, length, start, comment = END.unpack(data[-END.size :])
    if 0xFFFF in (here, count) or 0xFFFFFFFF in (length, start):
        refuse("the zip uses the zip64 form")
    if disk or first_disk or here != count or comment or start + length != len(data) - END.size:
        refuse("the zip's end does not fit its directory")
    if not 1 <= count <= MEMBERS_MOST:
        refuse("the zip has no members, or too many")
    members, place = [], start
    for _ in range(count):
        if place + CENTRAL.size > start + length or data[place : place + 4] != b"PK\x01\x02":
            refuse("the zip's directory ends early")
        fields: tuple[int, ...] = CENTRAL.unpack_from(data, place)
        if any(fields[11:14]):
            refuse("the zip has extra fields, comments or parts")
        raw = data[place + CENTRAL.size : place + CENTRAL.size + fields[10]]
        place += CENTRAL.size + fields[10]
        members.append(
            check_member(Member(check_name(raw), fields[3], fields[4], fields[7], fields[8], fields[9], fields[16]))
        )
    if place != start + length:
        refuse("the zip's directory holds more than its members")
    if sum(member.size for member in members) > CONTENT_BYTES_MOST:
        refuse("the zip would unpack to more than any case holds")
    return members, start


def check_name(raw: bytes) -> str:
    if not raw or len(raw) > NAME_BYTES_MOST or not all(0x21 <= each <= 0x7E for each in raw):
        refuse("a member's name is not plain text")
    name = raw.decode("ascii")
    if "\\" in name or ":" in name or any(part in ("", ".", "..") for part in name.split("/")):
        refuse(f"the member name {name[:40]} leads out of the case")
    return name


def check_member(member: Member) -> Member:
    if member.flags & ~0x800 or member.method not in (0, 8):
        refuse(f"{member.name} is encrypted, or packed in a way that a case never is")
    if 0xFFFFFFFF in (member.packed, member.size, member.offset):
        refuse(f"{member.name} uses the zip64 form")
    if member.size > member.packed * RATIO_MOST + RATIO_FREE_BYTES:
        refuse(f"{member.name} would unpack to over {RATIO_MOST} times its size")
    return member


def local_header_fits(data: bytes, member: Member) -> bool:
    mark, _, flags, method, _, _, *rest = LOCAL.unpack_from(data, member.offset)
    wanted = [member.checksum, member.packed, member.size, len(member.name), 0]
    start = member.offset + LOCAL.size
    named = data[start : start + len(member.name)] == member.name.encode()
    return named and (mark, flags, method, rest) == (b"PK\x03\x04", member.flags, member.method, wanted)


def unpack(member: Member, packed: bytes) -> bytes:
    content, whole = packed, True
    if member.method == 8:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = unpacker.decompress(packed, member.size + 1)
        except zlib.error:
            whole = False
        whole = whole and unpacker.eof and not unpacker.unused_data and not unpacker.unconsumed_tail
    if not whole or len(content) != member.size or zlib.crc32(content) != member.checksum:
        refuse(f"{member.name} was altered or damaged since the case was made")
    return content


# --- JSON of the profile, and small texts ----------------------------------------------------------------------------


def encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")


def no_fractions(text: str) -> NoReturn:
    raise ValueError(f"{text} is no integer")


def read_profile(data: bytes) -> dict[str, Any]:
    """The object that these bytes are, in the one spelling that the profile allows."""
    try:
        value = json.loads(data.decode("utf-8"), parse_float=no_fractions, parse_constant=no_fractions)
        fits = isinstance(value, dict) and within(value, DEPTH_MOST) and encode(value) == data
    except (ValueError, RecursionError):
        fits = False
    if not fits:
        refuse("it is not JSON of the profile")
    return dict(value)


def within(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        return depth > 0 and all(key.isascii() and within(each, depth - 1) for key, each in value.items())
    if isinstance(value, list):
        return depth > 0 and all(within(each, depth - 1) for each in value)
    return type(value) is not int or -(2**53) < value < 2**53


def is_text(pattern: str, most: int = 10**6, least: int = 0) -> Callable[[Any], bool]:
    form = re.compile(pattern)
    return lambda value: isinstance(value, str) and least <= len(value) <= most and bool(form.search(value))


def is_number(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def is_list(each: Callable[[Any], bool], most: int, least: int = 0) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and least <= len(value) <= most and all(map(each, value))


def or_null(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def has_form(value: Any, form: dict[str, Callable[[Any], bool]], optional: tuple[str, ...] = ()) -> bool:
    """Whether a JSON object has exactly these members, each of its form."""
    if not isinstance(value, dict) or not value.keys() <= form.keys():
        return False
    return all(form[name](value[name]) if name in value else name in optional for name in form)


def read_base64(text: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        refuse("a text is not base64")
    if b64encode(data).decode() != text:
        refuse("a text is a loose spelling of base64")
    return data


def read_number(text: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text) or int(text) > NUMBER_MOST:
        refuse("a text is not a number below 2^63 in plain digits")
    return int(text)


def read_hash(text: str) -> bytes:
    data = read_base64(text)
    return data if len(data) == 32 else refuse("a text is not a hash")


def read_text(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        refuse("a text is not utf-8")
    if any(each < " " and each != "\n" for each in text):
        refuse("a text holds a control character")
    return text


# --- Ed25519 (RFC 8032) under the strict rule, and P-256 for passkeys ------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
BASE_Y = 4 * pow(5, -1, P) % P
Point = tuple[int, int, int, int]  # X, Y, Z, T of extended coordinates
NEUTRAL: Point = (0, 1, 1, 0)


def add(a: Point, b: Point) -> Point:
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * D * a[3] * b[3] % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def double(a: Point) -> Point:
    x, y, z = a[0] * a[0] % P, a[1] * a[1] % P, 2 * a[2] * a[2] % P
    h = x + y
    e, g = h - (a[0] + a[1]) ** 2 % P, x - y
    f = z + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiples(point: Point) -> list[Point]:
    found = [NEUTRAL]
    for _ in range(15):
        found.append(add(found[-1], point))
    return found


def multiply_both(a: int, first: list[Point], b: int, second: list[Point]) -> Point:
    """a times one point plus b times another, from their first 16 multiples, four bits at a time."""
    result = NEUTRAL
    for shift in range(252, -1, -4):
        for _ in range(4):
            result = double(result)
        result = add(result, first[a >> shift & 15])
        result = add(result, second[b >> shift & 15])
    return result


def find_x(y: int, odd: int) -> int | None:
    """The x of that parity on the curve, or None."""
    top, bottom = (y * y - 1) % P, (D * y * y + 1) % P
    x = top * pow(bottom, 3, P) * pow(top * pow(bottom, 7, P), (P - 5) // 8, P) % P
    if (bottom * x * x - top) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (bottom * x * x - top) % P:
        return None
    return x if x & 1 == odd else -x % P


def is_strict(encoded: bytes) -> bool:
    """Canonical, and not of low order: those points are found by multiplying, not listed."""
    y = int.from_bytes(encoded, "little") & (1 << 255) - 1
    return y < P and y not in LOW_ORDER_Y


@lru_cache(maxsize=1024)
def negated_multiples(key: bytes) -> tuple[Point, ...] | None:
    """The first multiples of minus the public key; None for a key that the rule forbids."""
    number = int.from_bytes(key, "little")
    y = number & (1 << 255) - 1
    x = find_x(y, number >> 255) if len(key) == 32 and is_strict(key) else None
    return None if x is None else tuple(multiples((-x % P, y, 1, -x * y % P)))


def ed25519_fits(key: bytes, signature: bytes, message: bytes) -> bool:
    """S*B = R + k*A without the cofactor; A and R canonical and not of low order; S below the order."""
    table = negated_multiples(key)
    scalar = int.from_bytes(signature[32:], "little")
    if table is None or len(signature) != 64 or scalar >= L or not is_strict(signature[:32]):
        return False
    k = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % L
    return encode_point(multiply_both(scalar, BASE_TABLE, k, list(table))) == signature[:32]


def encode_point(point: Point) -> bytes:
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def low_order_ys() -> frozenset[int]:
    """The y of the eight points whose order divides the cofactor: L times any point is one of them."""
    y = 2
    while True:
        x = find_x(y, 0)
        if x is not None:
            point = multiply_both(L, multiples((x, y, 1, x * y % P)), 0, [NEUTRAL] * 16)
            found, each = {1}, point
            for _ in range(7):
                found.add(each[1] * pow(each[2], -1, P) % P)
                each = add(each, point)
            if len(found) == 5:
                return frozenset(found)
        y += 1


BASE_X = find_x(BASE_Y, 0) or 0
BASE_TABLE = multiples((BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P))
LOW_ORDER_Y = low_order_ys()

Q = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
CURVE_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
GENERATOR = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Affine = tuple[int, int] | None


def add_p256(a: Affine, b: Affine) -> Affine:
    if a is None or b is None:
        return b if a is None else a
    if a[0] == b[0] and (a[1] + b[1]) % Q == 0:
        return None
    slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, Q) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, Q)
    x = (slope * slope - a[0] - b[0]) % Q
    return x, (slope * (a[0] - x) - a[1]) % Q


def multiply_p256(scalar: int, point: Affine) -> Affine:
    result: Affine = None
    while scalar:
        result = add_p256(result, point) if scalar & 1 else result
        point, scalar = add_p256(point, point), scalar >> 1
    return result


def es256_fits(key: bytes, signature: bytes, message: bytes) -> bool:
    """ECDSA on P-256 with SHA-256; the key uncompressed, the signature in strict DER."""
    x, y = int.from_bytes(key[1:33], "big"), int.from_bytes(key[33:], "big")
    if len(key) != 65 or key[0] != 4 or max(x, y) >= Q or (y * y - x * x * x + 3 * x - CURVE_B) % Q:
        return False
    numbers = read_der(signature)
    if numbers is None or not all(0 < each < N for each in numbers):
        return False
    inverse = pow(numbers[1], -1, N)
    digest = int.from_bytes(sha256(message).digest(), "big")
    found = add_p256(multiply_p256(digest * inverse % N, GENERATOR), multiply_p256(numbers[0] * inverse % N, (x, y)))
    return found is not None and found[0] % N == numbers[0]


def read_der(data: bytes) -> tuple[int, int] | None:
    """The two numbers of a signature, if the bytes are their only spelling."""
    numbers, place = [], 2
    for _ in range(2):
        length = data[place + 1] if place + 1 < len(data) else 0
        numbers.append(int.from_bytes(data[place + 2 : place + 2 + length], "big"))
        place += 2 + length
    parts = b"".join(b"\x02" + bytes([len(each)]) + each for each in map(der_integer, numbers))
    return (numbers[0], numbers[1]) if data == b"\x30" + bytes([len(parts) & 0x7F]) + parts else None


def der_integer(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")[:127]


# --- Merkle trees of RFC 6962, and C2SP tiles ------------------------------------------------------------------------


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def fold(peaks: Iterable[bytes]) -> bytes:
    """The root over complete subtrees, the largest first."""
    result = b""
    for peak in reversed(list(peaks)):
        result = node_hash(peak, result) if result else peak
    return result or sha256(b"").digest()


def grow(peaks: list[bytes], size: int, node: bytes) -> None:
    """Adds one leaf or range to the complete subtrees over `size` of them."""
    while size & 1:
        node = node_hash(peaks.pop(), node)
        size >>= 1
    peaks.append(node)


def peaks_of(hashes: Iterable[bytes]) -> list[bytes]:
    peaks: list[bytes] = []
    for size, each in enumerate(hashes):
        grow(peaks, size, each)
    return peaks


def check_inclusion(proof: list[bytes], index: int, size: int, leaf: bytes, root: bytes) -> None:
    if not 0 <= index < size:
        refuse(f"leaf {index} cannot be in a tree of size {size}")
    steps, last, node = list(proof), size - 1, leaf
    while last:
        if index & 1 or index < last:
            if not steps:
                refuse("an inclusion proof is too short")
            sibling = steps.pop(0)
            node = node_hash(sibling, node) if index & 1 else node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    if steps or node != root:
        refuse("an inclusion proof does not lead to the signed root")


class Tree:
    """A log of which some ranges of 256 leaves are shown, others only by their hashes."""

    def __init__(self, size: int, tiles: dict[str, bytes]) -> None:
        self.size = size
        self.bundles: dict[int, list[bytes]] = {}
        self.rows: dict[int, list[bytes]] = {}
        self.uppers: dict[int, list[bytes]] = {}
        self.nodes: dict[int, bytes] = {}
        for path, data in tiles.items():
            self.add_tile(path, data)
        self.check_agreement()
        self.whole_until = 0
        while self.whole_until // WIDTH in self.bundles and self.whole_until < size:
            self.whole_until = min(self.whole_until + WIDTH, size)
        self.roots = [fold([])]
        peaks: list[bytes] = []
        for seq in range(self.whole_until):
            grow(peaks, seq, leaf_hash(self.bundles[seq // WIDTH][seq % WIDTH]))
            self.roots.append(fold(peaks))

    def add_tile(self, path: str, data: bytes) -> None:
        match = re.fullmatch(r"tile/(entries|0|1)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", path)
        if not match:
            refuse(f"{path} is no tile of a case")
        level = match[1]
        index = int(match[2].replace("x", "").replace("/", ""))
        width = min(WIDTH, (self.size >> (8 if level == "1" else 0)) - index * WIDTH)
        if width < 1 or path != f"tile/{level}/{spell(index)}" + ("" if width == WIDTH else f".p/{width}"):
            refuse(f"{path} is no tile of a log of size {self.size}")
        if level == "entries":
            self.bundles[index] = read_bundle(data, width)
            return
        hashes = [data[place : place + 32] for place in range(0, len(data), 32)]
        if len(data) != 32 * width:
            refuse(f"{path} does not hold {width} hashes")
        (self.rows if level == "0" else self.uppers)[index] = hashes

    def check_agreement(self) -> None:
        for index, leaves in self.bundles.items():
            if self.rows.get(index, hashes := [leaf_hash(leaf) for leaf in leaves]) != hashes:
                refuse(f"the hashes of range {index} are not those of its leaves")
        for index in {*self.bundles, *self.rows}:
            upper = self.uppers.get(index // WIDTH)
            if upper and (index + 1) * WIDTH <= self.size and upper[index % WIDTH] != self.node(index):
                refuse(f"the hash of range {index} is not that of its leaves")

    def row(self, index: int) -> list[bytes] | None:
        if index in self.bundles:
            return [leaf_hash(leaf) for leaf in self.bundles[index]]
        return self.rows.get(index)

    def node(self, index: int) -> bytes | None:
        if index not in self.nodes:
            row, upper = self.row(index), self.uppers.get(index // WIDTH)
            if row is None and upper is None:
                return None
            self.nodes[index] = fold(peaks_of(row)) if row is not None else (upper or [])[index % WIDTH]
        return self.nodes[index]

    def root(self, size: int) -> bytes | None:
        """The root of the first `size` leaves, if the tiles determine it."""
        if size > self.size:
            return None
        if size <= self.whole_until:
            return self.roots[size]
        nodes = [self.node(index) for index in range(size // WIDTH)]
        rest = self.row(size // WIDTH) if size % WIDTH else []
        if rest is None or None in nodes:
            return None
        peaks = peaks_of(node for node in nodes if node)
        return fold([*peaks, fold(peaks_of(rest[: size % WIDTH]))] if size % WIDTH else peaks)

    def leaf(self, seq: int) -> bytes | None:
        return self.bundles[seq // WIDTH][seq % WIDTH] if seq // WIDTH in self.bundles else None

    def leaves(self) -> Iterator[tuple[int, bytes]]:
        for index in sorted(self.bundles):
            yield from enumerate(self.bundles[index], index * WIDTH)

    def shows(self, start: int, stop: int) -> bool:
        return stop <= self.size and all(index in self.bundles for index in range(start // WIDTH, -(-stop // WIDTH)))


def spell(index: int) -> str:
    """A tile's index as C2SP writes it: x001/x234/067."""
    rest, text = divmod(index, 1000)[0], f"{index % 1000:03}"
    while rest:
        rest, last = divmod(rest, 1000)
        text = f"x{last:03}/{text}"
    return text


def read_bundle(data: bytes, width: int) -> list[bytes]:
    leaves: list[bytes] = []
    place = 0
    while place < len(data) and len(leaves) <= width:
        stop = place + 2 + int.from_bytes(data[place : place + 2], "big")
        if place + 2 > len(data) or stop > len(data):
            refuse("an entry bundle ends within a leaf")
        leaves.append(data[place + 2 : stop])
        place = stop
    if len(leaves) != width:
        refuse(f"an entry bundle does not hold {width} leaves")
    return leaves


# --- C2SP keys, notes, checkpoints, proofs ---------------------------------------------------------------------------


class Key(NamedTuple):
    name: str
    id: bytes
    algorithm: int
    key: bytes

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.algorithm]) + self.key).decode()}"


class Head(NamedTuple):
    origin: str
    size: int
    root: bytes


class Note(NamedTuple):
    text: str
    lines: list[tuple[str, bytes, bytes]]  # name, key id, signature


def check_key_name(name: str) -> None:
    odd = any(each.isspace() or each < " " or each == "+" or "\ud800" <= each <= "\udfff" for each in name)
    if not name or len(name.encode("utf-8", "replace")) > 255 or odd:
        refuse("a key has no proper name")


def read_vkey(text: Any, algorithm: int) -> Key:
    parts = text.split("+", 2) if isinstance(text, str) else []
    if len(parts) != 3:
        refuse("a verifier key does not have three parts")
    check_key_name(parts[0])
    data = read_base64(parts[2])
    key_id = sha256(parts[0].encode() + b"\n" + data).digest()[:4]
    if len(data) != 33 or data[0] != algorithm or key_id.hex() != parts[1] or negated_multiples(data[1:]) is None:
        refuse(f"the verifier key of {parts[0]} is not a sound one for its use")
    return Key(parts[0], key_id, algorithm, data[1:])


def read_note(data: bytes) -> Note:
    if len(data) > NOTE_BYTES_MOST:
        refuse("a note is longer than any note")
    whole = read_text(data)
    split = whole.rfind("\n\n")
    block = whole[split + 2 :]
    lines = block[:-1].split("\n")
    if split < 0 or not block.endswith("\n") or len(lines) > 100:
        refuse("a note has no signatures after a blank line, or too many")
    return Note(whole[: split + 1], [read_signature_line(line) for line in lines])


def read_signature_line(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line.removeprefix("\u2014 ").partition(" ")
    if not line.startswith("\u2014 ") or not space:
        refuse("a note has a line that is no signature")
    check_key_name(name)
    data = read_base64(encoded)
    if len(data) <= 4:
        refuse(f"the signature of {name} is empty")
    return name, data[:4], data[4:]


def signed_by(note: Note, key: Key) -> bool:
    """Whether the key signed the note; each of its lines must fit."""
    own = [signature for name, key_id, signature in note.lines if (name, key_id) == (key.name, key.id)]
    if not all(line_fits(note.text, key, signature) for signature in own):
        refuse(f"the signature of {key.name} does not fit the checkpoint")
    return bool(own)


@lru_cache(maxsize=4096)
def line_fits(text: str, key: Key, signature: bytes) -> bool:
    if key.algorithm == 1:
        return ed25519_fits(key.key, signature, text.encode())
    time_s = int.from_bytes(signature[:8], "big")
    message = f"cosignature/v1\ntime {time_s}\n{text}".encode()
    return len(signature) == 72 and time_s <= NUMBER_MOST and ed25519_fits(key.key, signature[8:], message)


def read_head(text: str) -> Head:
    lines = text[:-1].split("\n")
    if len(lines) < 3 or "" in lines:
        refuse("a checkpoint lacks origin, size or root, or has an empty line")
    head = Head(lines[0], read_number(lines[1]), read_hash(lines[2]))
    if head.size == 0 and head.root != fold([]):
        refuse("a checkpoint of size 0 has the root of something")
    return head


def read_proof(data: bytes) -> tuple[int, list[bytes], bytes]:
    """Index, hashes and checkpoint of a tlog-proof."""
    if len(data) > PROOF_BYTES_MOST:
        refuse("a proof is longer than any proof")
    text, blank, note = data.partition(b"\n\n")
    head, *lines = read_text(text).split("\n")
    if head != "c2sp.org/tlog-proof@v1" or not blank:
        refuse("a proof does not begin as one")
    if lines and lines[0].startswith("extra "):
        read_base64(lines.pop(0)[6:])
    if not lines or not lines[0].startswith("index ") or len(lines) > 64:
        refuse("a proof has no index, or too many hashes")
    read_note(note)
    return read_number(lines[0][6:]), [read_hash(line) for line in lines[1:]], note


# --- entries ---------------------------------------------------------------------------------------------------------

HASH = is_text(r"^[0-9a-f]{64}\Z")
SIGNATURE = is_text(r"^[0-9a-f]{128}\Z")
PASSKEY = is_text(r"^(es256:[0-9a-f]{130}|ed25519:[0-9a-f]{64})\Z")
ORIGIN = is_text(r"^[a-z0-9][a-z0-9./-]{0,79}\Z")
NATURAL = is_number(0, 2**53 - 1)
ANY = is_text("", 10**9)

ASSERTION = {
    "authenticator_data": is_text(r"^([0-9a-f]{2}){37,1024}\Z"),
    "client_data": is_text("", 2048),
    "passkey": PASSKEY,
    "signature": is_text(r"^([0-9a-f]{2}){8,256}\Z"),
}
SECOND: dict[str, Callable[[Any], bool]] = {
    "assertion": or_null(lambda value: has_form(value, ASSERTION)),
    "key": HASH,
    "seat": is_text("", 40),
    "signature": SIGNATURE,
}
HEADER: dict[str, Callable[[Any], bool]] = {
    "act": is_text(r"^[a-z]+\.[a-z_]+\Z", 40),
    "assertion": or_null(lambda value: has_form(value, ASSERTION)),
    "at": NATURAL,
    "body": lambda value: True,
    "comity": is_number(1, 1),
    "key": HASH,
    "origin": ORIGIN,
    "previous": HASH,
    "seat": is_text("", 40),
    "second": or_null(lambda value: has_form(value, SECOND, ("assertion",))),
    "seen": lambda value: isinstance(value, dict) and all(ORIGIN(name) and is_seen(value[name]) for name in value),
    "seq": NATURAL,
    "terms": HASH,
    "version": is_number(1, 1000),
}
ENROL: dict[str, Callable[[Any], bool]] = {
    "officer": is_text("", 40, 1),
    "seats": is_list(is_text(r"^[a-z0-9][a-z0-9.-]{0,39}\Z"), 12, 1),
    "key": HASH,
    "proof": SIGNATURE,
    "passkey": or_null(PASSKEY),
}
POSSESSION = {"key.enrol": ENROL, "key.rotate": ENROL | {"old": HASH}}


def is_seen(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and is_number(1, 2**53 - 1)(value[0]) and HASH(value[1])


class Entry(NamedTuple):
    id: str
    leaf: bytes
    header: dict[str, Any]

    @property
    def origin(self) -> str:
        return str(self.header["origin"])

    @property
    def seq(self) -> int:
        return int(self.header["seq"])

    @property
    def body(self) -> dict[str, Any]:
        body = self.header["body"]
        return body if isinstance(body, dict) else {}

    @property
    def seen(self) -> dict[str, tuple[int, str]]:
        return {origin: (size, root) for origin, (size, root) in self.header["seen"].items()}


def read_entry(leaf: bytes) -> Entry:
    """A well-formed entry with good signatures."""
    if not 70 <= len(leaf) <= LEAF_BYTES_MOST:
        refuse("an entry is too short or too long")
    text = leaf[68:]
    header = read_profile(text)
    if not has_form(header, HEADER, ("assertion", "second")):
        refuse("an entry's header breaks its form")
    key = bytes.fromhex(header["key"])
    if leaf[64:68] != sha256(key).digest()[:4] or not ed25519_fits(key, leaf[:64], b"comity entry v1\n" + text):
        refuse("the officer's signature does not fit")
    check_more_signatures(header)
    return Entry(leaf_hash(leaf).hex(), leaf, header)


def check_more_signatures(header: dict[str, Any]) -> None:
    """The passkey's, the second officer's, his passkey's, and a new key's proof of possession.

    The JSON is in the one spelling of the profile, so writing it without a member cuts out that member's bytes.
    """
    rest, body = dict(header), header["body"]
    if header.get("assertion") is not None:
        assertion = rest.pop("assertion")
        check_assertion(assertion, encode(rest))
    if header.get("second") is not None:
        second = rest.pop("second")
        signed = encode(rest)
        if not ed25519_fits(hexed(second["key"]), hexed(second["signature"]), b"comity second v1\n" + signed):
            refuse("the second officer's signature does not fit")
        if second.get("assertion") is not None:
            check_assertion(second["assertion"], signed)
    form = POSSESSION.get(header["act"]) if header["version"] == 1 else None
    if form is not None and has_form(body, form, ("passkey",)):
        message = b"comity enrol v1\n" + encode([header["origin"], body["officer"], body["seats"], body["key"]])
        if not ed25519_fits(bytes.fromhex(body["key"]), hexed(body["proof"]), message):
            refuse("the proof that the new key's owner holds it does not fit")


def check_assertion(assertion: dict[str, str], confirmed: bytes) -> None:
    """WebAuthn: the passkey confirmed these bytes, with its user present and verified."""
    client_data, authenticator_data = assertion["client_data"].encode(), hexed(assertion["authenticator_data"])
    challenge = urlsafe_b64encode(sha256(confirmed).digest()).decode().rstrip("=")
    if not assertion["client_data"].startswith(f'{{"type":"webauthn.get","challenge":"{challenge}","origin":"'):
        refuse("the passkey confirmed other bytes")
    if authenticator_data[32] & 5 != 5:
        refuse("the passkey did not verify its user")
    kind, _, key = assertion["passkey"].partition(":")
    fits = {"ed25519": ed25519_fits, "es256": es256_fits}[kind]
    if not fits(hexed(key), hexed(assertion["signature"]), authenticator_data + sha256(client_data).digest()):
        refuse("the passkey's signature does not fit")


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


# --- keys that terms pin ---------------------------------------------------------------------------------------------


class Pin(NamedTuple):
    participant: str
    role: str
    origin: str
    root_key: str
    head: Key
    cosign: Key


def read_pins(data: bytes) -> list[Pin]:
    """The keys that an agreement file pins; the rest of it is not looked at."""
    if len(data) > TERMS_BYTES_MOST:
        refuse("the terms are longer than any terms")
    try:
        participants = tomllib.loads(data.decode("utf-8")).get("participant")
    except (ValueError, RecursionError):
        refuse("the terms are not readable as TOML")
    if not isinstance(participants, list) or len(participants) > 64:
        refuse("the terms name no participants, or too many")
    pins = [pin for each in participants if (pin := read_pin(each)) is not None]
    return distinct(pins) if pins else refuse("the terms pin no logs")


def read_pin(table: Any) -> Pin | None:
    if not isinstance(table, dict):
        refuse("a participant in the terms is no table")
    pins = table.get("pins")
    if pins is None:
        return None
    participant = pinned_text(table, "id", r"[a-z0-9][a-z0-9.-]{0,39}")
    if not isinstance(pins, dict) or table.get("role") not in ("signatory", "centre", "host", "observer"):
        refuse(f"the terms do not say what {participant} is")
    origin = pinned_text(pins, "origin", r"[a-z0-9][a-z0-9./-]{0,79}")
    root_key = pinned_text(pins, "root_key", "[0-9a-f]{64}")
    head, cosign = read_vkey(pins.get("head_key"), 1), read_vkey(pins.get("cosign_key"), 4)
    if head.name != origin:
        refuse(f"the head key of {participant} is not named {origin}")
    return Pin(participant, table["role"], origin, root_key, head, cosign)


def pinned_text(table: dict[str, Any], name: str, form: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not re.fullmatch(form, value):
        refuse(f"the terms pin a wrong {name}")
    return value


def distinct(pins: list[Pin]) -> list[Pin]:
    keys = {key.key for pin in pins for key in (pin.head, pin.cosign)}
    if len({pin.origin for pin in pins}) < len(pins) or len(keys) < 2 * len(pins):
        refuse("the terms pin one log or one key twice")
    return pins


def join_pins(known: list[Pin], added: list[Pin]) -> list[Pin]:
    """A log that was pinned keeps its pins; new logs are added."""
    origins = {pin.origin for pin in known}
    return distinct(known + [pin for pin in added if pin.origin not in origins])


def keys_file(pins: list[Pin]) -> bytes:
    return "".join(f"{pin.head.vkey}\n{pin.cosign.vkey}\n" for pin in sorted(pins, key=lambda pin: pin.origin)).encode()


def policy_file(pins: list[Pin], quorum: int) -> bytes:
    if quorum > len(pins):
        refuse("the quorum is more than the offices")
    ordered = sorted(pins, key=lambda pin: pin.origin)
    lines = [f"log {pin.head.vkey}" for pin in ordered]
    lines += [f"witness mirror:{pin.origin} {pin.cosign.vkey}" for pin in ordered]
    names = " ".join(f"mirror:{pin.origin}" for pin in ordered)
    lines += [f"group offices {quorum} {names}", "quorum offices"] if quorum else ["quorum none"]
    return "".join(f"{line}\n" for line in lines).encode()


# --- the ten checks of the bytes -------------------------------------------------------------------------------------

ID = is_text(r"^[0-9a-f]{64}\Z")
LOG = is_text(r"^[a-z0-9][a-z0-9./-]{0,79}\Z")
SIZE = is_number(0, LEAVES_MOST)
WORDS = is_text("", 128)
CLAIMS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "logged": {"entry": ID},
    "admitted": {"entry": ID},
    "refused": {"entry": ID, "clause": WORDS},
    "absent": {
        "origin": LOG,
        "act": or_null(is_text(r"^[a-z]{1,20}\.[a-z_]{1,20}\Z")),
        "names": or_null(WORDS),
        "start": SIZE,
        "stop": SIZE,
    },
    "received": {"by": LOG, "of": LOG, "size": is_number(1, LEAVES_MOST), "entry": or_null(ID)},
    "opened": {"entry": ID},
    "forked": {"origin": LOG},
}
MANIFEST = {
    "amendments": is_list(ID, 64),
    "claims": is_list(lambda value: is_claim(value), 256, 1),
    "comity_case": is_number(1, 1),
    "founding": ID,
    "logs": is_list(lambda value: has_form(value, {"origin": LOG, "size": SIZE}), 64),
    "quorum": is_number(0, 64),
}
ALWAYS = ("manifest.json", "founding.toml", "keys", "policy")
MEMBER = re.compile(
    r"terms/[0-9a-f]{64}\.toml|entry/[0-9a-f]{64}\.(leaf|tlog-proof)|opening/[0-9a-f]{64}\.json"
    r"|log/(0|[1-9][0-9]?)/(checkpoint|fork|tile/.+)"
)


def is_claim(value: Any) -> bool:
    kind = value.get("claim") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in CLAIMS:
        return False
    return has_form(value, CLAIMS[kind] | {"claim": lambda each: True})


@dataclass(slots=True)
class Evidence:
    """What a case holds, filled by one check after another."""

    data: bytes
    expected: str | None
    members: dict[str, bytes] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)
    founding_pins: list[Pin] = field(default_factory=list)
    amended_pins: list[tuple[str, list[Pin]]] = field(default_factory=list)
    pins: dict[str, Pin] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)
    proofs: dict[str, tuple[int, list[bytes], Head]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)


def check_file(evidence: Evidence) -> str:
    evidence.members = read_zip(evidence.data)
    for name in evidence.members:
        if name not in ALWAYS and not MEMBER.fullmatch(name):
            refuse(f"{name} is no member of a case")
    need(evidence, ALWAYS)
    return f"{len(evidence.members)} members"


def need(evidence: Evidence, names: Iterable[str]) -> None:
    for name in names:
        if name not in evidence.members:
            raise NotEnough(f"{name} is missing")


def check_manifest(evidence: Evidence) -> str:
    data = evidence.members["manifest.json"]
    if len(data) > MANIFEST_BYTES_MOST:
        refuse("the manifest is longer than any manifest")
    manifest = read_profile(data)
    version = manifest.get("comity_case")
    if type(version) is not int or version != 1:
        raise NotEnough("this verifier reads cases of format 1")
    if not has_form(manifest, MANIFEST):
        refuse("the manifest breaks its form")
    evidence.manifest = manifest
    evidence.numbers = {line["origin"]: number for number, line in enumerate(manifest["logs"])}
    absent = [claim for claim in manifest["claims"] if claim["claim"] == "absent"]
    twice = len(evidence.numbers) < len(manifest["logs"])
    if twice or len(set(manifest["amendments"])) < len(manifest["amendments"]):
        refuse("the manifest lists a log or an amendment twice")
    if any(claim["start"] >= claim["stop"] for claim in absent):
        refuse("a claim of absence speaks of no position at all")
    check_members(evidence)
    return f"{len(manifest['claims'])} claims about {len(manifest['logs'])} logs"


def check_members(evidence: Evidence) -> None:
    """What the manifest names is there, and nothing is there that it does not name."""
    manifest, members = evidence.manifest, evidence.members
    need(evidence, [f"log/{number}/checkpoint" for number in evidence.numbers.values()])
    for name in sorted(members):
        if name.startswith("entry/"):
            stem = name.partition(".")[0]
            need(evidence, [f"{stem}.leaf", f"{stem}.tlog-proof"])
    need(evidence, [f"terms/{digest}.toml" for digest in manifest["amendments"]])
    owned = {f"terms/{digest}.toml" for digest in manifest["amendments"]}
    owned |= {f"opening/{claim['entry']}.json" for claim in manifest["claims"] if claim["claim"] == "opened"}
    forked = {claim["origin"] for claim in manifest["claims"] if claim["claim"] == "forked"}
    owned |= {f"log/{number}/fork" for origin, number in evidence.numbers.items() if origin in forked}
    for name in members:
        parts = name.split("/")
        if parts[0] == "log" and int(parts[1]) >= len(manifest["logs"]):
            refuse(f"{name} belongs to no log of the manifest")
        if (parts[0] in ("terms", "opening") or parts[-1] == "fork") and name not in owned:
            refuse(f"{name} is there and nothing claims it")


def check_terms(evidence: Evidence) -> str:
    text = evidence.members["founding.toml"]
    founding = sha256(text).hexdigest()
    if evidence.expected is not None and founding != evidence.expected:
        refuse(f"the founding file has fingerprint {founding}, not the expected one")
    if founding != evidence.manifest["founding"]:
        refuse("the founding file is not the one that the manifest names")
    pins = read_pins(text)
    for digest in evidence.manifest["amendments"]:
        text = evidence.members[f"terms/{digest}.toml"]
        if sha256(text).hexdigest() != digest:
            refuse(f"the terms {digest[:8]} are other bytes than their hash says")
        evidence.amended_pins.append((digest, read_pins(text)))
    evidence.founding_pins = pins
    how = "as expected" if evidence.expected else "compare it with the one read aloud at the founding"
    return f"founding file {founding}: {how}"


def check_keys(evidence: Evidence) -> str:
    pins = evidence.founding_pins
    for _, added in evidence.amended_pins:
        pins = join_pins(pins, added)
    if evidence.members["keys"] != keys_file(pins):
        refuse("the file of keys does not list the keys that the terms pin")
    if evidence.members["policy"] != policy_file(pins, evidence.manifest["quorum"]):
        refuse("the policy is not that of the pinned keys")
    evidence.pins = {pin.origin: pin for pin in pins}
    for origin in evidence.numbers:
        if origin not in evidence.pins:
            refuse(f"no terms here pin the log {origin}")
    quorum = evidence.manifest["quorum"]
    cosigned = f"each checkpoint cosigned by at least {quorum}" if quorum else "no cosignatures were asked for"
    return f"{len(pins)} offices pinned, {cosigned}"


def check_checkpoints(evidence: Evidence) -> str:
    for number, line in enumerate(evidence.manifest["logs"]):
        origin = line["origin"]
        head = open_head(evidence, evidence.members[f"log/{number}/checkpoint"], origin, evidence.manifest["quorum"])
        if head.size != line["size"]:
            refuse(f"the checkpoint of {origin} has another size than the manifest says")
        evidence.heads[origin] = head
        if f"log/{number}/fork" in evidence.members:
            open_head(evidence, evidence.members[f"log/{number}/fork"], origin, 0)
    for name in sorted(evidence.members):
        if name.endswith(".tlog-proof"):
            index, hashes, note = read_proof(evidence.members[name])
            origin = note.split(b"\n", 1)[0].decode("utf-8", "replace")
            head = open_head(evidence, note, origin, evidence.manifest["quorum"])
            evidence.proofs[name[6:70]] = index, hashes, head
    return f"{len(evidence.heads) + len(evidence.proofs)} checkpoints bear good signatures"


def open_head(evidence: Evidence, data: bytes, origin: str, quorum: int) -> Head:
    """The checkpoint, signed by its log's pinned key and cosigned by enough pinned keys."""
    pin = evidence.pins.get(origin)
    if pin is None:
        refuse(f"no terms here pin the log {origin[:80]}")
    note = read_note(data)
    head = read_head(note.text)
    if not signed_by(note, pin.head) or head.origin != origin:
        refuse(f"the keeper of {origin} did not sign this checkpoint")
    cosigners = sum(signed_by(note, each.cosign) for each in evidence.pins.values())
    if cosigners < quorum:
        raise NotEnough(f"the checkpoint of {origin} bears {cosigners} cosignatures")
    return head


def check_roots(evidence: Evidence) -> str:
    for origin, number in evidence.numbers.items():
        folder, head = f"log/{number}/", evidence.heads[origin]
        tiles = {
            name.removeprefix(folder): data
            for name, data in evidence.members.items()
            if name.startswith(folder + "tile/")
        }
        tree = Tree(head.size, tiles)
        root = tree.root(head.size)
        if root is None:
            raise NotEnough(f"the tiles of {origin} leave a gap")
        if root != head.root:
            refuse(f"the tiles of {origin} do not lead to the root that its keeper signed")
        evidence.trees[origin] = tree
    return f"{len(evidence.trees)} roots recomputed"


def check_proofs(evidence: Evidence) -> str:
    known = {(origin, head.size): head.root for origin, head in evidence.heads.items()}
    for entry_id, (index, hashes, head) in evidence.proofs.items():
        digest = leaf_hash(evidence.members[f"entry/{entry_id}.leaf"])
        if digest.hex() != entry_id:
            refuse(f"entry {entry_id[:8]} is other bytes than its hash says")
        check_inclusion(hashes, index, head.size, digest, head.root)
        tree = evidence.trees.get(head.origin)
        root = (tree.root(head.size) if tree else None) or head.root
        if root != head.root or known.setdefault((head.origin, head.size), head.root) != head.root:
            refuse(f"{head.origin} signed two histories")
    return f"{len(evidence.proofs)} entries proven to be in their logs"


def check_entries(evidence: Evidence) -> str:
    leaves = [data for name, data in evidence.members.items() if name.endswith(".leaf")]
    leaves += [leaf for tree in evidence.trees.values() for _, leaf in tree.leaves()]
    for leaf in leaves:
        entry_id = leaf_hash(leaf).hex()
        if entry_id not in evidence.entries:
            evidence.entries[entry_id] = read_entry(leaf)
    return f"{len(evidence.entries)} entries with good signatures"


def check_chains(evidence: Evidence) -> str:
    for entry_id, (index, _, head) in evidence.proofs.items():
        check_place(evidence.entries[entry_id], head.origin, index)
    for origin, tree in evidence.trees.items():
        for seq, leaf in tree.leaves():
            entry = evidence.entries[leaf_hash(leaf).hex()]
            check_place(entry, origin, seq)
            check_link(entry, tree, tree.leaf(seq - 1) if seq else None)
    founding = {pin.origin for pin in evidence.founding_pins}
    for entry in evidence.entries.values():
        if entry.seq == 0 and entry.origin in founding and entry.header["terms"] != evidence.manifest["founding"]:
            refuse(f"the log {entry.origin} begins under another founding file")
    return "every entry stands where it says and names the one before it"


def check_place(entry: Entry, origin: str, seq: int) -> None:
    if (entry.origin, entry.seq) != (origin, seq):
        refuse(f"entry {entry.id[:8]} says that it stands elsewhere than at {origin} {seq}")


def check_link(entry: Entry, tree: Tree, before: bytes | None) -> None:
    seq, own = entry.seq, entry.seen.get(entry.origin)
    previous = leaf_hash(before).hex() if before is not None else NO_ENTRY
    if (before is not None or seq == 0) and entry.header["previous"] != previous:
        refuse(f"{entry.origin} {seq} does not name its previous entry by hash")
    if seq == 0:
        fits = own is None
    else:
        root = tree.root(seq) if seq <= tree.whole_until else None
        fits = own is not None and own[0] == seq and (root is None or own[1] == root.hex())
    if not fits:
        refuse(f"{entry.origin} {seq} does not cite exactly its own log's prefix")


def check_amendments(evidence: Evidence) -> str:
    known = before = evidence.founding_pins
    current = evidence.manifest["founding"]
    for digest, added in evidence.amended_pins:
        known = join_pins(known, added)
        keepers = {pin.origin: pin for pin in known}
        voted = {keepers[each.origin].participant for each in votes(evidence, keepers, current, digest)}
        missing = {pin.participant for pin in before + added if pin.role == "signatory"} - voted
        if missing:
            raise NotEnough(f"no vote of {min(missing)} for the terms {digest[:8]}")
        before, current = added, digest
    return f"{len(evidence.amended_pins)} amendments with every signatory's vote"


def votes(evidence: Evidence, keepers: dict[str, Pin], under: str, digest: str) -> Iterator[Entry]:
    for entry in evidence.entries.values():
        pin, header = keepers.get(entry.origin), entry.header
        if pin is None or (header["act"], header["seat"], header["key"]) != ("change.vote", "root", pin.root_key):
            continue
        if header["terms"] == under and (entry.body.get("thing"), entry.body.get("content")) == ("terms", digest):
            yield entry


CHECKS: tuple[tuple[str, Callable[[Evidence], str]], ...] = (
    ("file", check_file),
    ("manifest", check_manifest),
    ("terms", check_terms),
    ("keys", check_keys),
    ("checkpoints", check_checkpoints),
    ("roots", check_roots),
    ("proofs", check_proofs),
    ("entries", check_entries),
    ("chains", check_chains),
    ("amendments", check_amendments),
)


# --- the claims ------------------------------------------------------------------------------------------------------

Claim = dict[str, Any]


def find_entry(evidence: Evidence, entry_id: str) -> Entry:
    if entry_id not in evidence.entries:
        raise NotEnough(f"entry {entry_id[:8]} is not in the case")
    return evidence.entries[entry_id]


def claim_logged(evidence: Evidence, claim: Claim) -> str:
    entry = find_entry(evidence, claim["entry"])
    return f"entry {entry.id[:8]} stands in {entry.origin} at {entry.seq}"


def claim_verdict(evidence: Evidence, claim: Claim) -> str:
    """The entry and all that it had seen are shown; the verdict itself is for the product."""
    entry = find_entry(evidence, claim["entry"])
    own = evidence.trees.get(entry.origin)
    leaf = own.leaf(entry.seq) if own and own.shows(0, entry.seq + 1) else None
    if leaf is None or leaf_hash(leaf).hex() != entry.id:
        raise NotEnough(f"the log {entry.origin} is not shown up to entry {entry.id[:8]}")
    for origin, (size, root) in entry.seen.items():
        tree = evidence.trees.get(origin)
        if tree is None or not tree.shows(0, size) or (tree.root(size) or b"").hex() != root:
            raise NotEnough(f"the first {size} entries of {origin} as entry {entry.id[:8]} saw them are not shown")
    return f"entry {entry.id[:8]} and its whole past are shown; comity verify judges whether it is {claim['claim']}"


def claim_absent(evidence: Evidence, claim: Claim) -> str:
    tree = evidence.trees.get(claim["origin"])
    if tree is None or not tree.shows(claim["start"], claim["stop"]):
        raise NotEnough(f"{claim['origin']} is not shown from {claim['start']} to {claim['stop'] - 1}")
    for seq in range(claim["start"], claim["stop"]):
        entry = evidence.entries[leaf_hash(tree.leaf(seq) or b"").hex()]
        fits = claim["act"] in (None, entry.header["act"])
        if fits and (claim["names"] is None or names(entry.body, claim["names"])):
            refuse(f"{claim['origin']} {seq} is such an act: {entry.header['act']}, entry {entry.id[:8]}")
    what = f"no {claim['act'] or 'act'}" + (f" that names {claim['names'][:20]}" if claim["names"] is not None else "")
    return f"{what} at {claim['start']} to {claim['stop'] - 1} of {claim['origin']}"


def names(value: Any, text: str) -> bool:
    """Whether the text is one of the strings inside a JSON value, keys not counted."""
    if isinstance(value, dict | list):
        return any(names(each, text) for each in (value.values() if isinstance(value, dict) else value))
    return bool(value == text) if isinstance(value, str) else False


def claim_received(evidence: Evidence, claim: Claim) -> str:
    by, of, size = claim["by"], claim["of"], claim["size"]
    if claim["entry"] is None:
        pin, head = evidence.pins.get(by), evidence.heads.get(of)
        if pin is None or head is None or head.size < size:
            raise NotEnough(f"no checkpoint of {of} over {size} entries is here, or {by} is not pinned")
        if not signed_by(read_note(evidence.members[f"log/{evidence.numbers[of]}/checkpoint"]), pin.cosign):
            raise NotEnough(f"no checkpoint of {of} here is cosigned by {by}")
        return f"{by} had the first {size} entries of {of}: it cosigned them"
    entry = find_entry(evidence, claim["entry"])
    seen, root = entry.seen.get(of, (0, ""))
    if entry.origin != by or seen < size:
        refuse(f"entry {entry.id[:8]} of {entry.origin} had seen {seen} entries of {of}")
    tree = evidence.trees.get(of)
    own = tree.root(seen) if tree else None
    if own is None:
        raise NotEnough(f"the root of the first {seen} entries of {of} cannot be had")
    if own.hex() != root:
        refuse(f"entry {entry.id[:8]} had seen another history of {of}")
    return f"{by} had the first {size} entries of {of}: its entry {entry.id[:8]} cites them"


FIELD = {"name": is_text("", 80, 1), "salt": HASH, "value": ANY}
FIELD_OPENING: dict[str, Callable[[Any], bool]] = {
    "field": lambda value: has_form(value, FIELD),
    "index": is_number(0, 2**53 - 1),
    "count": is_number(1, 2**53 - 1),
    "proof": is_list(HASH, 64),
}
OPENINGS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "seal": {"note": ANY, "salt": ID, "volume": lambda value: isinstance(value, dict)},
    "fields": {"fields": is_list(lambda value: has_form(value, FIELD_OPENING), 4096, 1)},
}


def claim_opened(evidence: Evidence, claim: Claim) -> str:
    entry = find_entry(evidence, claim["entry"])
    data = evidence.members.get(f"opening/{entry.id}.json")
    if data is None:
        raise NotEnough(f"the opening of entry {entry.id[:8]} is not in the case")
    opening = read_profile(data)
    kind = opening.pop("opening", None)
    if not isinstance(kind, str) or kind not in OPENINGS or not has_form(opening, OPENINGS[kind]):
        refuse("the opening cannot be read")
    commitment = entry.body.get("commitment")
    if not isinstance(commitment, str) or not re.fullmatch("[0-9a-f]{64}", commitment):
        refuse("the entry holds no commitment that could be opened")
    if kind == "seal":
        window, volume = (encode(each).decode() for each in (entry.body.get("window"), opening["volume"]))
        covered = [entry.origin, window, opening["salt"], volume, opening["note"]]
        if sha256(b"comity seal v1\n" + encode(covered)).hexdigest() != commitment:
            refuse("the opening does not match the commitment")
        return "the seal opens to the words and the volume given"
    for each in opening["fields"]:
        shown = each["field"]
        digest = sha256(b"comity field v1\n" + encode([shown["name"], shown["salt"], shown["value"]])).digest()
        proof = [hexed(step) for step in each["proof"]]
        check_inclusion(proof, each["index"], each["count"], leaf_hash(digest), hexed(commitment))
    return f"fields open: {', '.join(each['field']['name'] for each in opening['fields'])}"


def claim_forked(evidence: Evidence, claim: Claim) -> str:
    origin = claim["origin"]
    fork = evidence.members.get(f"log/{evidence.numbers.get(origin)}/fork")
    if fork is None:
        raise NotEnough(f"a second head of {origin} is not in the case")
    other, head = read_head(read_note(fork).text), evidence.heads[origin]
    root = head.root if other.size == head.size else evidence.trees[origin].root(other.size)
    if root is None:
        raise NotEnough(f"the two heads of {origin} cannot be compared")
    if root == other.root:
        refuse(f"one head of {origin} continues the other: there is no fork")
    return f"{origin} was forked by its keeper: two heads, neither of which continues the other"


JUDGES: dict[str, Callable[[Evidence, Claim], str]] = {
    "logged": claim_logged,
    "admitted": claim_verdict,
    "refused": claim_verdict,
    "absent": claim_absent,
    "received": claim_received,
    "opened": claim_opened,
    "forked": claim_forked,
}


def verify(data: bytes, expected: str | None = None) -> list[Check]:
    """Every check of the bytes; after a failed one of the first ten none follows."""
    evidence = Evidence(data, expected)
    checks: list[Check] = []
    for number, (name, check) in enumerate(CHECKS, 1):
        checks.append(run(str(number), name, lambda check=check: check(evidence)))  # type: ignore[misc]
        if checks[-1].result != OK:
            return checks
    for number, claim in enumerate(evidence.manifest["claims"], 1):
        judge = JUDGES[claim["claim"]]
        checks.append(run(f"11.{number}", "claim", lambda judge=judge, claim=claim: judge(evidence, claim)))  # type: ignore[misc]
    return checks


def run(number: str, name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(number, name, OK, check())
    except Refuted as error:
        return Check(number, name, REFUTED, str(error))
    except NotEnough as error:
        return Check(number, name, NOT_ENOUGH, str(error))


def overall(checks: list[Check]) -> str:
    results = {check.result for check in checks}
    return next((each for each in (REFUTED, NOT_ENOUGH) if each in results), OK)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Verify the bytes of a Comity case, offline.")
    parser.add_argument("case", type=Path, help="the file case.comity")
    parser.add_argument("--fingerprint", help="the founding file's fingerprint, as it was read aloud")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    expected = "".join(options.fingerprint.split()).lower() if options.fingerprint is not None else None
    if expected is not None and not re.fullmatch("[0-9a-f]{64}", expected):
        parser.error("a fingerprint has 64 hexadecimal digits, in groups or not; copy the whole of it")
    try:
        with options.case.open("rb") as file:
            data = file.read(CASE_BYTES_MOST + 1)
    except OSError as error:
        parser.error(f"cannot read {options.case}: {error.strerror}")
    checks = verify(data, expected)
    result = overall(checks)
    if options.json:
        listed = [check._asdict() for check in checks]
        print(json.dumps({"outcome": OUTCOMES[result], "verdicts": "not judged", "checks": listed}, indent=1))
    else:
        for check in checks:
            print(f"{check.number:>5}  {check.result:<10}  {check.name}: {check.reason}")
        print(OUTCOMES[result])
        print(NOT_JUDGED)
    return EXIT_CODES[result]


if __name__ == "__main__":
    sys.exit(main())
