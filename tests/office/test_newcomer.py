"""Who comes by an amendment is taken on while the offices run, who leaves gets nothing, and a proposal opens none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from comity.model.acts import Act
from comity.model.acts.agreement import TermsPropose, Vote
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import Join
from comity.model.errors import Misuse, PeerError
from comity.model.history import Taken
from comity.model.records.change import heads
from comity.model.terms import Pins
from comity.model.verdict import Refusal
from comity.office.folder import OfficeFolder
from comity.office.founding import Certificate, complete_founding, enrol_act, new_certificate, parse_founding, pins_of
from comity.office.keyring import Keyring, KeySigner, new_keyring, new_signer
from comity.office.messages import HeadsRequest
from comity.office.office import Office
from comity.office.serve import ServeOptions, Server
from comity.office.transport import PeerClient
from drafts import SeededRandomness
from office.founded import Founded, draft, found
from office.offices import Desk, Wire, opened, same
from office.served import LIMITS, all_of, folder_of, free_ports, server_of, signed_in, until

NAMES = ("north", "south", "centre")
ALL = ("north", "south", "east", "centre")


@dataclass(frozen=True)
class Newcomer:
    """East, which no founding file names: its keys, and the terms that take it in."""

    ring: Keyring
    root: KeySigner
    duty: KeySigner
    tls: Certificate

    def pins(self) -> Pins:
        """What east hands in."""
        return pins_of(self.ring, self.root.key, self.tls.certificate)


def newcomer() -> Newcomer:
    """East with keys of its own."""
    random = SeededRandomness("a newcomer")
    certificate = new_certificate("demo/east", datetime(2020, 1, 1, tzinfo=UTC), random)
    return Newcomer(new_keyring("demo/east", random), new_signer(random), new_signer(random), certificate)


def amended(founded: Founded, names: tuple[str, ...], edition: int, east: Newcomer, role: str = "signatory") -> str:
    """The text of terms for these participants."""
    known = {each.id: each.pins for each in parse_founding(founded.founding).participant if each.pins is not None}
    pins = {name: east.pins() if name == "east" else known[name] for name in names}
    text = draft(names).replace(b"edition = 1", f"edition = {edition}".encode())
    if role != "signatory":
        text = text.replace(b'name = "East"\nrole = "signatory"', f'name = "East"\nrole = "{role}"'.encode())
        text = text.replace(b'executing = ["north", "south", "east"]', b'executing = ["north", "south"]')
    return complete_founding(text, pins).decode()


def proposed(office: Office, text: str) -> TermsPropose:
    """The proposal of a text in place of the terms in force."""
    return TermsPropose(text=text, after=tuple(each.id for each in heads(office.view(), "terms")))


def vote_for(act: TermsPropose) -> Vote:
    """A vote for it."""
    return Vote(thing="terms", after=act.after, round=0, content=act.content())


def is_in_force(office: Office, act: TermsPropose) -> bool:
    """Whether the proposed terms are in force there."""
    return [each.content for each in heads(office.view(), "terms")] == [act.content()]


def signed(office: Office, founded: Founded, act: Act, seat: str = "senior") -> None:
    """An act that must be admitted."""
    result = office.act(act, seat, founded.officers[office.participant.id, seat])
    assert isinstance(result, Taken), result


def desk_of(east: Newcomer, founded: Founded, like: Desk) -> Desk:
    """East's machine, before anything is on it."""
    desk = object.__new__(Desk)
    desk.name, desk.founded, desk.clock, desk.limits = "east", founded, like.clock, like.limits
    desk.store, desk.marks = type(like.store)(), type(like.marks)()
    desk.office = Office(founded.founding, east.ring, desk.store, desk.marks, like.clock, newcomer=True)
    desk.sync = type(like.sync)(desk.office)
    return desk


def test_newcomer_is_taken_on() -> None:
    """Nobody restarts: with the votes a newcomer is served, fetches all, begins its log, and all hold the same."""
    wire, founded = opened(NAMES)
    north, south, east = wire.desks["north"], wire.desks["south"], newcomer()
    wire.desks["east"] = later = desk_of(east, founded, north)
    assert "name the log demo/east" in str(later.office.fault())
    act = proposed(north.office, amended(founded, ALL, 2, east, "observer"))
    north.act(act, "senior")
    wire.polled()
    assert not later.office.history.entries, "a proposal opens no office"
    assert "east" not in north.office.peers
    for desk in (north, south):
        desk.act(vote_for(act), "senior")
    wire.polled()
    assert later.office.fault() is None
    assert is_in_force(north.office, act)
    assert isinstance(later.office.act(joining(act), "root", east.root), Taken)
    wire.polled()
    assert same(wire.desks.values())
    assert {"east"} < set(north.office.mirrors)
    branch = later.office.logs.first("demo/east")
    assert branch is not None and branch.note is not None
    assert set(later.office.notary.cosigners(branch.note)) == set(NAMES)


def test_newcomer_becomes_a_signatory() -> None:
    """Who has a log votes first, and is bound by the next edition with the last vote of the others."""
    wire, founded = opened(NAMES)
    north, south, east = wire.desks["north"], wire.desks["south"], newcomer()
    wire.desks["east"] = later = desk_of(east, founded, north)
    observing = proposed(north.office, amended(founded, ALL, 2, east, "observer"))
    adopted(wire, observing)
    assert isinstance(later.office.act(joining(observing), "root", east.root), Taken)
    wire.polled()
    act = proposed(north.office, amended(founded, ALL, 3, east))
    north.act(act, "senior")
    wire.polled()
    assert isinstance(north.tried(vote_for(act), "senior"), Refusal)
    assert isinstance(later.office.act(vote_for(act), "root", east.root), Taken)
    wire.polled()
    for desk in (north, south):
        desk.act(vote_for(act), "senior")
    wire.polled()
    assert all(is_in_force(desk.office, act) for desk in wire.desks.values())
    assert same(wire.desks.values())


def adopted(wire: Wire, act: TermsPropose) -> None:
    """North and south adopt what north proposes."""
    wire.desks["north"].act(act, "senior")
    wire.polled()
    for name in ("north", "south"):
        wire.desks[name].act(vote_for(act), "senior")
    wire.polled()


def joining(act: TermsPropose) -> Join:
    """The first entry of a newcomer that has no vote."""
    return Join(terms=act.content())


def test_some_votes_open_no_office() -> None:
    """A newcomer whom some parties have voted for is served by nobody, not even by those, until all have."""
    wire, founded = opened(NAMES)
    north, east = wire.desks["north"], newcomer()
    wire.desks["east"] = desk_of(east, founded, north)
    act = proposed(north.office, amended(founded, ALL, 2, east, "observer"))
    north.act(act, "senior")
    north.act(vote_for(act), "senior")
    wire.polled()
    for name in NAMES:
        with pytest.raises(PeerError, match="no participant"):
            wire.desks[name].sync.answer("east", HeadsRequest())
    wire.desks["south"].act(vote_for(act), "senior")
    wire.polled()
    for name in NAMES:
        assert "east" in wire.desks[name].office.peers


def test_who_left_gets_nothing() -> None:
    """Under terms that leave a participant out its office is a stranger, and no restored office waits for its word."""
    wire, founded = opened(ALL)
    north, text = wire.desks["north"], amended_without_east(founded)
    act = proposed(north.office, text)
    north.act(act, "senior")
    wire.polled()
    for name in ("north", "south", "east"):
        assert north.sync.answer("east", HeadsRequest())
        wire.desks[name].act(vote_for(act), "senior")
        wire.polled()
    for name in NAMES:
        desk = wire.desks[name]
        assert is_in_force(desk.office, act)
        with pytest.raises(PeerError, match="no participant"):
            desk.sync.answer("east", HeadsRequest())
        assert "east" not in desk.office.mirrors
    north.act(LineCheck(with_participant="south", result="working"))
    wire.polled()
    assert same([wire.desks[name] for name in NAMES])


def amended_without_east(founded: Founded) -> str:
    """Terms for the others, with the pins that they have."""
    known = {each.id: each.pins for each in parse_founding(founded.founding).participant if each.pins is not None}
    text = draft(NAMES).replace(b"edition = 1", b"edition = 2")
    return complete_founding(text, {name: known[name] for name in NAMES}).decode()


def test_real_offices_take_on_and_let_go(tmp_path: Path) -> None:
    """Over TLS, without a restart: a stranger fails the handshake, a newcomer is served, one who left is refused."""
    founded, east = found(NAMES), newcomer()
    for name in NAMES:
        signed_in(folder_of(tmp_path, name, founded), name, founded, ("duty", "senior"))
    folder = OfficeFolder(tmp_path / "east")
    folder.save_keys(east.ring, east.tls.certificate, east.tls.private_key)
    folder.begin(founded.founding)
    ports = dict(zip(ALL, free_ports(4), strict=True))
    wheres = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
    client = PeerClient(folder.certificate, folder.tls_key, LIMITS)

    async def play() -> None:
        async with all_of({name: server_of(tmp_path, name, ports) for name in ALL}) as servers:
            offices = {name: servers[name].office for name in ALL}
            client.adopt(offices["east"].peers, {name: wheres[name] for name in NAMES})
            await until(lambda: all(len(offices[name].history.entries) == 7 for name in NAMES))
            assert "name the log demo/east" in str(offices["east"].fault())
            for _ in range(2):  # on a new connection and on one that was open
                with pytest.raises(PeerError, match=r"it hangs up on this office: .*no terms in force there"):
                    await client.call("north", HeadsRequest())
            act = proposed(offices["north"], amended(founded, ALL, 2, east, "observer"))
            signed(offices["north"], founded, act)
            await until(lambda: len(offices["south"].history.entries) == 8)
            for name in ("north", "south"):
                signed(offices[name], founded, vote_for(act))
            await until(lambda: offices["east"].fault() is None)
            assert isinstance(offices["east"].act(joining(act), "root", east.root), Taken)
            enrolled = enrol_act("demo/east", "east senior", ("senior",), east.duty)
            assert isinstance(offices["east"].act(enrolled, "root", east.root), Taken)
            await until(lambda: all(is_in_force(office, act) for office in offices.values()))
            await until(lambda: len({len(office.history.entries) for office in offices.values()}) == 1)
            assert await client.call("north", HeadsRequest())

            last = proposed(offices["north"], amended(founded, NAMES, 3, east))
            signed(offices["north"], founded, last)
            await until(lambda: all(office.history.find(newest(offices["north"])) for office in offices.values()))
            for name in ("north", "south"):
                signed(offices[name], founded, vote_for(last))
            await until(lambda: all(is_in_force(offices[name], last) for name in NAMES))
            for name in NAMES:
                with pytest.raises(PeerError, match=r"participant|cannot be reached"):
                    await client.call(name, HeadsRequest())
            fresh = PeerClient(folder.certificate, folder.tls_key, LIMITS)
            fresh.adopt(offices["east"].peers, wheres)
            with pytest.raises(PeerError, match="south cannot be reached"):
                await fresh.call("south", HeadsRequest())
            await fresh.close()
        await client.close()

    asyncio.run(play())


def newest(office: Office) -> str:
    """The newest own entry."""
    branch = office.logs.first(office.origin)
    assert branch is not None
    return office.history.at(branch.id, branch.size - 1).entry.id


@pytest.mark.usefixtures("founded")
def test_addresses_are_read_again(tmp_path: Path) -> None:
    """An address that is written down while the office runs is used, one of a stranger is told, a bad file as well."""
    ports = dict(zip(NAMES, free_ports(3), strict=True))
    given: dict[str, str] = {}

    def reread() -> dict[str, str]:
        if "broken" in given:
            raise Misuse("office.toml is odd")
        return dict(given)

    async def play() -> None:
        folder = OfficeFolder(tmp_path / "north")
        north = Server(ServeOptions(folder, "127.0.0.1", ports["north"], {}, LIMITS, reread=reread, say=print))
        south = server_of(tmp_path, "south", {"south": ports["south"]})
        async with all_of({"north": north, "south": south}):
            await read_again(north.office)

    async def read_again(office: Office) -> None:
        await asyncio.sleep(0.1)
        assert not office.heard_ms
        given.update(south=f"127.0.0.1:{ports['south']}", stranger="127.0.0.1:1")
        await until(lambda: "south" in office.heard_ms)
        assert any("address of stranger" in each.text for each in office.problems if each.over_ms is None)
        given["broken"] = ""
        await until(lambda: any(each.text == "office.toml is odd" for each in office.problems))
        del given["broken"], given["stranger"]
        await until(lambda: all(each.over_ms for each in office.problems if "centre" not in each.text))

    asyncio.run(play())
