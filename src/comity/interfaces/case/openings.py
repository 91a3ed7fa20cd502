"""Openings of commitments: the words and salts that a log did not hold, shown to whoever is handed the case.

Two forms. A seal (law 34): one hash over origin, window, salt, volume and note. Fields: some of the salted hashes under
the root that a log committed to, as `office.private` makes them, so that the rest stays private.
Not trusted: an opening proves itself by its hash, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from comity.interfaces.case.claims import Id
from comity.interfaces.case.report import Refuted
from comity.interfaces.complaints import json_problem
from comity.model.acts.alone import seal_commitment
from comity.model.codec import decode_profile
from comity.model.errors import Malformed
from comity.office import private

FIELDS_MOST = 4096
_HASH = re.compile("[0-9a-f]{64}")


class _Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="opening"):
    """What opens one commitment."""


class SealOpening(_Opening, frozen=True, kw_only=True, tag="seal"):
    """Opens a `threat.seal`; `volume` and `note` as a `threat.open` act has them."""

    note: str
    salt: Id
    volume: dict[str, Any]


class FieldsOpening(_Opening, frozen=True, kw_only=True, tag="fields"):
    """Opens some of the fields under a commitment."""

    fields: Annotated[tuple[private.Opening, ...], Meta(min_length=1, max_length=FIELDS_MOST)]


Opening = SealOpening | FieldsOpening
_decode = msgspec.json.Decoder(Opening).decode


def read_opening(data: bytes) -> Opening:
    """The opening that these bytes are; Refuted if they are none."""
    try:
        value = decode_profile(data)
    except Malformed as error:
        raise Refuted(f"the opening is {error}") from None
    try:
        opening: Opening = _decode(data)
    except msgspec.ValidationError as error:
        raise Refuted(json_problem("the opening", Opening, value, error)) from None
    return opening


def check_opening(opening: Opening, origin: str, body: Mapping[str, Any]) -> str:
    """What was opened, in words, if it fits the commitment in an act's body; else Refuted."""
    commitment = body.get("commitment")
    if not isinstance(commitment, str) or not _HASH.fullmatch(commitment):
        raise Refuted("the entry holds no commitment that could be opened; ask which entry was meant")
    if isinstance(opening, SealOpening):
        found = seal_commitment(origin, body.get("window"), opening.salt, opening.volume, opening.note)
        if found != commitment:
            raise Refuted("the opening does not match the commitment; ask for the words and the salt that were sealed")
        return "the seal opens to the words and the volume given"
    for each in opening.fields:
        if not private.opens(each, commitment):
            raise Refuted(f"the field {each.field.name[:40]} does not match the commitment; ask for its salt")
    return f"fields open: {', '.join(each.field.name for each in opening.fields)}"
