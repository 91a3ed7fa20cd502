"""Verifying a case: ten checks of its bytes, one check of each claim by its bytes, and each verdict judged anew.

No network, no clock, no state: the same bytes give the same report anywhere. The single-file verifier in tools gives
the same answers to checks 1 to 11; check 12 is this software's alone.
Not trusted: the case. Trusted: the expected fingerprint, compared by people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from comity.interfaces.case.claims import (
    Absent,
    Admitted,
    Claim,
    Forked,
    Logged,
    Opened,
    Received,
    Refused,
    in_words,
)
from comity.interfaces.case.evidence import CHECKS, Evidence, body_of, leaf_id
from comity.interfaces.case.openings import check_opening, read_opening
from comity.interfaces.case.report import Check, NotEnough, Refuted, Report, Result
from comity.interfaces.case.verdicts import check_verdict, judge_all
from comity.model.entry import Entry
from comity.model.errors import Misuse
from comity.tlog.checkpoint import read_checkpoint
from comity.tlog.cosignature import cosignature_of

_FINGERPRINT = re.compile("[0-9a-f]{64}")


def verify_case(data: bytes, expected_fingerprint: str | None = None) -> Report:
    """Everything that the case claims, checked; Misuse if the expected fingerprint is none.

    Without an expected fingerprint the case is proven only as far as its reader trusts its founding file.
    """
    evidence = Evidence(data, plain_fingerprint(expected_fingerprint))
    checks: list[Check] = []
    for number, (name, check) in enumerate(CHECKS, 1):
        checks.append(_run(str(number), name, partial(check, evidence)))
        if checks[-1].result is not Result.OK:
            return Report(tuple(checks), evidence.fingerprint)
    claims = evidence.manifest.claims
    for number, claim in enumerate(claims, 1):
        checks.append(_run(f"11.{number}", "claim", partial(check_claim, evidence, claim)))
    checks += _verdicts(evidence, claims)
    return Report(tuple(checks), evidence.fingerprint)


def plain_fingerprint(text: str | None) -> str | None:
    """A fingerprint as people write it, in groups or not, as 64 hexadecimal digits; Misuse if it is none."""
    if text is None:
        return None
    plain = "".join(text.split()).lower()
    if not _FINGERPRINT.fullmatch(plain):
        raise Misuse("a fingerprint has 64 hexadecimal digits, in groups or not; copy the whole of it")
    return plain


def check_claim(evidence: Evidence, claim: Claim) -> str:
    """The claim in words if the bytes bear it out; Refuted or NotEnough otherwise."""
    match claim:
        case Logged():
            _entry(evidence, claim.entry)
        case Admitted() | Refused():
            _check_past(evidence, _entry(evidence, claim.entry))
            return f"entry {claim.entry[:8]} and its whole past are shown"
        case Absent():
            _check_absent(evidence, claim)
        case Received():
            _check_received(evidence, claim)
        case Opened():
            return _check_opened(evidence, claim)
        case Forked():
            _check_forked(evidence, claim)
    return in_words(claim)


def _run(number: str, name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(number, name, Result.OK, check())
    except Refuted as error:
        return Check(number, name, Result.REFUTED, str(error))
    except NotEnough as error:
        return Check(number, name, Result.NOT_ENOUGH, str(error))


def _verdicts(evidence: Evidence, claims: tuple[Claim, ...]) -> list[Check]:
    wanted = [(number, each) for number, each in enumerate(claims, 1) if isinstance(each, Admitted | Refused)]
    if not wanted:
        return []
    try:
        history = judge_all(evidence)
    except Refuted as error:
        return [Check(f"12.{number}", "verdict", Result.REFUTED, str(error)) for number, _ in wanted]
    return [_run(f"12.{number}", "verdict", partial(check_verdict, history, claim)) for number, claim in wanted]


def _entry(evidence: Evidence, entry_id: str) -> Entry:
    entry = evidence.entries.get(entry_id)
    if entry is None:
        raise NotEnough(f"entry {entry_id[:8]} is not in the case; ask for the whole case")
    return entry


def _check_past(evidence: Evidence, entry: Entry) -> None:
    """The entry and every entry that it had seen are shown, on the branches that it names."""
    own = evidence.trees.get(entry.origin)
    if own is None or not own.shows(0, entry.seq + 1) or leaf_id(own.leaf(entry.seq) or b"") != entry.id:
        raise NotEnough(f"the log {entry.origin} is not shown up to entry {entry.id[:8]}; ask for the whole case")
    for origin, (size, root) in entry.seen.items():
        tree = evidence.trees.get(origin)
        if tree is None or not tree.shows(0, size):
            raise NotEnough(f"the first {size} entries of {origin} are not shown; ask for the whole case")
        if tree.root(size) != bytes.fromhex(root):
            raise NotEnough(f"entry {entry.id[:8]} saw another history of {origin}; ask for that branch")


def _check_absent(evidence: Evidence, claim: Absent) -> None:
    tree = evidence.trees.get(claim.origin)
    if tree is None or not tree.shows(claim.start, claim.stop):
        raise NotEnough(f"{claim.origin} is not shown from {claim.start} to {claim.stop - 1}; ask for the whole case")
    for seq in range(claim.start, claim.stop):
        entry = evidence.entries[leaf_id(tree.leaf(seq) or b"")]
        fits = claim.act is None or entry.header.act == claim.act
        if fits and (claim.names is None or names(body_of(entry), claim.names)):
            raise Refuted(f"{claim.origin} {seq} is such an act: {entry.header.act}, entry {entry.id[:8]}")


def names(value: Any, text: str) -> bool:
    """Whether the text is one of the strings inside a decoded JSON value, keys not counted."""
    if isinstance(value, Mapping):
        return any(names(each, text) for each in value.values())
    if isinstance(value, list):
        return any(names(each, text) for each in value)
    return bool(value == text) if isinstance(value, str) else False


def _check_received(evidence: Evidence, claim: Received) -> None:
    """Law 30: an entry of one log that has seen the other's prefix, or a cosignature of one keeper on the other."""
    if claim.entry is None:
        pin = evidence.pins.get(claim.by)
        head = evidence.heads.get(claim.of)
        if pin is None or head is None or cosignature_of(evidence.note(claim.of), pin.cosign) is None:
            raise NotEnough(f"no checkpoint of {claim.of} here is cosigned by {claim.by}; ask for one")
        if head.size < claim.size:
            raise NotEnough(f"{claim.by} cosigned {head.size} entries of {claim.of}, not {claim.size}")
        return
    entry = _entry(evidence, claim.entry)
    if entry.origin != claim.by:
        raise Refuted(f"entry {entry.id[:8]} stands in {entry.origin}, not in {claim.by}")
    size, root = entry.seen.get(claim.of, (0, ""))
    if size < claim.size:
        raise Refuted(f"entry {entry.id[:8]} had seen {size} entries of {claim.of}, not {claim.size}")
    tree = evidence.trees.get(claim.of)
    own = tree.root(size) if tree is not None else None
    if own is None:
        raise NotEnough(f"the root of the first {size} entries of {claim.of} cannot be had; ask for its tiles")
    if own.hex() != root:
        raise Refuted(f"entry {entry.id[:8]} had seen another history of {claim.of}")


def _check_opened(evidence: Evidence, claim: Opened) -> str:
    entry = _entry(evidence, claim.entry)
    data = evidence.contents.openings.get(claim.entry)
    if data is None:
        raise NotEnough(f"the opening of entry {claim.entry[:8]} is not in the case; ask for the whole case")
    return check_opening(read_opening(data), entry.origin, body_of(entry))


def _check_forked(evidence: Evidence, claim: Forked) -> None:
    """Law 5: two signed heads, the same size with two roots, or a larger one that does not continue the smaller."""
    number = next((place for place, line in enumerate(evidence.manifest.logs) if line.origin == claim.origin), None)
    fork = evidence.contents.logs[number].fork if number is not None else None
    if fork is None:
        raise NotEnough(f"a second head of {claim.origin} is not in the case; ask for the whole case")
    other, _ = read_checkpoint(fork)
    head = evidence.heads[claim.origin]
    root = head.root if other.size == head.size else evidence.trees[claim.origin].root(other.size)
    if root is None:
        raise NotEnough(f"the two heads of {claim.origin} cannot be compared; ask for its tiles")
    if root == other.root:
        raise Refuted(f"one head of {claim.origin} continues the other: there is no fork")
