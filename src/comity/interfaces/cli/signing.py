"""From an act to an entry: drafted by the office, read by its officer, signed here, handed in.

Invariant: the office never sees a private key, and what the officer reads comes from the bytes that he signs; bytes
that hold another act, seat or key than asked for are never signed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from comity.interfaces.cli.ends import end_doubt, is_past
from comity.interfaces.cli.files import check_plain
from comity.interfaces.cli.named_entries import beside
from comity.interfaces.cli.reach import Door, Officer, Submitted
from comity.interfaces.cli.rendering import SHORT, in_words
from comity.interfaces.cli.speech import DONE, REFUSED, Unsaid, complain, say, say_json
from comity.interfaces.cli.talk import NotReached
from comity.interfaces.plain import plain
from comity.interfaces.times import moment_text
from comity.model.acts import Act, Nature
from comity.model.acts.alone import ActivityDeclare
from comity.model.acts.flights import FlightChange, FlightDeclare
from comity.model.acts.movements import FlightNotice, MovementEmergency, MovementRequest
from comity.model.acts.operations import OperationConsent, OperationCounter, OperationPropose, OperationWithdraw
from comity.model.entry import KEY_ID_BYTES, SIGNATURE_BYTES, Entry, Second, parse_entry
from comity.model.errors import Misuse, PeerError
from comity.model.records.officers import ROOT_SEAT
from comity.model.verdict import Refusal
from comity.office.desk import Stale, with_second
from comity.office.keyring import load_key
from comity.office.signatures import entry_message, second_message
from comity.tlog.errors import StoreError

TRIES_MOST = 5
GIVE_NOTICE = (
    ActivityDeclare,
    FlightDeclare,
    FlightChange,
    FlightNotice,
    MovementRequest,
    MovementEmergency,
    OperationPropose,
    OperationCounter,
)
_PEM = b"-----BEGIN "
_UNSIGNED = bytes(SIGNATURE_BYTES + KEY_ID_BYTES)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the officer wants it: asked or not, answered in words or as JSON."""

    yes: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """By when a withdrawal is in force everywhere, and which own consents to its request it leaves, with their ends."""

    by_ms: int | None
    others: tuple[tuple[str, int], ...]


def read_officer(path: str, seat: str) -> Officer:
    """The officer whose key lies in a file of his own; asks for its passphrase if it has one."""
    key = Path(path)
    check_plain(key)
    check_key(key)
    if is_encrypted(key):
        return Officer(load_key(key, ask_passphrase(f"passphrase of {key.name}: ")), seat)
    return Officer(load_key(key), seat)


def read_second(text: str) -> Officer:
    """The second officer, written KEYFILE:SEAT."""
    path, colon, seat = text.rpartition(":")
    if not colon or not path or not seat:
        raise Misuse(f"{text!r} names no second officer; write KEYFILE:SEAT")
    return read_officer(path, seat)


def sign_and_hand_in(office: Door, act: Act, first: Officer, second: Officer | None, manner: Manner) -> int:
    """The whole way of one act; tells what came of it and gives the exit code."""
    check_passkeys(office, act, first, second)
    withdrawal = withdrawal_by(office, act)
    for _ in range(TRIES_MOST):
        drafted = office.draft(act, first, second)
        if isinstance(drafted, Refusal):
            return tell_refusal(drafted, manner)
        entry = check_draft(drafted, act, first)
        if not confirmed(office, entry, first, second, manner):
            complain("not signed; nothing was sent")
            return REFUSED
        result = _handed_in(office, *signed(drafted, first, second))
        if isinstance(result, Refusal):
            return tell_refusal(result, manner)
        if isinstance(result, Submitted):
            code = tell_standing(result, withdrawal, manner)
            if manner.yes and is_past(act, entry.at_ms):
                complain(f"it was signed all the same: {end_doubt(act, entry.at_ms)}")
            return code
        complain(f"{result.reason}; it is drafted again")
    raise PeerError(f"the office took in something new {TRIES_MOST} times while this act was signed; try again")


def check_passkeys(office: Door, act: Act, first: Officer, second: Officer | None) -> None:
    """Accepts an act that key files alone can sign; Misuse for a permission by who enrolled with a passkey (law 33)."""
    if act.nature is not Nature.PERMISSION:
        return
    for officer in (first, second):
        if officer is not None and office.ask("seats", officer.signer.key)["passkey"]:
            raise Misuse(
                f"key {officer.signer.key[:SHORT]}... was enrolled with a passkey that a command line cannot ask for, "
                f"and {act.name} is refused without it; confirm it where the passkey can be asked, or have an officer "
                f"sign who enrolled without one; restraints, a hold or a withdrawal, need the key alone"
            )


def check_draft(json: bytes, act: Act, first: Officer) -> Entry:
    """The entry that the bytes make; PeerError if they are not what was asked for."""
    entry = parse_entry(_UNSIGNED + json)
    header = entry.header
    if entry.act != act or (header.seat, header.key) != (first.seat, first.signer.key):
        raise PeerError("the office drafted another act than was asked for; sign nothing, and look at that office")
    if header.second is not None or header.assertion is not None:
        raise PeerError("the office drafted an act that somebody has signed already; sign nothing")
    return entry


def signed(json: bytes, first: Officer, second: Officer | None) -> tuple[bytes, bytes]:
    """The final JSON and the officer's signature; the second officer signs first, over the bytes without him."""
    if second is not None:
        signature = second.signer.sign(second_message(json)).hex()
        json = with_second(json, Second(key=second.signer.key, seat=second.seat, signature=signature))
    return json, first.signer.sign(entry_message(json))


def confirmed(office: Door, entry: Entry, first: Officer, second: Officer | None, manner: Manner) -> bool:
    """Shows what will be signed and asks each who signs; with --yes only shows."""
    complain(in_words(entry, office.describe))
    if named := beside(office, entry):
        complain(named)
    assert isinstance(entry.act, Act), "check_draft takes only what can be read"
    doubts = (seat_doubt(office, entry.act, first), end_doubt(entry.act, entry.at_ms), notice_doubt(office, entry.act))
    for doubt in filter(None, (*doubts, buffer_doubt(office, entry.act))):
        complain(doubt)
    if second is not None:
        complain(
            f"second officer: seat {second.seat}, key {second.signer.key[:SHORT]}...; signs this very act too, "
            f"{entry.act.name} as entry {entry.header.seq} of {entry.header.origin}, with all that stands above"
        )
    if manner.yes:
        return True
    if not somebody_is_there():
        raise Misuse("nobody is at the keyboard to be asked; read the act above and give --yes to sign it")
    if is_past(entry.act, entry.at_ms) and not _asked("it is past, as said above; is it meant so?"):
        return False
    if second is None:
        return _asked("sign?")
    return _asked(f"you in seat {first.seat}: sign?") and _asked(f"you in seat {second.seat}: sign it as the second?")


def seat_doubt(office: Door, act: Act, first: Officer) -> str | None:
    """What an officer must know of the seat of a restraint, which nobody refuses for it (law 15)."""
    if act.nature is not Nature.RESTRAINT or first.seat == ROOT_SEAT:
        return None
    seats = office.ask("seats", first.signer.key)
    if first.seat not in seats["here"]:
        odd = f"the terms know no seat {first.seat!r} at {office.participant}; they know {', '.join(seats['here'])}"
    elif first.seat not in seats["own"]:
        odd = f"your key does not sit in {first.seat}; it sits in {', '.join(seats['own']) or 'no seat'}"
    else:
        return None
    return f"{odd}; it can be signed all the same, because a restraint is never refused for its seat"


def notice_doubt(office: Door, act: Act) -> str | None:
    """That what an act gives notice of leaves a declared flight too little time to be gone: a warning, with figures."""
    if not isinstance(act, GIVE_NOTICE):
        return None
    found = office.ask("notice", msgspec.json.encode(act.volume).decode())
    return f"LOOK AGAIN: {found}" if found else None


def buffer_doubt(office: Door, act: Act) -> str | None:
    """That a flight's volume has not the buffers of the terms: what is judged is the volume that is signed (law 24)."""
    if not isinstance(act, FlightDeclare | FlightChange):
        return None
    found = office.ask("buffers", msgspec.json.encode((act.volume, act.route)).decode())
    return f"LOOK AGAIN: {'; '.join(found)}" if found else None


def tell_refusal(refusal: Refusal, manner: Manner) -> int:
    """Says which clause refuses, why, and what to do."""
    if manner.as_json:
        say_json(
            {
                "verdict": "refused",
                "clause": refusal.clause,
                "problem": refusal.problem,
                "remedy": refusal.remedy,
                "rule": refusal.rule,
            }
        )
    else:
        complain(str(refusal))
    return REFUSED


def withdrawal_by(office: Door, act: Act) -> Withdrawal | None:
    """By when a withdrawal binds even a start that never saw it, and what it leaves; None for another act.

    That is at the end of its consent, or of the last other one to the same request: a start may cite any that stands.
    """
    if not isinstance(act, OperationWithdraw):
        return None
    consent = parse_entry(bytes.fromhex(office.ask("entry", act.consent))).act
    standing = {each["entry"]: each["expires_ms"] for each in office.ask("standing", act.request)}
    others = tuple((entry, end_ms) for entry, end_ms in standing.items() if entry != act.consent)
    named = (consent.expires_ms,) if isinstance(consent, OperationConsent) else ()
    return Withdrawal(max((*named, *(end_ms for _, end_ms in others)), default=None), others)


def _handed_in(office: Door, json: bytes, signature: bytes) -> Submitted | Refusal | Stale:
    try:
        return office.submit(json, signature)
    except KeyboardInterrupt:
        complain("stopped while it was handed in: it may stand; look at comity show OFFICE log before you sign again")
        raise
    except NotReached:
        raise
    except (PeerError, StoreError) as error:
        entry = parse_entry(_UNSIGNED + json)
        raise type(error)(
            f"{error}; it may have been signed: look for {entry.origin}/{entry.header.seq} of "
            f"{moment_text(entry.at_ms)} with comity show {office.folder.path} log before you sign again"
        ) from None


def tell_standing(result: Submitted, withdrawal: Withdrawal | None, manner: Manner) -> int:
    """Says what stands now, on stderr if stdout takes nothing: nobody may sign it twice for a full disk."""
    try:
        return tell_submitted(result, withdrawal, manner)
    except Unsaid as error:
        complain(f"the answer could not be written: {error}")
        complain(f"the act stands: {result.origin}, entry {result.seq} ({result.entry}); do not sign it again")
        return DONE


def tell_submitted(result: Submitted, withdrawal: Withdrawal | None, manner: Manner) -> int:
    """Says which entry it is now, who has it not yet, and for a withdrawal by when it binds everyone."""
    by_ms, others = (withdrawal.by_ms, withdrawal.others) if withdrawal is not None else (None, ())
    if manner.as_json:
        say_json(
            {
                "entry": result.entry,
                "log": result.origin,
                "seq": result.seq,
                "verdict": "admitted",
                "not_received_by": None if result.missing is None else list(result.missing),
                "in_force_no_later_than_ms": by_ms,
                "still_standing": [entry for entry, _ in others],
            }
        )
        return DONE
    say(f"entry {result.entry}")
    say(f"admitted: {result.origin}, entry {result.seq}")
    if result.missing is None:
        say("the office stopped before it said who has received it; do not sign it again, and look at comity status")
    else:
        say(f"not yet received by: {', '.join(result.missing)}" if result.missing else "received by all")
    if by_ms is not None:
        say(f"it binds every start that has seen it, and is in force no later than {moment_text(by_ms)}")
    for entry, end_ms in others:
        complain(
            f"your consent {entry[:SHORT]} to the same request still stands, until {moment_text(end_ms)}: a start may "
            f"cite it until it is withdrawn too"
        )
    return DONE


def somebody_is_there() -> bool:
    """Whether somebody can read a question and answer it."""
    return sys.stdin is not None and sys.stderr is not None and sys.stdin.isatty()


def check_key(path: Path) -> None:
    """Accepts what looks like a key file, or cannot be read; Misuse for any other file, whatever its mode."""
    try:
        with path.open("rb") as file:
            begins = file.read(len(_PEM))
    except OSError:
        return
    if begins != _PEM:
        raise Misuse(f"{path} is no key file; give the one that comity keys new or comity init keys made")


def is_encrypted(path: Path) -> bool:
    """Whether a key file wants a passphrase; a file that cannot be read says no, and reading it says why."""
    try:
        with path.open("rb") as file:
            return b"ENCRYPTED" in file.read(200)
    except OSError:
        return False


def ask_passphrase(prompt: str) -> str:
    """What somebody types unseen; Misuse if nobody is there."""
    from getpass import getpass

    if not somebody_is_there():
        raise Misuse("the key has a passphrase and nobody is at the keyboard to type it; run this in a terminal")
    return getpass(f"comity: {prompt}", stream=sys.stderr)


def _asked(question: str) -> bool:
    sys.stderr.write(f"comity: {plain(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
