"""What people may get wrong: each gives one clear sentence and the right exit code, and changes nothing."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.commands import DRAFT, NAMES, Ran, inside, spoke_well
from comity.interfaces.cli.founding_steps import begin, complete, make_keys, pins_path, read_pins_file
from comity.interfaces.cli.program import COMMANDS
from comity.interfaces.cli.settings import read_addresses
from comity.model.errors import Misuse
from comity.model.history import Taken
from comity.office.folder import OfficeFolder
from comity.office.founding import enrol_act, fingerprint, genesis_act, parse_founding
from comity.office.keyring import SystemRandomness, load_key, new_signer, save_key


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three founded offices that do not run; north has voted and enrolled ann."""
    place = tmp_path_factory.mktemp("offices")
    draft = parse_founding(DRAFT.encode())
    (place / "draft.toml").write_text(DRAFT)
    handed = [make_keys(OfficeFolder(place / name), name, draft, place / f"{name}.root") for name in NAMES]
    founding = complete(DRAFT.encode(), handed)
    (place / "founding.toml").write_bytes(founding)
    for name in NAMES:
        begin(OfficeFolder(place / name), founding, fingerprint(founding), "127.0.0.1:4801", {})
    officer = new_signer(SystemRandomness())
    save_key(place / "ann.pem", officer)
    north = OfficeFolder(place / "north").open()
    keeper = parse_founding(founding).participant[0]
    for act in (genesis_act(keeper, founding), enrol_act("pact/north", "ann", ("duty",), officer)):
        assert isinstance(north.act(act, "root", load_key(place / "north.root")), Taken)
    north.stop()
    north.logs.store.close()
    (place / "junk").write_bytes(bytes(range(256)))
    (place / "open.pem").write_bytes((place / "ann.pem").read_bytes())
    (place / "open.pem").chmod(0o644)
    (place / "north" / "other").mkdir()
    os.mkfifo(place / "pipe")
    (place / "bom.toml").write_bytes(codecs.BOM_UTF8 + DRAFT.encode())
    (place / "bom.json").write_bytes(codecs.BOM_UTF8 + b"{}")
    (place / "odd.json").write_bytes(b'{"request":null,"unheard":1}')
    (place / "bad.json").write_bytes(b'{"until_ms":"soon"}')
    return place


DECODERS = re.compile(r"Expected|Invalid|Object|Input data|regex|ValidationError|Traceback")
ACT = ("act", "north", "--seat", "duty", "--key", "ann.pem", "--yes")
BEGIN = ("init", "begin", "south", "founding.toml", "--fingerprint", "00", "--listen", "127.0.0.1:1")
KEYS = ("init", "keys", "new", "--agreement", "draft.toml", "--root", "new.root", "--participant")
NORTH, SOUTH, CENTRE = (f"{name}/pins-{name}.toml" for name in NAMES)

MISUSED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("show", "nowhere", "log"), "there is no office at nowhere"),
    (("show", "north/other", "log"), "no founded office"),
    (("show", "junk", "log"), "there is no office at junk"),
    (("obligations", "north", "--of", "mars"), "no participant"),
    ((*ACT, "hold.plaice"), "'hold.plaice' is no act; the nearest are hold.place"),
    ((*ACT, "hold.place", "until"), "until"),
    ((*ACT, "hold.place", "until=soon"), "'soon' is no time"),
    ((*ACT, "hold.place", "until=+1h", "until=+2h"), "twice"),
    ((*ACT, "hold.place", "unto=+1h"), "hold.place has no unto"),
    ((*ACT, "hold.place", "until=9999-12-31T23:59Z"), "lies too far away; write a year from 1970 to 9998"),
    ((*ACT, "hold.place", "until=2016-09-20T10:15"), "has no zone"),
    ((*ACT, "operation.report", "north/1", "harm"), "operation.report: harm has no value; write harm=..."),
    ((*ACT, "duty.handover", "seat=duty", "open=\u0663"), "write a whole number in digits 0 to 9"),
    ((*ACT, "operation.withdraw", "3f2a"), "names no entry"),
    ((*ACT, "operation.withdraw", "3f2a90c1"), "no entry here begins with"),
    ((*ACT, "operation.withdraw", "north/99"), "no entry 99 of pact/north is held here, it has 2"),
    ((*ACT, "operation.withdraw", "mars/1"), "no log 'mars' is held here"),
    ((*ACT, "change.vote", "for=north/1"), "no proposal"),
    ((*ACT, "change.vote", "north/1"), "write for=north/1 to vote for it, against=north/1 to decline"),
    ((*ACT, "area.propose", "a-1"), "'a-1' has no key; write key=value, with one of after, area, tier, ring"),
    (("act", "north", "--seat", "duty", "change.vote", "for=north/1"), "--key"),
    ((*ACT, "hold.place", "volume=north/1"), "no volume"),
    ((*ACT, "hold.place", "volume.ring=@square(1,2)"), "volume"),
    ((*ACT, "terms.propose", "text=@nothing.toml"), "no file nothing.toml"),
    ((*ACT, "terms.propose", "text=@junk"), "not UTF-8"),
    ((*ACT, "threat.seal", "window=+0s..+1h"), "--opening"),
    ((*ACT, "threat.open", "--opening", "junk"), "junk"),
    ((*ACT, "hold.place", "--opening", "x"), "no opening"),
    ((*ACT, "hold.place", "--from", "junk"), "no body of hold.place"),
    ((*ACT, "hold.place", "--from", "bom.json"), "byte order mark"),
    ((*ACT, "hold.place", "--from", "pipe"), "is a pipe or a device"),
    ((*ACT, "hold.place", "--from", "odd.json"), "has no unheard; it has request, volume, until_ms"),
    ((*ACT, "hold.place", "--from", "bad.json"), "until_ms cannot be 'soon'; write milliseconds UTC since 1970"),
    ((*ACT, "operation.report", "north/1", "harm=maybe"), "harm cannot be 'maybe'; write one of known, suspected"),
    (("act", "north", "--seat", "duty", "--key", "pipe", "hold.place"), "is a pipe or a device"),
    ((*ACT, "hold.place", "--from", "nothing.json"), "no file nothing.json"),
    ((*ACT, "hold.place", "until=+1h", "--from", "junk"), "--from gives the whole act"),
    (("act", "north", "--seat", "duty", "--key", "nothing.pem", "hold.place"), "no key at nothing.pem"),
    (("act", "north", "--seat", "duty", "--key", "junk", "hold.place"), "junk"),
    (("act", "north", "--seat", "duty", "--key", "open.pem", "hold.place"), "may be read by others"),
    ((*ACT, "--second", "ann.pem", "hold.place"), "KEYFILE:SEAT"),
    (("keys", "new", "ann.pem"), "not written over"),
    (("keys", "revoke", "north", "zoe", "--root", "north.root"), "no officer 'zoe'"),
    (("keys", "enrol", "north", "--root", "north.root", "--officer", "z", "--seat", "duty"), "--key KEYFILE"),
    (("keys", "depute", "north", "ann", "--root", "north.root", "--seat", "x", "--until", "x"), "no time"),
    (("keys", "compromised", "north", "ann", "--root", "north.root", "--since", "-1"), "no entry"),
    (("keys", "vote", "north", "--root", "south.root"), "not the root key of north"),
    ((*KEYS, "mars"), "no participant of pact"),
    ((*KEYS, "north", "--origin", "pact/south"), "cannot name the log of north"),
    ((*KEYS, "north", "--origin", "pact/north\n"), "cannot name the log"),
    (("init", "complete", "draft.toml", NORTH, SOUTH, "-o", "x.toml"), "differ in centre"),
    (("init", "complete", "draft.toml", NORTH, NORTH, SOUTH, "-o", "x.toml"), "given twice"),
    (("init", "complete", "draft.toml", "junk", "-o", "x.toml"), "not UTF-8"),
    (("init", "complete", "draft.toml", "draft.toml", "-o", "x.toml"), "no pins file"),
    (("init", "complete", "founding.toml", NORTH, SOUTH, CENTRE, "-o", "x.toml"), "already holds pins"),
    (BEGIN, "it is not the one given"),
    (("agreement", "check", "nothing.toml"), "no file nothing.toml"),
    (("agreement", "check", "north"), "is a folder"),
    (("agreement", "table", "junk"), "not sound"),
    (("agreement", "check", "bom.toml"), "begins with a byte order mark; save it as UTF-8 without one"),
    (("agreement", "check", "pipe"), "is a pipe or a device"),
    (("agreement", "check", "/dev/zero"), "is a pipe or a device"),
    (("agreement", "table", "pipe"), "is a pipe or a device"),
    (("agreement", "tabel", "pipe"), "--help"),
    (("play", "pipe"), "is a pipe or a device"),
    (("play", "nothing.scenario"), "cannot be read"),
    (("play", "draft.toml"), "draft.toml"),
    (("case", "north", "proves:everything", "-o", "x"), "is no claim"),
    (("case", "north", "admitted:", "-o", "x"), "is no claim"),
    (("case", "north", "admitted:3f2a90c1", "-o", "x"), "no entry here begins"),
    (("case", "north", "absent:pact/north:2-1", "-o", "x"), "says no entries"),
    (("case", "north", "absent:pact/north:0-99", "-o", "x"), "fetch the rest first"),
    (("case", "north", "absent:north:0-1:operatoin.start", "-o", "x"), "no act; the nearest are operation.start"),
    (("case", "north", "absent:mars:0-1", "-o", "x"), "no log 'mars' is held here; held are north (pact/north)"),
    (("case", "north", "absent:north:0-99", "-o", "x"), "fetch the rest first"),
    (("case", "north", "received:pact/south:pact/north:many", "-o", "x"), "says no size"),
    (("case", "north", "received:pact/mars:north:1", "-o", "x"), "no log 'pact/mars' is held here"),
    (("case", "north", "received:north:south:1", "-o", "x"), "no log 'south' is held here"),
    (("case", "north", "forked:mars", "-o", "x"), "no log 'mars' is held here"),
    (("case", "north", "forked:north", "-o", "x"), "no proof that pact/north was forked"),
    (("case", "north", "logged:pact/north/0", "--quorum", "2", "-o", "x"), "x is not written"),
    (("case", "north", "opened:north/0", "-o", "x"), "--opening"),
    (("case", "north", "logged:north/0", "--opening", "x", "-o", "x"), "is no opening"),
    (("verify", "pipe"), "is a pipe or a device"),
    (("verify", "nothing.comity"), "no file"),
    (("verify", "junk", "--fingerprint", "12"), "64 hexadecimal digits"),
    (("restore", "north", "nothing"), "no store at nothing"),
    (("restore", "north", "pipe"), "no store at pipe"),
    (("backup", "north", "junk"), "exists already and is not written over"),
    (("backup", "nowhere", "x"), "there is no office at nowhere"),
    (("serve", "nowhere"), "there is no office at nowhere"),
    (("status", "nowhere"), "there is no office at nowhere"),
    (("audit", "nowhere"), "there is no office at nowhere"),
    (("carry", "out", "nowhere", "."), "there is no office at nowhere"),
    (("carry", "in", "north", "nowhere"), "nowhere is no folder; give the place where the stick is mounted"),
    (("carry", "out", "north", "north/other"), "lies in the office's own folder"),
    (("demo", "tomorrow"), "--help"),
    (("serve", "north", "--feed", "roof"), "is no feed; write NAME=ADDRESS"),
    (("tracks", "watch", "nowhere"), "there is no office at nowhere"),
    (("tracks", "draft", "north", "first"), "invalid int value"),
    (("traffic", "--box", "1,2,3"), "is no box; write SOUTH,WEST,NORTH,EAST"),
    (("volumes", "check", "junk"), "the file is no UTF-8 text; save it as UTF-8"),
    (("restore", "north", "junk"), "cannot be used"),
)


@pytest.mark.parametrize(
    ("words", "said"), MISUSED, ids=[" ".join(words[:3]) + str(n) for n, (words, _) in enumerate(MISUSED)]
)
def test_misused(place: Path, words: tuple[str, ...], said: str) -> None:
    """Wrong words and wrong files exit 2 with a sentence that names the thing."""
    ran = inside(*words, folder=place)
    assert ran.code == 2, ran
    assert said in ran.err + ran.out and spoke_well(ran)
    assert not DECODERS.search(ran.err + ran.out)
    assert not (place / "x").exists() and not (place / "x.toml").exists() and not (place / "new").exists()


def test_every_command_is_misused() -> None:
    """No command is without a row of what people get wrong."""
    elsewhere = {"protected"}  # test_protected.py
    assert {words[0] for words, _ in MISUSED} | elsewhere == {command.name for command in COMMANDS} | elsewhere


@pytest.mark.parametrize(
    "words",
    [
        (*ACT, "hold.place"),
        ("status", "north"),
        ("carry", "in", "north", "."),
        ("keys", "vote", "south", "--root", "south.root"),
    ],
)
def test_broken(place: Path, words: tuple[str, ...]) -> None:
    """What only a running office can do, and a stick that holds nothing, exit 3 and say what to do."""
    ran = inside(*words, folder=place)
    assert ran.code == 3 and spoke_well(ran) and ("comity serve" in ran.err or "stick" in ran.err)


def test_not_enough(place: Path) -> None:
    """What is no case at all proves nothing: exit 2."""
    assert inside("verify", "junk", folder=place).code == 2


def test_reading_changes_nothing(place: Path) -> None:
    """Showing, listing and auditing an office that does not run leaves every byte of it as it was."""
    before = {path: path.read_bytes() for path in (place / "north").rglob("*") if path.is_file()}
    for words in (("show", "north", "log"), ("keys", "list", "north"), ("audit", "north"), ("obligations", "north")):
        assert inside(*words, folder=place).code == 0
    assert {path: path.read_bytes() for path in (place / "north").rglob("*") if path.is_file()} == before


def edited(place: Path, old: str, new: str) -> Callable[[], Ran]:
    """Begins a new office with a founding file in which something was changed."""
    founding = (place / "founding.toml").read_text().replace(old, new, 1)
    (place / "edited.toml").write_text(founding)
    digits = fingerprint(founding.encode())
    words = ("init", "begin", "fresh", "edited.toml", "--fingerprint", digits, "--listen", "127.0.0.1:4801")
    return lambda: inside(*words, folder=place)


def test_own_pins_are_compared(place: Path) -> None:
    """A founding file in which somebody changed this office's own keys is not taken, whatever its fingerprint."""
    make_keys(OfficeFolder(place / "fresh"), "north", parse_founding(DRAFT.encode()), place / "fresh.root")
    own = read_pins_file(pins_path(OfficeFolder(place / "north"), "north")).pins
    ran = edited(place, own.root_key, "0" * 63 + "1")()
    assert ran.code == 2 and "is not the one made here" in ran.err
    assert not (place / "fresh" / "founding.toml").exists()


@pytest.mark.parametrize("listen", ["", "localhost", "127.0.0.1:", "127.0.0.1:70000", ":80", "a b:80", 'a":80', "x:٣"])
def test_addresses(place: Path, listen: str) -> None:
    """What is no HOST:PORT is not taken from the command line, nor from office.toml."""
    digits = fingerprint((place / "founding.toml").read_bytes())
    words = ("init", "begin", "centre", "founding.toml", "--fingerprint", digits, f"--listen={listen}")
    ran = inside(*words, folder=place)
    assert ran.code == 2 and "is no address" in ran.err
    folder = OfficeFolder(place / "odd")
    folder.path.mkdir(exist_ok=True)
    (folder.path / "office.toml").write_text(f"participant = 'north'\nlisten = '{listen}'\n")
    with pytest.raises(Misuse):
        read_addresses(folder)


def test_secrets_stay_secret(place: Path) -> None:
    """Every key that founding writes may be read by its owner only."""
    found = [*(place / "north" / "keys").glob("*.pem"), *place.glob("*.root")]
    assert len(found) >= 7 and all(path.stat().st_mode & 0o077 == 0 for path in found)
    assert os.stat(place / "north" / "keys").st_mode & 0o077 == 0
