"""What `comity keys` does: key files, proofs, and the acts that only the root key signs (law 33)."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from comity.interfaces.cli.founding_steps import restore_keys
from comity.interfaces.cli.reach import Door, reach
from comity.interfaces.cli.sealed_keys import sealed_path
from comity.interfaces.cli.signing import Manner, ask_passphrase, read_officer, sign_and_hand_in
from comity.interfaces.cli.speech import DONE, complain, say, say_json, table
from comity.interfaces.times import moment_text
from comity.model.acts import Act
from comity.model.acts.keys import Compromised, Depute, Enrol, Revoke, Rotate
from comity.model.errors import Misuse
from comity.model.records.officers import ROOT_SEAT
from comity.model.spans import SECOND_MS
from comity.model.terms import Role
from comity.office.folder import OfficeFolder
from comity.office.keyring import SystemRandomness, new_signer, save_key
from comity.office.signatures import possession_message

_PROOF = re.compile("[0-9a-f]{128}")
_KEY = re.compile("[0-9a-f]{64}")


def new(args: argparse.Namespace) -> int:
    """Makes a key file and says its public key."""
    passphrase = None
    if args.passphrase:
        passphrase = ask_passphrase("new passphrase: ")
        if not passphrase or passphrase != ask_passphrase("once more: "):
            raise Misuse("the passphrase is empty, or the two differ; nothing was written; try again")
    signer = new_signer(SystemRandomness())
    save_key(Path(args.file), signer, passphrase)
    say(signer.key)
    complain(f"the private key is in {args.file}; it never leaves this machine")
    return DONE


def prove(args: argparse.Namespace) -> int:
    """Says key and proof, for an enrolment at another machine."""
    signer = read_officer(args.file, ROOT_SEAT).signer
    proof = signer.sign(possession_message(args.origin, args.officer, tuple(args.seat), signer.key)).hex()
    say(f"--public {signer.key} --proof {proof}")
    return DONE


def vote(args: argparse.Namespace) -> int:
    """Signs entry 0: a signatory votes for the founding file, another joins; who joins later does by later terms."""
    office = reach(args.office)
    return _by_root(office, office.first_act(), args)


def enrol(args: argparse.Namespace) -> int:
    """Gives a key its seats."""
    office = reach(args.office)
    seats = tuple(args.seat)
    key, proof = _new_key(args, office, args.officer, seats)
    return _by_root(office, Enrol(officer=args.officer, seats=seats, key=key, proof=proof), args)


def rotate(args: argparse.Namespace) -> int:
    """Replaces a key by a new one with the same seats."""
    office = reach(args.office)
    return _by_root(office, _rotation(office, args), args)


def lost(args: argparse.Namespace) -> int:
    """Ends the lost key at once, whatever comes then; the new one takes its seats."""
    office = reach(args.office)
    rotation = _rotation(office, args)
    code = _by_root(office, Revoke(key=rotation.old), args)
    return code if code != DONE else _by_root(office, rotation, args)


def revoke(args: argparse.Namespace) -> int:
    """Ends a key."""
    office = reach(args.office)
    return _by_root(office, Revoke(key=office.meaning().key_of(args.officer)), args)


def compromised(args: argparse.Namespace) -> int:
    """Says that a key may have been in other hands since an entry of the own log."""
    office = reach(args.office)
    check_since(office, args.since)
    key, *others = office.meaning().keys_once(args.officer)
    if others:
        complain(
            f"LOOK AGAIN: this is about the key {key}; {args.officer} had also {', '.join(others)}: if one of those is "
            f"meant, give it in place of the name"
        )
    return _by_root(office, Compromised(key=key, since_seq=args.since), args)


def depute(args: argparse.Namespace) -> int:
    """Lets an officer sit in one more seat until a moment."""
    from comity.interfaces import words

    office = reach(args.office)
    until_ms = words.end_ms(args.until, int(time.time() * SECOND_MS))
    return _by_root(office, Depute(key=office.meaning().key_of(args.officer), seat=args.seat, until_ms=until_ms), args)


def restore(args: argparse.Namespace) -> int:
    """Puts the office's own keys back, without which its log can bring no vote."""
    folder = OfficeFolder(Path(args.office))
    sealed = Path(args.sealed) if args.sealed is not None else sealed_path(Path(args.root))
    written = restore_keys(folder, sealed, read_officer(args.root, ROOT_SEAT).signer)
    say(", ".join(written) or "every key is as it was made; nothing was written")
    if not folder.founding.is_file():
        complain(f"{args.office} holds its keys and nothing else; go on with comity init begin {args.office}")
    return DONE


def listing(args: argparse.Namespace) -> int:
    """Lists who may sign here or might once, the newest last, and whose key has ended."""
    rows = _officers(reach(args.office))
    if args.json:
        say_json(rows)
    elif rows:
        say(table([_in_words(row) for row in rows]))
    else:
        say("no officer is enrolled")
    return DONE


def check_since(office: Door, since: int) -> None:
    """Accepts an entry that the own log has, or its next one; beyond, the act would put nothing in doubt."""
    size = sum(row["log"] == office.origin for row in office.show("log"))
    if not 0 <= since <= size:
        raise Misuse(
            f"{since} is no entry of {office.origin}, which has {size}, numbered from 0; --since takes the first that "
            f"may be false, comity show OFFICE log lists them"
        )


def _officers(office: Door) -> list[dict[str, Any]]:
    """Who was enrolled here, and at the centre those whom the signatories enrolled for its seats (law 33)."""
    rows: list[dict[str, Any]] = office.ask("officers", "")
    if office.keeper.role is not Role.CENTRE:
        return rows
    here = set(office.ask("seats", office.own_pins.root_key)["here"])
    listed = [row | {"status": "enrolled by the centre, signs nothing"} for row in rows]
    for party in office.ask("signatories", ""):
        found = office.ask("officers", party)
        listed += [row | {"officer": f"{party}/{row['officer']}"} for row in found if here & set(row["seats"])]
    return listed


def _in_words(row: dict[str, Any]) -> dict[str, str]:
    passkey = "enrolled" if row["passkey"] else ""
    return row | {"seats": ", ".join(row["seats"]), "deputed": _deputed_text(row["deputed"]), "passkey": passkey}


def _deputed_text(rows: list[dict[str, Any]]) -> str:
    return ", ".join(f"{each['seat']} until {moment_text(each['until_ms'])}" for each in rows)


def _by_root(office: Door, act: Act, args: argparse.Namespace) -> int:
    root = read_officer(args.root, ROOT_SEAT)
    if root.signer.key != office.own_pins.root_key:
        raise Misuse(f"{args.root} is not the root key of {office.participant}; give the file made by comity init keys")
    return sign_and_hand_in(office, act, root, None, Manner(args.yes, args.json))


def _rotation(office: Door, args: argparse.Namespace) -> Rotate:
    old = office.meaning().officer(args.officer)
    seats = tuple(old["seats"])
    key, proof = _new_key(args, office, old["officer"], seats)
    passkey = old["passkey"] or None
    if passkey is not None:
        complain(
            f"the passkey of {old['officer']} stays: every permission is confirmed with it; if it is lost too, end "
            f"the key with comity keys revoke and enrol the officer anew"
        )
    return Rotate(old=old["key"], officer=old["officer"], seats=seats, key=key, proof=proof, passkey=passkey)


def _new_key(args: argparse.Namespace, office: Door, officer: str, seats: tuple[str, ...]) -> tuple[str, str]:
    if (args.key is None) == (args.public is None) or (args.public is None) != (args.proof is None):
        raise Misuse("give the new key as --key KEYFILE, or as --public and --proof")
    if args.key is not None:
        signer = read_officer(args.key, ROOT_SEAT).signer
        return signer.key, signer.sign(possession_message(office.origin, officer, seats, signer.key)).hex()
    if not _KEY.fullmatch(args.public) or not _PROOF.fullmatch(args.proof):
        raise Misuse("--public takes 64 and --proof 128 digits; copy both whole from comity keys prove")
    return args.public, args.proof


DEEDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "new": new,
    "prove": prove,
    "vote": vote,
    "enrol": enrol,
    "rotate": rotate,
    "lost": lost,
    "revoke": revoke,
    "compromised": compromised,
    "depute": depute,
    "list": listing,
    "restore": restore,
}
