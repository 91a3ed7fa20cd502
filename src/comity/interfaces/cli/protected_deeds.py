"""The deeds of `comity protected`: each change is one new version, written first, signed then, and whole or not at all.

Invariant: a version counts only once the log names it. What was written for a version that the office refused, or the
officer would not sign, is erased; after a broken connection it is kept, since the log may name it.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from comity.interfaces.cli.protected_file import FILE_BYTES_MOST, SHAPES, read_things, thing_of
from comity.interfaces.cli.protected_rows import thing_row
from comity.interfaces.cli.reach import Door, Officer, reach
from comity.interfaces.cli.speech import DONE, REFUSED, complain, say, say_json, table
from comity.interfaces.times import minute_text, moment_text
from comity.model.acts import Act
from comity.model.acts.alone import ActivityEnd
from comity.model.acts.duty import Layer
from comity.model.acts.operations import Hold
from comity.model.codec import encode
from comity.model.errors import Malformed, Misuse
from comity.model.protected import Protected
from comity.office.keyring import SECRET_MODE
from comity.office.register import LAYER, FolderRegister, check_things

NOTICE = "notification creates no legal status, and its absence removes no protection"
_POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,9})?)/(-?\d{1,3}(?:\.\d{1,9})?)")
_SHORT = 8
FIELDS = ("kind", "label", "when", "where")

Things = tuple[Protected, ...]
Change = Callable[[Things], Things]


def add(args: argparse.Namespace) -> int:
    """One more thing."""
    new = _thing(args)
    return _change(args, lambda things: (*things, new))


def remove(args: argparse.Namespace) -> int:
    """One thing less."""

    def without(things: Things) -> Things:
        kept = tuple(each for each in things if each.label != args.label)
        if len(kept) == len(things):
            raise Misuse(f"nothing in the register is labelled {args.label[:80]!r}; comity protected list shows all")
        return kept

    return _change(args, without)


def take_in(args: argparse.Namespace) -> int:
    """A whole file, beside what there is or in its place."""
    from comity.interfaces.cli.files import read_text

    new = read_things(read_text(args.file, FILE_BYTES_MOST), args.file)
    if not new:
        raise Misuse(
            f"{args.file} holds no place and no movement, so nothing was taken in; to empty the register, remove each "
            f"thing: comity protected remove {args.office} LABEL"
        )
    return _change(args, lambda things: (*things, *new), reads=not args.replace)


def restate(args: argparse.Namespace) -> int:
    """The same things under a new version."""
    return _change(args, lambda things: things)


def show(args: argparse.Namespace) -> int:
    """The register on this screen, or its versions."""
    office = reach(args.office)
    stated = _stated(office)
    if args.versions:
        register = office.folder.register()
        rows = [_version_row(row, register.holds(_layer(row))) for row in stated]
        say_json(rows) if args.json else say(table(rows) if rows else "no version of the register was ever stated")
        return DONE
    things = office.folder.register().read(_layer(stated[-1])) if stated else ()
    if args.json:
        say_json([thing_row(each) for each in things])
        return DONE
    say(table([_shown(thing_row(each)) for each in things]) if things else "the register holds nothing")
    complain(NOTICE)
    return DONE


def check(args: argparse.Namespace) -> int:
    """What comes too near, and what to sign; with --hold signs it."""
    office = reach(args.office)
    rows = office.private("precautions")
    waiting = [row for row in rows if row["sign"]]
    if args.hold:
        return _hold(office, waiting, args)
    if args.json:
        say_json(rows)
    else:
        shown = [{name: _text(row[name]) for name in ("what", "by", "finding", "near", "check")} for row in rows]
        say(table(shown) if shown else "nothing is asked for or under way")
        complain(NOTICE)
        for row in waiting:
            complain(f"{row['what']}: sign a hold, which gives no reason:")
            complain(f"  comity act {args.office} --seat SEAT --key KEYFILE {_short(row['sign'])}")
        for row in (each for each in rows if each["check"] and not each["near"]):
            complain(f"{row['what']}: nothing found; the check is to be signed:")
            complain(f"  comity act {args.office} --seat SEAT --key KEYFILE precaution.check {row['request'][:_SHORT]}")
    return REFUSED if waiting else DONE


def open_fields(args: argparse.Namespace) -> int:
    """What opens some fields of one thing; whoever is handed the file learns these and no others."""
    from comity.interfaces.case import FieldsOpening
    from comity.interfaces.cli.files import write_new

    office = reach(args.office)
    row = _version(_stated(office), args.version)
    names = sorted(set(args.field))
    if odd := [name for name in names if name not in FIELDS]:
        raise Misuse(f"{odd[0][:40]!r} is no field; they are {', '.join(FIELDS)}")
    opened = FieldsOpening(fields=office.folder.register().openings(_layer(row), args.label, names))
    write_new(args.output, encode(opened), SECRET_MODE)
    entry = row["entry"][:_SHORT]
    say(f"{args.output} opens {', '.join(names)}: comity case OFFICE opened:{entry} --opening {entry}={args.output}")
    return DONE


def erase(args: argparse.Namespace) -> int:
    """An earlier version's ciphertext, for good."""
    office = reach(args.office)
    stated = _stated(office)
    row = _version(stated, args.version)
    if row == stated[-1]:
        raise Misuse(f"version {args.version} is the one that counts now; state a new one first, then erase it")
    if not office.folder.register().erase(_layer(row)):
        say(f"version {args.version} is not held, so nothing was erased")
        return DONE
    say(f"version {args.version} is erased; what was proven from it before stands")
    return DONE


def _change(args: argparse.Namespace, change: Change, reads: bool = True) -> int:
    from comity.interfaces.cli.signing import Manner, read_officer, sign_and_hand_in

    officer = read_officer(args.key, args.seat)
    office = reach(args.office)
    office.check_running()
    stated, register = _stated(office), office.folder.register()
    newest = _layer(stated[-1]) if stated else None
    before = _before(register, newest, reads)
    things = change(before if reads and before is not None else ())
    check_things(things)
    held = "what cannot be read" if before is None else str(len(before))
    complain(f"the register holds {held}, and will hold {len(things)}")
    layer = register.write(things, newest.layer_version + 1 if newest is not None else 1)
    code = sign_and_hand_in(office, layer, officer, None, Manner(args.yes, args.json))
    if code == REFUSED:
        register.erase(layer)
    elif not args.json:
        say(f"version {layer.layer_version} of the register holds {len(things)}")
    return code


def _before(register: FolderRegister, newest: Layer | None, reads: bool) -> Things | None:
    """What the register holds now; None if it cannot be read and the change does not need it."""
    if newest is None:
        return ()
    try:
        return register.read(newest)
    except (Misuse, Malformed, OSError):
        if reads:
            raise
        return None


def _hold(office: Door, waiting: Sequence[dict[str, Any]], args: argparse.Namespace) -> int:
    from comity.interfaces.cli.signing import Manner, read_officer, sign_and_hand_in

    if args.seat is None or args.key is None:
        raise Misuse("a hold is signed by an officer; give --seat and --key")
    if not waiting:
        say("nothing was found that is not held")
        return DONE
    officer: Officer = read_officer(args.key, args.seat)
    codes = []
    for row in waiting:
        ends = row["sign"].startswith(ActivityEnd.name)
        act: Act = ActivityEnd(activity=row["request"]) if ends else Hold(request=row["request"])
        codes.append(sign_and_hand_in(office, act, officer, None, Manner(args.yes, args.json)))
    return max(codes)


def _thing(args: argparse.Namespace) -> Protected:
    from comity.interfaces.words import moment_ms

    now_ms = time.time_ns() // 1_000_000
    row: dict[str, Any] = {"label": args.label, "kind": args.kind}
    for name in SHAPES:
        text = getattr(args, name)
        if text is not None:
            points = [_point(each.strip()) for each in text.split(",")]
            row[name] = points[0] if name == "at" and len(points) == 1 else points
    if not args.standoff_m.isascii() or not args.standoff_m.isdigit() or len(args.standoff_m) > 9:
        raise Misuse(f"{args.standoff_m[:40]!r} is no whole number of metres; write 2000")
    row["standoff_m"] = int(args.standoff_m)
    row |= {"from": moment_ms(args.begins, now_ms)} if args.begins is not None else {}
    row |= {"until": moment_ms(args.until, now_ms)} if args.until is not None else {}
    return thing_of(row)


def _point(text: str) -> list[Decimal]:
    found = _POINT.fullmatch(text)
    if found is None:
        raise Misuse(f"{text[:40]!r} is no point; write latitude/longitude, such as 36.2012/37.1612")
    return [Decimal(found[1]), Decimal(found[2])]


def _stated(office: Door) -> list[dict[str, Any]]:
    """Every version that the log names, the oldest first."""
    rows: list[dict[str, Any]] = office.ask("register", LAYER)
    return rows


def _version(stated: Sequence[dict[str, Any]], version: str | None) -> dict[str, Any]:
    """The statement of a version, or the newest."""
    found = [row for row in stated if version in (None, str(row["act"]["layer_version"]))]
    if not found:
        said = (
            f"{version[:20]!r} is no version of the register" if version is not None else "no version was ever stated"
        )
        raise Misuse(f"{said}; comity protected list --versions shows all")
    return found[-1]


def _layer(row: dict[str, Any]) -> Layer:
    return msgspec.convert(row["act"], Layer)


def _version_row(row: dict[str, Any], held: bool) -> dict[str, str]:
    moment = moment_text(row["at_ms"])
    kept = "held" if held else "erased or lost"
    return {"version": str(row["act"]["layer_version"]), "stated": moment, "content": kept, "entry": row["entry"]}


def _shown(row: dict[str, Any]) -> dict[str, str]:
    points = ", ".join(f"{latitude:.7g}/{longitude:.7g}" for latitude, longitude in row["points"])
    return {
        "label": row["label"],
        "kind": row["kind"],
        "where": points,
        "stand-off": f"{row['standoff_m']} m",
        "from": _moment(row["from_ms"]),
        "until": _moment(row["until_ms"]),
    }


def _moment(at_ms: int | None) -> str:
    return minute_text(at_ms) if at_ms else ""


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _short(words: str) -> str:
    act, _, hash_of = words.partition("=")
    return f"{act}={hash_of[:_SHORT]}"


DEEDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "add": add,
    "remove": remove,
    "import": take_in,
    "restate": restate,
    "list": show,
    "open": open_fields,
    "check": check,
    "erase": erase,
}
