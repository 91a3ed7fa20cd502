"""A log that died, and the way out of it, every step by the real commands: what docs/faults.md says is left."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cli.commands import DRAFT, NAMES, Ran, inside, spoke_well
from cli.offices import PATIENCE_S, STEP_S, Trio, free_ports, until
from comity.interfaces.cli import reach
from comity.office.folder import OfficeFolder
from comity.office.founding import fingerprint
from comity.office.marks import FileMarks

NEW = "north-2"
OP = ("operation=op-1", "area=a-1", "group=g-1", "executing=south", "volume.ring=@square(36.2,37.1,6km)")
OP_AIR = ("volume.band=0m..3000m", "volume.window=+0m..+3h")


class Quick(Trio):
    """The same commands, without the start of a Python for each."""

    def comity(self, *words: str | Path) -> Ran:
        """Runs a command in the folder."""
        ran = inside(*words, folder=self.place)
        assert spoke_well(ran), ran.err
        return ran


@pytest.fixture
def trio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trio]:
    """Three founded offices with officers, running; nobody waits long for receipts, of which a dead log has few."""
    monkeypatch.setattr(reach, "RECEIPTS_WITHIN_S", 0.2)
    trio = Quick(tmp_path)
    try:
        trio.found()
        trio.start(*NAMES)
        for name in NAMES:
            trio.done("keys", "vote", name, "--root", f"{name}.root", "--yes")
        for party in ("north", "south"):
            trio.enrol(party, "ann", "duty", "senior")
            trio.enrol(party, "bob", "duty", "senior")
        yield trio
    finally:
        trio.stop_all()


def agreed(trio: Trio, first: str, *words: str) -> str:
    """A proposal that both parties vote for; its entry."""
    other = "south" if first == "north" else "north"
    entry = signed(trio, first, *words)
    for party in (first, other):
        signed(trio, party, "change.vote", f"for={entry[:12]}")
    return entry


def signed(trio: Trio, office: str, *words: str) -> str:
    """An act that is admitted once what it needs has come; its entry."""
    command = ("act", office, "--seat", "senior", "--key", f"{office}-ann.pem", "--yes", "--json", *words)
    end = time.monotonic() + PATIENCE_S
    while (ran := trio.comity(*command)).code != 0 and time.monotonic() < end:
        time.sleep(STEP_S)
    assert ran.code == 0, ran
    return str(ran.json["entry"])


def test_forked_log_is_replaced_by_commands(trio: Trio) -> None:
    """A forked party restrains and votes on, is given a new log by all, and works in it; its old hold still stands."""
    agreed(trio, "north", "area.propose", "area=a-1", "tier=t1", "ring=@square(36.2,37.1,20km)", "band=..")
    until(trio.agree, "the same roots")
    trio.stop("north")
    copy_clean(trio)
    for name in ("south", "centre"):
        trio.stop(name)
    trio.start("copy", "centre")
    copied = ("--seat", "duty", "--key", "north-ann.pem", "--yes", "duty.line_check", "with_participant=south")
    trio.done("act", "copy", *copied, "result=dead")
    until(lambda: [row for row in trio.show("centre", "log") if "line_check" in row["act"]], "the copy's word")
    for name in ("copy", "centre"):
        trio.stop(name)
    trio.start("north", "south")
    hold = str(trio.act("north", "duty", "ann", "hold.place", "until=+30m").json["entry"])
    until(lambda: trio.show("south", "holds"), "the hold")
    trio.start("centre")
    for name in NAMES:
        until(partial(_sees_the_fork, trio, name), f"the fork at {name}")
    told = trio.comity("status", "north")
    assert "comity init keys in a new folder" in told.err and "no permission rests on it" in told.err
    asked = signed(trio, "south", "operation.propose", *OP, *OP_AIR)
    alone = trio.act("south", "duty", "ann", "operation.consent", asked[:12], "expires=+2h")
    assert alone.code == 1
    replace_log(trio)
    new_log_works(trio, hold, asked)


def _sees_the_fork(trio: Trio, name: str) -> bool:
    return "pact/north" in trio.status(name)["forked"]


def _has_new_terms(trio: Trio, name: str) -> bool:
    return bool(trio.show(name, "agreement")[0]["forked"] == [])


def replace_log(trio: Trio) -> None:
    """Keys in a new folder, the text that names them, the votes of all in the logs that they had, the first entry."""
    (trio.place / "draft-2.toml").write_text(DRAFT.replace("edition = 1", "edition = 2"))
    words = ("--participant", "north", "--agreement", "draft-2.toml", "--root", "north-2.root")
    pins = trio.done("init", "keys", NEW, *words, "--origin", "pact/north/2").strip()
    trio.done("init", "amend", "south", "draft-2.toml", pins, "-o", "terms-2.toml")
    trio.ports[NEW] = free_ports(1)[0]
    told = fingerprint((trio.place / "founding.toml").read_bytes())
    peers = [f"--peer={other}=127.0.0.1:{trio.ports[other]}" for other in ("south", "centre")]
    own = f"127.0.0.1:{trio.ports[NEW]}"
    begun = trio.comity("init", "begin", NEW, "founding.toml", "--fingerprint", told, "--listen", own, *peers)
    assert begun.code == 0 and "names no log pact/north/2: this office joins later" in begun.err
    trio.start(NEW)
    early = trio.comity("keys", "vote", NEW, "--root", "north-2.root", "--yes")
    assert early.code == 2 and "no terms in force here pin the log pact/north/2" in early.err
    proposed = signed(trio, "south", "terms.propose", f"text=@{trio.place / 'terms-2.toml'}")
    for party in ("north", "south"):
        signed(trio, party, "change.vote", f"for={proposed[:12]}")
    for name in ("south", "centre"):
        until(partial(_has_new_terms, trio, name), f"new terms at {name}")
        trio.done("init", "peer", name, f"north={own}")
    trio.stop("north")


def new_log_works(trio: Trio, hold: str, asked: str) -> None:
    """The new office joins, enrols, and permits; the hold in the old log stands until it is lifted by all."""
    join = ("keys", "vote", NEW, "--root", "north-2.root", "--yes")
    until(lambda: trio.comity(*join).code == 0, "the first entry of the new log")
    trio.done("keys", "new", f"{NEW}-ann.pem")
    key = ("--officer", "ann", "--seat", "duty", "--seat", "senior", "--key", f"{NEW}-ann.pem", "--yes")
    trio.done("keys", "enrol", NEW, "--root", "north-2.root", *key)
    assert [row["by"] for row in trio.show("south", "holds")] == ["north"]
    signed(trio, NEW, "precaution.check", asked[:12])
    consent = ("operation.consent", asked[:12], "expires=+2h")
    held = trio.act(NEW, "senior", "ann", *consent)
    assert held.code == 1 and "operation.hold" in held.out
    lift = signed(trio, "south", "lift.propose", f"lifts={hold[:12]}")
    for party in ("south", NEW):
        signed(trio, party, "change.vote", f"for={lift[:12]}")
    signed(trio, NEW, *consent)


def copy_clean(trio: Trio) -> None:
    """A copy of the north's folder that believes, falsely, that it was stopped cleanly where it lies."""
    shutil.copytree(trio.place / "north", trio.place / "copy")
    copy = OfficeFolder(trio.place / "copy")
    FileMarks(copy.marks, copy.store).set_stopped_cleanly(True)


def test_log_that_differs_comes_from_the_others(trio: Trio) -> None:
    """A store with other entries than were signed stops the office; the entries that the others hold bring it back."""
    until(trio.agree, "the same roots")
    trio.stop("north")
    copy_clean(trio)
    trio.start("north")
    hold = signed(trio, "north", "hold.place", "until=+30m")
    until(lambda: trio.show("south", "holds"), "the hold")
    trio.stop("north")
    for name in ("south", "centre"):
        trio.stop(name)
    trio.start("copy")
    trio.done("act", "copy", "--seat", "duty", "--key", "north-bob.pem", "--yes", "hold.place")
    trio.stop("copy")
    shutil.copy(trio.place / "copy" / "log.sqlite", trio.place / "north" / "log.sqlite")
    trio.start("north")
    told = trio.comity("status", "north").err
    assert "the own log differs" in told and "comity restore OFFICE --from-others" in told
    assert trio.act("north", "duty", "ann", "hold.place").code == 1
    trio.stop("north")
    assert trio.comity("restore", "north").code == 2
    assert "0 entries" in trio.done("restore", "north", "--from-others")
    trio.start("south", "centre", "north")
    until(lambda: trio.status("north")["fault"] is None, "the own entries")
    assert any(row["entry"] == hold for row in trio.show("north", "log"))


@pytest.fixture
def founded(tmp_path: Path) -> Trio:
    """Three founded offices that have not served yet."""
    trio = Quick(tmp_path)
    trio.found()
    return trio


def test_lost_keys_of_an_office_come_back(founded: Trio) -> None:
    """A lost or damaged head key stops the office and is named with its remedy; the sealed keys bring it back."""
    head = founded.place / "north" / "keys" / "head.pem"
    made = head.read_bytes()
    for spoil in (head.unlink, lambda: head.write_bytes(b"rubbish")):
        spoil()
        ran = founded.comity("serve", "north")
        assert ran.code == 2 and "comity keys restore OFFICE --root ROOT" in ran.err
        assert founded.done("keys", "restore", "north", "--root", "north.root") == "head.pem\n"
        assert head.read_bytes() == made and head.stat().st_mode & 0o777 == 0o600
    assert "nothing was written" in founded.done("keys", "restore", "north", "--root", "north.root")
    for words in (("north", "--root", "south.root"), ("north", "--root", "south.root", "--sealed", "north.root.keys")):
        assert founded.comity("keys", "restore", *words).code == 2


def test_lost_machine_comes_back_without_its_word(founded: Trio) -> None:
    """From root key and sealed keys a folder is made anew; it begins as it began, and asks everybody first (law 35)."""
    shutil.rmtree(founded.place / "north")
    ran = founded.comity("keys", "restore", "north", "--root", "north.root")
    assert ran.code == 0 and "comity init begin" in ran.err
    told = fingerprint((founded.place / "founding.toml").read_bytes())
    founded.done("init", "begin", "north", "founding.toml", "--fingerprint", told, "--listen", "127.0.0.1:1")
    office = OfficeFolder(founded.place / "north").open()
    assert "has not heard from centre, south" in str(office.fault())
    office.logs.store.close()


def test_agreement_is_founded_anew(founded: Trio) -> None:
    """No vote can leave a dead log: all found a new agreement in fresh folders, whose text names what it follows."""
    old = fingerprint((founded.place / "founding.toml").read_bytes()).replace(" ", "")
    follows = f"follows pact edition 1, founding file {old}; last heads of its logs: pact/north 7 {'ab' * 32}"
    text = DRAFT.replace('id = "pact"', 'id = "pact-2"').replace("made for tests", follows)
    assert text.count(old) == 1
    founded.found(text, "-anew")
    founded.start(*(f"{name}-anew" for name in NAMES))
    try:
        for name in NAMES:
            founded.done("keys", "vote", f"{name}-anew", "--root", f"{name}-anew.root", "--yes")
        standing = until(lambda: _in_force(founded), "entry into force")
        assert standing["terms"]
        assert {log["origin"] for log in founded.status("south-anew")["logs"]} == {f"pact-2/{name}" for name in NAMES}
    finally:
        founded.stop_all()


def _in_force(trio: Trio) -> Any:
    (row,) = trio.show("centre-anew", "agreement")
    return row if row["status"] == "in force" else None
