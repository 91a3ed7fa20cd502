"""What a case may claim, and the manifest that lists it; the first thing a verifier reads after the zip itself.

Each claim is about entries by their hash, logs by their origin, positions in a log by number from 0.
Not trusted: whoever made the case; a manifest says what is to be shown and shows nothing.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from comity.interfaces.case.report import NotEnough, Refuted
from comity.interfaces.complaints import json_problem
from comity.model.codec import decode_profile, encode
from comity.model.errors import Malformed

FORMAT = 1
CLAIMS_MOST = 256
LOGS_MOST = 64
LEAVES_MOST = 1_000_000
MANIFEST_BYTES_MOST = 256 * 1024

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Origin = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9./-]{0,79}\Z")]
Size = Annotated[int, Meta(ge=0, le=LEAVES_MOST)]
ActName = Annotated[str, Meta(pattern=r"^[a-z]{1,20}\.[a-z_]{1,20}\Z")]
Words = Annotated[str, Meta(max_length=128)]


class _Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="claim"):
    """One thing to be shown."""


class Logged(_Claim, frozen=True, kw_only=True, tag="logged"):
    """The entry stands in its log, under a checkpoint that the log's keeper signed."""

    entry: Id


class Admitted(_Claim, frozen=True, kw_only=True, tag="admitted"):
    """The entry stands in its log, its whole past is here, and judged against it the entry is admitted."""

    entry: Id


class Refused(_Claim, frozen=True, kw_only=True, tag="refused"):
    """As Admitted, but the verdict is a refusal that cites this, such as `clause 10.4` (empty: any)."""

    entry: Id
    clause: Words


class Absent(_Claim, frozen=True, kw_only=True, tag="absent"):
    """Positions [start, stop) of a log hold no act of that name (null: any) whose body names that text (null: any)."""

    origin: Origin
    act: ActName | None
    names: Words | None
    start: Size
    stop: Size


class Received(_Claim, frozen=True, kw_only=True, tag="received"):
    """The keeper of log `by` had the first `size` entries of log `of`: by an entry's `seen`, or (null) cosignature."""

    by: Origin
    of: Origin
    size: Annotated[int, Meta(ge=1, le=LEAVES_MOST)]
    entry: Id | None


class Opened(_Claim, frozen=True, kw_only=True, tag="opened"):
    """The commitment in the entry is opened by the opening in the case."""

    entry: Id


class Forked(_Claim, frozen=True, kw_only=True, tag="forked"):
    """The keeper of the log signed two heads of which neither continues the other (law 5)."""

    origin: Origin


Claim = Logged | Admitted | Refused | Absent | Received | Opened | Forked


class LogLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One log of which the case holds a checkpoint and tiles; its folder is `log/` and its place in the list."""

    origin: Origin
    size: Size


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the case claims and holds. `quorum` is how many cosignatures each checkpoint must bear."""

    amendments: Annotated[tuple[Id, ...], Meta(max_length=64)]
    claims: Annotated[tuple[Claim, ...], Meta(min_length=1, max_length=CLAIMS_MOST)]
    comity_case: int
    founding: Id
    logs: Annotated[tuple[LogLine, ...], Meta(max_length=LOGS_MOST)]
    quorum: Annotated[int, Meta(ge=0, le=LOGS_MOST)]


_decode = msgspec.json.Decoder(Manifest).decode


def read_manifest(data: bytes) -> Manifest:
    """The manifest that these bytes are; Refuted if they are none, NotEnough if of a format not known here."""
    if len(data) > MANIFEST_BYTES_MOST:
        raise Refuted(f"the manifest has {len(data)} bytes, allowed are {MANIFEST_BYTES_MOST}; ask for a smaller case")
    try:
        value = decode_profile(data)
    except Malformed as error:
        raise Refuted(f"the manifest is {error}") from None
    version = value.get("comity_case")
    if type(version) is not int or version != FORMAT:
        raise NotEnough(f"this software reads cases of format {FORMAT}, this is another; install a newer one")
    try:
        manifest = _decode(data)
    except msgspec.ValidationError as error:
        raise Refuted(json_problem("the manifest", Manifest, value, error)) from None
    origins = [line.origin for line in manifest.logs]
    if len(set(origins)) < len(origins) or len(set(manifest.amendments)) < len(manifest.amendments):
        raise Refuted("the manifest lists a log or an amendment twice; ask for the case as it was made")
    if any(isinstance(claim, Absent) and claim.start >= claim.stop for claim in manifest.claims):
        raise Refuted("a claim of absence speaks of no position at all; ask what it was meant to show")
    return manifest


def write_manifest(manifest: Manifest) -> bytes:
    """The bytes of a manifest; the inverse of read_manifest."""
    return encode(manifest)


def in_words(claim: Claim) -> str:
    """The claim as a sentence without a full stop."""
    match claim:
        case Logged():
            return f"entry {claim.entry[:8]} stands in its log"
        case Admitted():
            return f"entry {claim.entry[:8]} is admitted"
        case Refused():
            return f"entry {claim.entry[:8]} is refused" + (f" by {claim.clause}" if claim.clause else "")
        case Absent():
            about = f" that names {claim.names[:20]}" if claim.names is not None else ""
            return f"no {claim.act or 'act'}{about} at {claim.start} to {claim.stop - 1} of {claim.origin}"
        case Received():
            how = "it cosigned them" if claim.entry is None else f"its entry {claim.entry[:8]} cites them"
            return f"{claim.by} had the first {claim.size} entries of {claim.of}: {how}"
        case Opened():
            return f"the commitment in entry {claim.entry[:8]} is opened"
        case Forked():
            return f"{claim.origin} was forked by its keeper"
