"""Good inputs for each parser, taken from what the tree already holds: golden cases, agreement files, scenarios."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from comity.interfaces.case.archive import read_archive, write_archive
from comity.model.codec import decode_profile, encode
from comity.office import private
from comity.office.messages import (
    Entries,
    EntriesRequest,
    Heads,
    HeadsRequest,
    HeldHead,
    LeafHashes,
    LeafHashesRequest,
    Notice,
    Noticed,
    Unavailable,
    encode_message,
)
from comity.tlog.ed25519 import public_key_of

ROOT = Path(__file__).resolve().parent.parent.parent
EACH_MOST = 8
ROOT_HASH = bytes(range(32))
READER_SEED = bytes(32)
READER_KEY = public_key_of(READER_SEED).hex()


@cache
def members(ending: str) -> list[bytes]:
    """The members of the golden cases whose names end so, the shortest first, none twice."""
    found: set[bytes] = set()
    for path in sorted((ROOT / "tests/case/golden").glob("*.comity")):
        found |= {data for name, data in read_archive(path.read_bytes()).items() if name.endswith(ending)}
    return sorted(found, key=lambda data: (len(data), data))[:EACH_MOST]


def leaves() -> list[bytes]:
    """Entries; of the last two one is by two officers, one confirmed by the passkeys of both, and none fits."""
    plain = members(".leaf")
    fields = decode_profile(plain[0][68:])
    assertion = {"authenticator_data": "00" * 37, "client_data": "{}", "signature": "00" * 8}
    assertion["passkey"] = "ed25519:" + "00" * 32
    second = {"key": "00" * 32, "seat": '","second":{', "signature": "00" * 64}
    confirmed = {"assertion": assertion, "second": second | {"assertion": assertion}}
    return [*plain, *flown(), *(plain[0][:68] + encode(fields | more) for more in ({"second": second}, confirmed))]


def flown() -> list[bytes]:
    """Entries of declared flights, one of each act."""
    fields = decode_profile(members(".leaf")[0][68:])
    volume = {
        "ring": [[0, 0], [0, 10_000], [10_000, 0]],
        "band": {"floor": None, "ceiling": {"value": 150, "unit": "fl", "datum": "pressure"}},
        "window": {"from_ms": 0, "until_ms": None},
    }
    whole = {"flight": "fl-1", "operator": "north", "aircraft_class": "rotary", "volume": volume, "speed_kt": 120}
    named: dict[str, object] = {"declaration": "00" * 32}
    bodies: dict[str, dict[str, object]] = {
        "flight.declare": whole | {"address": "4b1805", "callsign": "RESCUE1", "code": "4631"},
        "flight.change": whole | named | {"route": [[0, 0], [1, 1]], "category": "rescue"},
        "flight.overdue": dict(named),
        "flight.close": named | {"how": "landed"},
        "conflict.answer": named | {"other": "11" * 32, "answer": "separated-by-level", "note": "as told"},
        "track.tie": {"flight": "00" * 32, "identity": "4b1805", "tied": True},
        "alert.acknowledge": {"kind": "loss", "identities": ["4b1805", "one/7"], "began_ms": 1, "note": "seen"},
    }
    head = members(".leaf")[0][:68]
    return [head + encode(fields | {"act": act, "version": 1, "body": body}) for act, body in bodies.items()]


def flight_plans() -> list[bytes]:
    """Flight plans, short and whole."""
    whole = (
        "(FPL-RESCUE1/A4631-IG\n-B350/L-SDFG/S\n-OJAM0930\n-N0240F150 3155N03600E DCT 3212N03634E/N0220F170\n"
        "-ZZZZ0045 OJAM\n-DOF/160921 DEST/3200N03630E RMK/X CODE/4B1805)"
    )
    return [whole.encode(), b"(FPL-A1-VG-C1/L-S/S-OJAM0000-K0100VFR DCT-OJAM0001)"]


def json_texts() -> list[bytes]:
    """What entries and manifests hold."""
    return [leaf[68:] for leaf in leaves()] + manifests()


def manifests() -> list[bytes]:
    """Manifests of cases."""
    return members("manifest.json")


def openings() -> list[bytes]:
    """Openings of seals and of private fields."""
    return [each for digit in "0123456789abcdef" for each in members(f"{digit}.json")]


def checkpoints() -> list[bytes]:
    """Signed checkpoints."""
    return members("/checkpoint")


def proofs() -> list[bytes]:
    """Proofs of inclusion with their checkpoints."""
    return members(".tlog-proof")


def policies() -> list[bytes]:
    """Policies for stock tools."""
    return members("policy")


def vkeys() -> list[bytes]:
    """Verifier keys, one of each algorithm."""
    return members("keys")[0].splitlines()[:2]


def foundings() -> list[bytes]:
    """Agreement files with everybody's keys."""
    return members("founding.toml")


def agreements() -> list[bytes]:
    """Small agreement files, and how the shipped ones begin: whole they are too long to be tried often."""
    shipped = [path.read_bytes() for path in sorted((ROOT / "agreements").glob("*.toml"))]
    return foundings() + [data[: data.rfind(b"\n\n", 0, 3000) + 1] for data in shipped]


def bundles() -> list[bytes]:
    """Bundles of leaves: made ones, for real ones are long."""
    return [b"\0\0", b"\0\1a", b"\0\2ab\0\0\0\3abc", b"\1\0" + bytes(256)]


def tile_paths() -> list[bytes]:
    """Where tiles lie."""
    return [b"tile/0/000", b"tile/entries/x001/234.p/7", b"tile/63/x999/x999/999", b"tile/8/001.p/255"]


def archives() -> list[bytes]:
    """Small zips, packed and not."""
    few = {"manifest.json": b"{}", "log/0/checkpoint": b"abc\n" * 40, "policy": b""}
    return [write_archive(few), write_archive(few, compress=True), write_archive({"a": b"b"})]


def protected_files() -> list[bytes]:
    """Files of protected things, one of each shape."""
    place = 'label = "a"\nkind = "hospital"\nstandoff_m = 2000\n'
    return [
        f"[[place]]\n{place}at = [36.2012, 37.1612]\n".encode(),
        f"[[place]]\n{place}ring = [[36.0, 37.0], [36.0, 37.1], [36.1, 37.0]]\nfrom = 2016-09-20T06:00:00Z\n".encode(),
        b'[[movement]]\nlabel = "b"\nroute = [[88.9, 179.9], [89, 180]]\nstandoff_m = 100000\n'
        b"from = 2016-09-20T06:00:00Z\nuntil = 2016-09-20T18:00:00+03:00\n",
        f"[[place]]\n{place}at = [0, -180]\n[[place]]\n{place}at = [1, 1]\n".encode(),
    ]


def ciphertexts() -> list[bytes]:
    """An age file for the reader; another one at every start, for its file key is random."""
    return [private.encrypt(b"made up", [private.recipient_of(READER_KEY)])]


def scripts() -> list[bytes]:
    """The shortest scenarios."""
    paths = sorted((ROOT / "scenarios").rglob("*.scenario"), key=lambda path: (path.stat().st_size, path.name))
    return [path.read_bytes() for path in paths[:EACH_MOST]]


def requests() -> list[bytes]:
    """One request of each kind."""
    entries = EntriesRequest(origin="demo/north", size=7, root=ROOT_HASH, start=3)
    hashes = LeafHashesRequest(origin="demo/north", size=7, root=ROOT_HASH, start=3)
    asked = (HeadsRequest(known=b"x"), entries, hashes, Notice())
    return [encode_message(each) for each in asked]


def responses() -> list[bytes]:
    """One response of each kind."""
    note = checkpoints()[0]
    head = HeldHead(note=note, held=3, held_root=ROOT_HASH)
    answers = (
        Heads(digest=b"x", heads=(head,)),
        Heads(digest=b"x", same=True),
        Entries(note=note, start=0, leaves=(b"leaf", b""), ahead=ROOT_HASH, proof=(ROOT_HASH,)),
        LeafHashes(start=0, hashes=ROOT_HASH),
        Unavailable(reason="not held"),
        Noticed(),
    )
    return [encode_message(each) for each in answers]
