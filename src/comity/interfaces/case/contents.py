"""The members of a case, each in its place: what a verifier has at hand before it has checked anything.

    manifest.json                        what is claimed
    founding.toml, terms/<hash>.toml     the founding file, and each amendment that a log or cosigner needs
    keys, policy                         what those terms pin, for stock tools
    entry/<id>.leaf, .tlog-proof         an entry and the C2SP proof that its log holds it
    log/<n>/checkpoint, tile/...         log n of the manifest: C2SP checkpoint and as many tiles as its claims need
    log/<n>/fork                         a second checkpoint that contradicts the first
    opening/<id>.json                    what opens the commitment in an entry

Not trusted: all of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from comity.interfaces.case.claims import Forked, Manifest, Opened
from comity.interfaces.case.report import NotEnough, Refuted

MANIFEST, FOUNDING, KEYS, POLICY = "manifest.json", "founding.toml", "keys", "policy"
_TERMS = re.compile(r"terms/([0-9a-f]{64})\.toml")
_ENTRY = re.compile(r"entry/([0-9a-f]{64})\.(leaf|tlog-proof)")
_OPENING = re.compile(r"opening/([0-9a-f]{64})\.json")
_LOG = re.compile(r"log/(0|[1-9][0-9]?)/(checkpoint|fork|tile/.+)")


@dataclass(frozen=True, slots=True)
class LogFiles:
    """The files of one log in the case."""

    checkpoint: bytes
    fork: bytes | None
    tiles: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Contents:
    """The members by what they are. Entries are (leaf, proof) by id."""

    founding: bytes
    keys: bytes
    policy: bytes
    terms: Mapping[str, bytes]
    entries: Mapping[str, tuple[bytes, bytes]]
    logs: tuple[LogFiles, ...]
    openings: Mapping[str, bytes]


def check_names(members: Mapping[str, bytes]) -> None:
    """Refuses a member that no case has; NotEnough if one is missing that every case has."""
    for name in members:
        known = name in (MANIFEST, FOUNDING, KEYS, POLICY)
        if not known and not any(form.fullmatch(name) for form in (_TERMS, _ENTRY, _OPENING, _LOG)):
            raise Refuted(f"{name} is no member of a case; ask for the case as it was made")
    for name in (MANIFEST, FOUNDING, KEYS, POLICY):
        if name not in members:
            raise NotEnough(f"{name} is missing; ask for the whole case")


def sort_members(manifest: Manifest, members: Mapping[str, bytes]) -> Contents:
    """The members in their places; Refuted if one belongs to nothing, NotEnough if the manifest names one not there."""
    terms = {match[1]: data for name, data in members.items() if (match := _TERMS.fullmatch(name))}
    openings = {match[1]: data for name, data in members.items() if (match := _OPENING.fullmatch(name))}
    logs = tuple(_log(members, number) for number in range(len(manifest.logs)))
    entries = _entries(members)
    _check_owned(manifest, terms, openings, members)
    return Contents(members[FOUNDING], members[KEYS], members[POLICY], terms, entries, logs, openings)


def _entries(members: Mapping[str, bytes]) -> dict[str, tuple[bytes, bytes]]:
    ids = sorted({match[1] for name in members if (match := _ENTRY.fullmatch(name))})
    for each in ids:
        for name in (f"entry/{each}.leaf", f"entry/{each}.tlog-proof"):
            if name not in members:
                raise NotEnough(f"{name} is missing; ask for the whole case")
    return {each: (members[f"entry/{each}.leaf"], members[f"entry/{each}.tlog-proof"]) for each in ids}


def _log(members: Mapping[str, bytes], number: int) -> LogFiles:
    folder = f"log/{number}/"
    if folder + "checkpoint" not in members:
        raise NotEnough(f"{folder}checkpoint is missing; ask for the whole case")
    tiles = {name.removeprefix(folder): data for name, data in members.items() if name.startswith(folder + "tile/")}
    return LogFiles(members[folder + "checkpoint"], members.get(folder + "fork"), tiles)


def _check_owned(
    manifest: Manifest, terms: Mapping[str, bytes], openings: Mapping[str, bytes], members: Mapping[str, bytes]
) -> None:
    for each in manifest.amendments:
        if each not in terms:
            raise NotEnough(f"terms/{each}.toml is missing; ask for the whole case")
    for name in members:
        match = _LOG.fullmatch(name)
        if match and int(match[1]) >= len(manifest.logs):
            raise Refuted(f"{name} belongs to no log of the manifest; ask for the case as it was made")
    forked = {claim.origin for claim in manifest.claims if isinstance(claim, Forked)}
    opened = {claim.entry for claim in manifest.claims if isinstance(claim, Opened)}
    surplus = [f"terms/{each}.toml" for each in terms.keys() - set(manifest.amendments)]
    surplus += [f"opening/{each}.json" for each in openings.keys() - opened]
    surplus += [
        f"log/{number}/fork"
        for number, line in enumerate(manifest.logs)
        if f"log/{number}/fork" in members and line.origin not in forked
    ]
    if surplus:
        raise Refuted(f"{min(surplus)} is there and nothing claims it; ask for the case as it was made")
