"""Every parser that outsiders feed: what it may raise, what must hold of what it accepts, and good inputs to begin.

The law of the table: whatever the bytes, a parser raises only what stands in its row, in bounded time; and what it
accepts, written again, is the same bytes, or at least reads as the same value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from comity.interfaces.case.archive import read_archive, write_archive
from comity.interfaces.case.claims import read_manifest, write_manifest
from comity.interfaces.case.openings import read_opening
from comity.interfaces.case.pins import policy_text, read_pins, vkeys_text
from comity.interfaces.case.report import NotEnough, Refuted
from comity.interfaces.cli.protected_file import read_things
from comity.interfaces.feeds.cot import CotDecoder
from comity.interfaces.feeds.csv_rows import CsvDecoder
from comity.interfaces.feeds.geojson import geojson_decoder
from comity.interfaces.feeds.json_rows import JsonDecoder
from comity.interfaces.feeds.sbs import SbsDecoder
from comity.interfaces.feeds.snapshot import SnapshotDecoder
from comity.interfaces.flight_plan import Plan, read_plan
from comity.interfaces.play.script import parse_script
from comity.model.codec import decode_profile, encode
from comity.model.entry import parse_entry, without_member
from comity.model.errors import Malformed, Misuse, PeerError
from comity.model.protected import values_of
from comity.model.terms_file import load
from comity.model.volume import HALF_TURN_E7, LATITUDE_MAX_E7, Point, Ring, Volume
from comity.office import private
from comity.office.messages import decode_request, decode_response, encode_message
from comity.office.register import check_things
from comity.tlog.checkpoint import read_checkpoint
from comity.tlog.errors import BadNote, BadSignature, BadTile
from comity.tlog.keys import parse_vkey
from comity.tlog.note import parse_note
from comity.tlog.policy import encode_policy, parse_policy
from comity.tlog.proof import encode_proof, parse_proof
from comity.tlog.tiles import decode_bundle, encode_bundle, parse_tile_path
from comity.views.precaution import ANY_HEIGHT, Readable
from fuzz import seeds, tracks


@dataclass(frozen=True, slots=True)
class Parser:
    """One row: `attempt` parses and asserts the law; `refusals` are the exceptions by which it may say no."""

    attempt: Callable[[bytes], None]
    refusals: tuple[type[Exception], ...]
    seeds: Callable[[], list[bytes]]
    bytes_most: int = 4096

    def accepts(self, data: bytes) -> bool:
        """Whether the parser took the bytes; any exception that it may not raise goes on to the caller."""
        try:
            self.attempt(data)
        except self.refusals:
            return False
        return True


def _profile(data: bytes) -> None:
    assert encode(decode_profile(data)) == data


def _entry(data: bytes) -> None:
    entry = parse_entry(data)
    whole = decode_profile(entry.json)
    assert entry.leaf == data and entry.hash == hashlib.sha256(b"\0" + data).digest()
    left = entry.json
    for member in ("assertion", "second"):
        cut = without_member(entry.json, entry.header, member)
        rest = {name: value for name, value in whole.items() if name != member or value is None}
        assert cut == encode(rest)
        left = without_member(left, entry.header, member)
    assert left == encode({name: whole[name] for name in rest if name != "assertion" or whole[name] is None})


def _terms(data: bytes) -> None:
    loaded = load(data)
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    assert (loaded.terms is None) == bool(errors)
    assert all(problem.problem and problem.remedy and "\n" not in str(problem) for problem in loaded.problems)


def _request(data: bytes) -> None:
    request = decode_request(data)
    assert decode_request(encode_message(request)) == request


def _response(data: bytes) -> None:
    response = decode_response(data)
    assert decode_response(encode_message(response)) == response


def _note(data: bytes) -> None:
    assert parse_note(data).encode() == data


def _checkpoint(data: bytes) -> None:
    checkpoint, note = read_checkpoint(data)
    assert note.encode() == data and checkpoint.body == note.text


def _tile_path(data: bytes) -> None:
    path = data.decode("utf-8", "surrogateescape")
    assert parse_tile_path(path).path == path


def _bundle(data: bytes) -> None:
    assert encode_bundle(decode_bundle(data)) == data


def _proof(data: bytes) -> None:
    assert encode_proof(parse_proof(data)) == data


def _policy(data: bytes) -> None:
    policy = parse_policy(data)
    assert parse_policy(_sure(partial(encode_policy, policy))) == policy


def _vkey(data: bytes) -> None:
    line = data.decode("utf-8", "surrogateescape")
    assert parse_vkey(line).vkey == line


def _archive(data: bytes) -> None:
    members = read_archive(data)
    assert read_archive(write_archive(members)) == members


def _manifest(data: bytes) -> None:
    assert write_manifest(read_manifest(data)) == data


def _opening(data: bytes) -> None:
    opening = read_opening(data)
    assert read_opening(encode(opening)) == opening


def _ciphertext(data: bytes) -> None:
    private.decrypt(data, seeds.READER_SEED)


def _script(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    assert parse_script("fuzzed", text).text == text


def _flight_plan(data: bytes) -> None:
    """A flight plan: what is taken has a way, a speed, and a time under way."""
    plan = read_plan(data.decode("utf-8", "replace"), {"OJAM": (319_700_000, 359_900_000)}.get, 1_500_000_000_000)
    assert isinstance(plan, Plan) and len(plan.route) >= 2 and plan.speed_kt > 0 and plan.minutes > 0


def _protected(data: bytes) -> None:
    """A file of protected things: whatever is taken in can be kept, committed to and looked up."""
    things = read_things(data.decode("utf-8", "replace"))
    check_things(things)
    readable = Readable(things)
    assert readable.things == things and len(values_of(things)) == 4 * len(things)
    for thing in things[:4]:
        ring = thing.points if thing.shape == "ring" else speck(thing.points[0])
        assert thing.window.until_ms == 0 or readable.found_in(Volume(ring, ANY_HEIGHT, thing.window)).things


def speck(point: Point) -> Ring:
    """A ring of some centimetres around a point, within the globe."""
    lat, lon = min(point[0], LATITUDE_MAX_E7 - 1), min(point[1], HALF_TURN_E7 - 1)
    return ((lat, lon), (lat, lon + 1), (lat + 1, lon))


def _pins(data: bytes) -> None:
    pins = read_pins(data)
    keys = _sure(partial(vkeys_text, pins)).decode().splitlines()
    assert [parse_vkey(line).vkey for line in keys] == keys
    for quorum in (0, len(pins)):
        assert len(parse_policy(_sure(partial(policy_text, pins, quorum))).logs) == len(pins)


def _sure(write: Callable[[], bytes]) -> bytes:
    """What was accepted can be written: a refusal here is no refusal of the input."""
    try:
        return write()
    except (BadNote, BadSignature, Refuted) as error:
        raise AssertionError(f"accepted and cannot be written: {error}") from error


PARSERS: dict[str, Parser] = {
    "profile": Parser(_profile, (Malformed,), seeds.json_texts),
    "entry": Parser(_entry, (Malformed,), seeds.leaves),
    "terms": Parser(_terms, (), seeds.agreements),
    "request": Parser(_request, (PeerError,), seeds.requests),
    "response": Parser(_response, (PeerError,), seeds.responses),
    "note": Parser(_note, (BadNote,), seeds.checkpoints),
    "checkpoint": Parser(_checkpoint, (BadNote,), seeds.checkpoints),
    "tile_path": Parser(_tile_path, (BadTile,), seeds.tile_paths, 128),
    "bundle": Parser(_bundle, (BadTile,), seeds.bundles),
    "proof": Parser(_proof, (BadNote,), seeds.proofs),
    "policy": Parser(_policy, (BadNote, BadSignature), seeds.policies),
    "vkey": Parser(_vkey, (BadNote, BadSignature), seeds.vkeys, 400),
    "archive": Parser(_archive, (NotEnough, Refuted), seeds.archives),
    "manifest": Parser(_manifest, (NotEnough, Refuted), seeds.manifests),
    "opening": Parser(_opening, (Refuted,), seeds.openings),
    "ciphertext": Parser(_ciphertext, (Malformed,), seeds.ciphertexts),
    "script": Parser(_script, (Misuse,), seeds.scripts),
    "protected": Parser(_protected, (Misuse,), seeds.protected_files),
    "flight_plan": Parser(_flight_plan, (Misuse,), seeds.flight_plans),
    "pins": Parser(_pins, (Refuted,), seeds.foundings),
    "sbs": Parser(tracks.keeps_the_law(SbsDecoder), (), tracks.sbs_lines),
    "snapshot": Parser(tracks.keeps_the_law(SnapshotDecoder), (), tracks.snapshots),
    "cot": Parser(tracks.keeps_the_law(CotDecoder), (), tracks.events),
    "csv_tracks": Parser(tracks.keeps_the_law(CsvDecoder), (Malformed,), tracks.csv_files),
    "json_tracks": Parser(tracks.keeps_the_law(JsonDecoder), (), tracks.json_files),
    "geojson_tracks": Parser(tracks.keeps_the_law(geojson_decoder), (), tracks.geojson_files),
    "track_file": Parser(tracks.file_of_tracks, (Malformed,), tracks.files),
}
