"""The keys that terms pin, read from an agreement file without judging the rest of it (law 13).

A verifier of bytes needs no more of the terms than this, so that one in another language can be small.
Not trusted: the file, until its hash is the founding fingerprint or every signatory voted for it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from comity.interfaces.case.report import Refuted
from comity.tlog.errors import BadNote, BadSignature
from comity.tlog.keys import COSIGNATURE, ED25519, Verifier, parse_vkey
from comity.tlog.policy import NONE, Group, Log, Policy, Witness, encode_policy

TERMS_BYTES_MOST = 48 * 1024
PARTICIPANTS_MOST = 64
ROLES = ("signatory", "centre", "host", "observer")
GROUP = "offices"
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9./-]{0,79}")
_KEY = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Pin:
    """Who keeps a log, and the keys that speak for him."""

    participant: str
    role: str
    origin: str
    root_key: str
    head: Verifier
    cosign: Verifier


def read_pins(data: bytes) -> tuple[Pin, ...]:
    """The pins in an agreement file, in its order; Refuted if it is none or pins no logs."""
    if len(data) > TERMS_BYTES_MOST:
        raise Refuted(f"the terms have {len(data)} bytes, allowed are {TERMS_BYTES_MOST}; ask for the right file")
    try:
        participants = tomllib.loads(data.decode("utf-8")).get("participant")
    except (ValueError, RecursionError):
        raise Refuted("the terms are not readable as TOML; ask for the right file") from None
    if not isinstance(participants, list) or len(participants) > PARTICIPANTS_MOST:
        raise Refuted("the terms name no participants, or too many; ask for the right file")
    pins = tuple(pin for each in participants if (pin := _pin(each)) is not None)
    if not pins:
        raise Refuted("the terms pin no logs; ask for the founding file, completed by comity init")
    _check_distinct(pins)
    return pins


def join_pins(known: Sequence[Pin], added: Iterable[Pin]) -> tuple[Pin, ...]:
    """The pins after an amendment: a log that was pinned keeps its pins, new logs are added."""
    origins = {pin.origin for pin in known}
    joined = (*known, *(pin for pin in added if pin.origin not in origins))
    _check_distinct(joined)
    return joined


def vkeys_text(pins: Iterable[Pin]) -> bytes:
    """The verifier keys of every log and cosigner, one a line, in the order of the logs' origins."""
    ordered = sorted(pins, key=lambda pin: pin.origin)
    return "".join(f"{pin.head.vkey}\n{pin.cosign.vkey}\n" for pin in ordered).encode()


def policy_text(pins: Iterable[Pin], quorum: int) -> bytes:
    """The C2SP policy by which any of the logs is accepted once `quorum` of the offices cosigned it."""
    ordered = sorted(pins, key=lambda pin: pin.origin)
    if quorum > len(ordered):
        raise Refuted(f"a quorum of {quorum} among {len(ordered)} offices; ask for the case as it was made")
    logs = tuple(Log(pin.head) for pin in ordered)
    witnesses = tuple(Witness(f"mirror:{pin.origin}", pin.cosign) for pin in ordered)
    if quorum == 0:
        return encode_policy(Policy(logs, witnesses, (), NONE))
    group = Group(GROUP, quorum, tuple(each.name for each in witnesses))
    return encode_policy(Policy(logs, witnesses, (group,), GROUP))


def _pin(table: Any) -> Pin | None:
    if not isinstance(table, dict):
        raise Refuted("a participant in the terms is no table; ask for the right file")
    pins = table.get("pins")
    if pins is None:
        return None
    participant = _text(table, "id", _ID)
    if not isinstance(pins, dict) or table.get("role") not in ROLES:
        raise Refuted(f"the terms do not say what {participant} is; ask for the right file")
    origin = _text(pins, "origin", _ORIGIN)
    root_key = _text(pins, "root_key", _KEY)
    head, cosign = _verifier(pins, "head_key", ED25519), _verifier(pins, "cosign_key", COSIGNATURE)
    if head.name != origin:
        raise Refuted(f"the head key of {participant} is not named {origin}; ask for the right file")
    return Pin(participant, table["role"], origin, root_key, head, cosign)


def _text(table: dict[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Refuted(f"the terms pin a wrong {name}; ask for the right file")
    return value


def _verifier(pins: dict[str, Any], name: str, algorithm: int) -> Verifier:
    vkey = pins.get(name)
    try:
        verifier = parse_vkey(vkey if isinstance(vkey, str) else "")
    except (BadNote, BadSignature) as error:
        raise Refuted(f"the terms pin a wrong {name}: {error}") from None
    if verifier.algorithm != algorithm:
        raise Refuted(f"the terms pin a {name} for another use; ask for the right file")
    return verifier


def _check_distinct(pins: Sequence[Pin]) -> None:
    origins = {pin.origin for pin in pins}
    keys = {key.public_key for pin in pins for key in (pin.head, pin.cosign)}
    if len(origins) < len(pins) or len(keys) < 2 * len(pins):
        raise Refuted("the terms pin one log or one key twice; ask for the right file")
