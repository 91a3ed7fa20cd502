"""A day of three real offices: founding to proof, every step by the real commands over loopback."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.commands import NAMES, comity
from cli.offices import Trio, until
from comity.interfaces.cli import talk
from comity.model.errors import Misuse


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    """Three founded offices, running, every process ended afterwards."""
    trio = Trio(tmp_path)
    try:
        trio.found()
        trio.start(*NAMES)
        yield trio
    finally:
        trio.stop_all()


def test_three_offices(trio: Trio) -> None:
    """Offices are founded, vote, enrol, agree on an area; one is ended by force and starts again; all is proven."""
    vote_and_enrol(trio)
    area = agree_on_an_area(trio)
    refuse(trio)
    withdraw(trio)
    seal_and_open(trio)
    assert "received by all" in trio.done("act", "centre", *centre_hold(trio))
    end_by_force(trio)
    carry(trio)
    replace_a_lost_key(trio)
    restore(trio)
    prove(trio, area)


def vote_and_enrol(trio: Trio) -> None:
    """Entry 0 of each log under its root key, then officers."""
    wrong = trio.comity("keys", "vote", "north", "--root", "south.root", "--yes")
    assert wrong.code == 2 and "not the root key of north" in wrong.err
    assert trio.show("north", "agreement")[0]["waiting for"] == ["the vote of north", "the vote of south"]
    for name in NAMES:
        trio.done("keys", "vote", name, "--root", f"{name}.root", "--yes")
    again = trio.comity("keys", "vote", "north", "--root", "north.root", "--yes")
    assert again.code == 1 and "refused by" in again.err
    for party in ("north", "south"):
        trio.enrol(party, "ann", "duty", "senior")
    trio.enrol("north", "bob", "senior")
    trio.done("keys", "new", "far.pem")
    proof = trio.done(
        "keys", "prove", "far.pem", "--origin", "pact/south", "--officer", "far", "--seat", "duty"
    ).split()
    words = ("enrol", "south", "--root", "south.root", "--officer", "far", "--seat", "duty", "--yes")
    trio.done("keys", *words, *proof)
    trio.done("keys", "depute", "south", "far", "--root", "south.root", "--seat", "senior", "--until", "+8h", "--yes")
    assert [row["officer"] for row in trio.comity("keys", "list", "north", "--json").json] == ["ann", "bob"]
    until(lambda: trio.show("centre", "agreement")[0]["status"] == "in force", "entry into force")


def agree_on_an_area(trio: Trio) -> str:
    """Proposed by one, voted by both; named by the first digits of its hash."""
    words = ("area=a-1", "tier=t1", "ring=@square(36.2,37.1,20km)", "band=..")
    proposed = trio.act("north", "senior", "ann", "area.propose", *words)
    assert proposed.code == 0 and proposed.json["not_received_by"] == []
    entry = str(proposed.json["entry"])
    assert trio.act("north", "senior", "ann", "change.vote", f"for={entry[:8]}").code == 0
    assert trio.act("south", "senior", "ann", "change.vote", "for=north/3").code == 0
    until(lambda: trio.show("centre", "areas"), "the area")
    text = trio.done("show", "centre", "areas")
    assert "a-1   in force  t1" in text and max(map(len, text.splitlines())) <= 100
    return entry


def refuse(trio: Trio) -> None:
    """What the agreement forbids is refused before it is signed, by a clause."""
    size = len(trio.show("north", "log"))
    words = ("operation=op-1", "area=a-1", "group=g-1", "executing=north", "volume.band=0m..3000m")
    drawn = ("volume.ring=@square(10.0,37.1,6km)", "volume.window=+1h..+3h")
    ran = trio.act("north", "senior", "ann", "operation.propose", *words, *drawn)
    assert ran.code == 1 and ran.json["verdict"] == "refused" and ran.json["clause"] == "clause 1"
    assert len(trio.show("north", "log")) == size
    asked = trio.comity("act", "north", "--seat", "duty", "--key", "north-ann.pem", "hold.place")
    with pytest.raises(Misuse, match="is no question"):
        talk.ask(trio.place / "north" / "office.sock", "show", {"ask": "nonsense"})
    assert asked.code == 2 and "nobody is at the keyboard" in asked.err and "hold.place: stops starts" in asked.err
    alone = trio.act("north", "duty", "ann", "clock.step", "before=+0s")
    assert alone.code == 1 and "two officers" in alone.json["problem"]
    second = ("--second", "north-bob.pem:senior")
    drawn = ("volume.ring=@square(36.2,37.1,6km)", "volume.window=+1h..+3h")
    fact = trio.act("north", "duty", "ann", *second, "fact.state", "fact=f-1", "volume.band=..", *drawn)
    assert fact.code == 0


def withdraw(trio: Trio) -> None:
    """An operation is asked for and agreed; its giver takes the consent back by naming the request alone."""
    words = ("operation=op-2", "area=a-1", "group=g-1", "executing=north", "volume.band=0m..3000m")
    drawn = ("volume.ring=@square(36.2,37.1,6km)", "volume.window=+0s..+3h")
    request = str(trio.act("north", "senior", "ann", "operation.propose", *words, *drawn).json["entry"])
    none = trio.act("south", "senior", "ann", "operation.withdraw", request[:8])
    assert none.code == 2 and "south has given no consent" in none.err
    assert trio.act("south", "duty", "ann", "precaution.check", request[:8]).code == 0
    consent = trio.act("south", "senior", "ann", "operation.consent", request[:8], "expires=+2h")
    assert consent.code == 0, consent
    taken_back = trio.act("south", "senior", "ann", "operation.withdraw", request[:8])
    assert taken_back.code == 0 and taken_back.json["in_force_no_later_than_ms"] is not None
    start = trio.act("north", "duty", "ann", "operation.start", request[:8])
    assert start.code == 1 and start.json["verdict"] == "refused"


def seal_and_open(trio: Trio) -> None:
    """A seal keeps its opening here, and the opening finds its seal."""
    words = ("threat.seal", "window=+0s..+1h", "note=made up", "volume.ring=@square(36.2,37.1,6km)")
    sealed = trio.act("north", "duty", "ann", *words, "volume.band=..", "volume.window=+0s..+1h", "--opening", "seal")
    assert sealed.code == 0 and (trio.place / "seal").stat().st_mode & 0o777 == 0o600
    opened = trio.act("north", "duty", "ann", "threat.open", "--opening", "seal")
    assert opened.code == 0
    assert trio.show("north", "threats")[0]["status"] == "opened"


def centre_hold(trio: Trio) -> tuple[str, ...]:
    """A hold in the centre's log by an officer whom north enrolled."""
    return ("--seat", "duty", "--key", "north-ann.pem", "--yes", "hold.place", "until=+30min")


def end_by_force(trio: Trio) -> None:
    """South dies; the others go on and say who has not received; it comes back and has all."""
    trio.stop("south", signal.SIGKILL)
    ran = trio.act("north", "duty", "ann", "duty.line_check", "with_participant=south", "result=dead")
    assert ran.code == 0 and ran.json["not_received_by"] == ["south"]
    offline = trio.comity("act", "south", "--seat", "duty", "--key", "south-ann.pem", "hold.place")
    assert offline.code == 3 and "start it with comity serve south" in offline.err
    told = trio.comity("show", "south", "areas")
    assert told.code == 0 and "a-1" in told.out and "does not run" in told.err
    trio.start("south")
    until(trio.agree, "agreement of all roots")
    assert trio.show("south", "lines")[0]["result"] == "dead"
    assert trio.comity("serve", "south").code == 2


def carry(trio: Trio) -> None:
    """What north signs reaches the stopped south on a stick."""
    assert trio.stop("south") == 0
    assert trio.act("north", "duty", "ann", "duty.line_check", "with_participant=south", "result=poor").code == 0
    (trio.place / "stick").mkdir()
    trio.done("carry", "out", "north", "stick")
    carried = trio.comity("carry", "in", "south", "stick", "--json")
    assert carried.code == 0 and carried.json["entries"] >= 1
    assert trio.show("south", "lines")[0]["result"] == "poor"
    empty = trio.comity("carry", "in", "south", ".")
    assert empty.code == 3 and "comity-carry" in empty.err
    trio.start("south")


def replace_a_lost_key(trio: Trio) -> None:
    """A lost key ends and its officer goes on with a new one; the old one is refused."""
    trio.done("keys", "new", "north-new.pem")
    trio.done("keys", "lost", "north", "ann", "--root", "north.root", "--key", "north-new.pem", "--yes")
    statuses = [(row["officer"], row["status"]) for row in trio.comity("keys", "list", "north", "--json").json]
    assert statuses == [("ann", "ended"), ("bob", "good"), ("ann", "good")]
    assert trio.act("north", "duty", "ann", "hold.place").code == 1
    assert trio.act("north", "duty", "new", "duty.line_check", "with_participant=south", "result=working").code == 0


def restore(trio: Trio) -> None:
    """A backup does not fork the log: the office has its newest entries back before it signs."""
    assert trio.stop("north") == 0
    (trio.place / "backup").write_bytes((trio.place / "north" / "log.sqlite").read_bytes())
    trio.start("north")
    assert trio.act("north", "duty", "new", "duty.line_check", "with_participant=south", "result=working").code == 0
    running = trio.comity("restore", "north", "backup")
    assert running.code == 2 and "running already" in running.err
    trio.stop("north", signal.SIGKILL)
    refused = trio.comity("restore", "north", "backup")
    assert refused.code == 2 and "--older if there is none" in refused.err
    trio.done("restore", "north", "backup", "--older")
    trio.start("north")
    until(lambda: trio.status("north")["fault"] is None, "the own newest entries")
    assert trio.act("north", "duty", "new", "duty.line_check", "with_participant=south", "result=working").code == 0
    until(trio.agree, "agreement of all roots")
    assert not trio.status("south")["forked"]


def prove(trio: Trio, area: str) -> None:
    """Each office's audit is clean, and a stranger proves what was done."""
    for name in NAMES:
        found = trio.comity("audit", name, "--json")
        assert found.code == 0 and found.json["clean"] and not found.json["refused"]
    claims = (f"admitted:{area[:10]}", "received:south:pact/north:5", "absent:south:0-7:operation.start")
    seal = next(row["entry"] for row in trio.show("north", "log") if row["act"] == "threat.seal")
    trio.done("case", "centre", *claims, f"opened:{seal[:8]}", f"logged:{seal}", "-o", "c.comity")
    again = trio.comity("case", "centre", *claims, "-o", "c.comity")
    assert again.code == 2 and "not written over" in again.err
    fingerprint = trio.done(
        "init", "complete", "draft.toml", *(f"{n}/pins-{n}.toml" for n in NAMES), "-o", "again.toml"
    )
    proven = comity("verify", trio.place / "c.comity", "--fingerprint", fingerprint.strip(), "--json")
    assert proven.code == 0 and proven.json["outcome"] == "proven"
    other = comity("verify", trio.place / "c.comity", "--fingerprint", "0" * 64)
    assert other.code == 1 and "refuted" in other.out
