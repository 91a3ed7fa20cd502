"""The private register of an office: what it keeps, what it never lets out, and what becomes of a damaged one."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from comity.interfaces.carry import carry_out
from comity.interfaces.case import Admitted, FieldsOpening, Opened, make_case, verify_case
from comity.interfaces.case.held import HeldLogs
from comity.interfaces.cli.protected_rows import of_office
from comity.interfaces.status.office_page import page_of
from comity.model.acts.agreement import Vote
from comity.model.acts.areas import AreaPropose
from comity.model.acts.duty import Layer, LayerUsed, PrecautionCheck
from comity.model.acts.operations import Hold, OperationConsent, OperationPropose
from comity.model.errors import Malformed, Misuse
from comity.model.history import Taken
from comity.model.protected import Protected
from comity.model.spans import HOUR_MS
from comity.model.verdict import Refusal
from comity.model.volume import Band, Point, Ring, Volume, Window
from comity.office import private
from comity.office.config import Limits
from comity.office.control import status
from comity.office.founding import enrol_act, genesis_act
from comity.office.keyring import load_key
from comity.office.register import FolderRegister
from comity.office.sweeping import swept
from comity.tlog.sqlite import SqliteStore
from comity.views.board import TOPICS, time_text
from office import founded
from office.founded import START_MS
from office.offices import Desk, HandClock, Wire, texts

LABEL = "canary-of-the-mill"
POINT: Point = (361_234_567, 371_654_321)
CANARIES = (LABEL.encode(), b"361234567", b"371654321", b"36.1234567", b"37.1654321", b"36.12345", b"37.16543")
OPEN = Band(floor=None, ceiling=None)
NAMES = ("north", "south", "centre")


def thing(label: str = LABEL, at: Point = POINT, standoff_m: int = 2_000) -> Protected:
    """A made-up hospital."""
    window = Window(from_ms=0, until_ms=None)
    return Protected(kind="hospital", label=label, shape="point", points=(at,), standoff_m=standoff_m, window=window)


def square(half_e7: int) -> Ring:
    """A square around round degrees: none of its corners is a canary."""
    lat, lon = 361_000_000, 371_500_000
    return ((lat - half_e7, lon - half_e7), (lat - half_e7, lon + half_e7), (lat + half_e7, lon + half_e7),
            (lat + half_e7, lon - half_e7))  # fmt: skip


def request(name: str = "op-1") -> OperationPropose:
    """An operation that comes near the canary."""
    window = Window(from_ms=START_MS, until_ms=START_MS + 6 * HOUR_MS)
    volume = Volume(ring=square(400_000), band=OPEN, window=window)
    return OperationPropose(operation=name, area="valley", group="bands", executing="north", volume=volume)


def keep(desk: Desk, register: FolderRegister, *things: Protected) -> Layer:
    """States a new version as an officer of the office does."""
    version = len(desk.office.view().about("layers")) + 1
    layer = register.write(things, version)
    assert isinstance(desk.act(layer), Taken)
    return layer


def check_of(taken: Taken, *layers: Layer) -> PrecautionCheck:
    """The signed statement that nothing was found."""
    used = (
        LayerUsed(layer=each.layer, layer_version=each.layer_version, commitment=each.commitment) for each in layers
    )
    return PrecautionCheck(request=taken.entry.id, layers=tuple(used))


def members_of(case: bytes) -> list[bytes]:
    """What a case holds, unpacked."""
    with zipfile.ZipFile(io.BytesIO(case)) as packed:
        return [packed.read(name) for name in packed.namelist()]


@pytest.fixture
def south_register(tmp_path: Path) -> FolderRegister:
    """Where the office of south keeps what it protects."""
    (tmp_path / "south").mkdir()
    return FolderRegister(tmp_path / "south" / "blobs", tmp_path / "south" / "register.pem")


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, south_register: FolderRegister) -> Iterator[Wire]:
    """Three offices over stores on disk, under terms that ask for the check; an area is agreed."""
    asked = founded.REST.replace('"activity", "duty"]', '"activity", "duty", "precaution", "precaution.check"]')
    monkeypatch.setattr(founded, "REST", asked)
    terms = founded.found.__wrapped__(NAMES)
    monkeypatch.setattr("office.offices.found", lambda names: terms)
    clock = HandClock()
    stores = {name: SqliteStore(tmp_path / f"{name}.sqlite") for name in NAMES}
    wire = Wire(Desk(name, terms, clock, store=stores[name]) for name in NAMES)
    for name, desk in wire.desks.items():
        desk.act(genesis_act(desk.office.participant, terms.founding), "root")
        for seat in founded.SEATS if name != "centre" else ():
            signer = terms.officers[name, seat]
            desk.act(enrol_act(desk.office.origin, f"{name} {seat}", (seat,), signer), "root")
    wire.settle()
    area = AreaPropose(area="valley", tier="open", ring=square(4_000_000), band=OPEN)
    wire.desks["north"].act(area)
    wire.settle()
    for name in ("north", "south"):
        wire.desks[name].act(Vote(thing=area.thing, after=(), round=0, content=area.content()))
        wire.settle()
    wire.desks["south"].office.keep_register(south_register)
    yield wire
    for store in stores.values():
        store.close()


def test_what_nobody_signed_is_swept(wire: Wire, south_register: FolderRegister, tmp_path: Path) -> None:
    """A version that was written and never signed goes when it is old, told once; what any entry names stays."""
    south, blobs = wire.desks["south"], tmp_path / "south" / "blobs"
    named = [keep(south, south_register, thing(), thing(str(number))) for number in range(2)]
    orphan = south_register.write([thing("other")], 3)
    (blobs / f".{'ab' * 32}.new").write_bytes(b"broken off")
    (blobs / "notes.txt").write_bytes(b"somebody's own")
    for age_ms, broken in ((1, None), (2 * 24 * HOUR_MS, "the store failed"), (2 * 24 * HOUR_MS, None)):
        assert south_register.holds(orphan), "not before a day, not while the own log may lack entries"
        for path in blobs.iterdir():
            os.utime(path, ns=(0, (south.clock.now_ms() - age_ms) * 1_000_000))
        south.office.broken = broken
        assert swept(south.office, south_register) is (broken is None)
    kept = sorted([*(str(layer.ciphertext) for layer in named), "notes.txt"])
    assert sorted(path.name for path in blobs.iterdir()) == kept
    assert [each.text for each in south.office.problems] == ["versions of the register that nobody signed, removed: 2"]


def test_nothing_private_leaves(wire: Wire, south_register: FolderRegister, tmp_path: Path) -> None:
    """No byte of any store, blob, stick, case, status or board holds the label or a coordinate; findings stay home."""
    south, north = wire.desks["south"], wire.desks["north"]
    layer = keep(south, south_register, thing(), thing("other", (10, 20)))
    asked = north.act(request())
    wire.settle()
    assert isinstance(south.tried(check_of(asked, layer)), Refusal)
    south.act(Hold(request=asked.entry.id))
    keep(south, south_register, thing())
    wire.settle()
    (tmp_path / "stick").mkdir()
    carry_out(south.office, tmp_path / "stick")
    case = make_case(
        south.founded.founding, HeldLogs(south.office.logs), [Admitted(entry=asked.entry.id)], openings={}, forks={}
    )
    (tmp_path / "case.comity").write_bytes(case)
    unpacked = members_of(case)
    shown = [
        msgspec.json.encode([status(desk.office), [rows(desk.office.view(), START_MS) for rows in TOPICS.values()]])
        for desk in wire.desks.values()
    ]
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 10
    for data in (*written, *unpacked, *shown, *(texts(desk).encode() for desk in wire.desks.values())):
        assert not [canary for canary in CANARIES if canary in data]
    assert "finding in operation op-1" in texts(south)
    assert all("finding" not in texts(wire.desks[name]) for name in ("north", "centre"))
    assert LABEL in str(of_office(south.office, "precautions"))


def test_door_and_hold(wire: Wire, south_register: FolderRegister) -> None:
    """A finding shuts the office's own door for check and consent, is owed at once, and ends with a hold or a mend."""
    south, north = wire.desks["south"], wire.desks["north"]
    layer = keep(south, south_register, thing())
    asked = north.act(request())
    wire.settle()
    refused = south.tried(check_of(asked, layer))
    assert isinstance(refused, Refusal) and "stand-off distance" in refused.problem and LABEL not in str(refused)
    owed = of_office(south.office, "owed")
    now = time_text(south.office.clock.now_ms())
    assert [row["by"] <= now for row in owed] == [True] and "hold not yet signed" in owed[0]["what"]
    assert [each.over_ms for each in south.office.problems if "finding" in each.text] == [None]
    page = page_of(south.office, south.office.clock.now_ms(), lambda error: None)
    assert "not yet signed" not in page and "finding in" not in page, "who can open a port is not who may read it"
    south.act(Hold(request=asked.entry.id))
    south.office.look_around()
    assert None not in [each.over_ms for each in south.office.problems if "finding" in each.text]
    assert of_office(south.office, "owed") == []
    other = north.act(request("op-2"))
    wire.settle()
    mended = keep(south, south_register, thing(at=(300_000_000, 300_000_000)))
    south.act(check_of(other, mended))
    consent = OperationConsent(request=other.entry.id, executing="north", expires_ms=south.clock.wall_ms + HOUR_MS)
    south.act(consent, "senior")


def test_register_changed_between_check_and_consent(wire: Wire, south_register: FolderRegister) -> None:
    """A check on the version before counts for nothing, whether or not the new version finds anything."""
    south, north = wire.desks["south"], wire.desks["north"]
    first = keep(south, south_register)
    asked = north.act(request())
    wire.settle()
    south.act(check_of(asked, first))
    assert of_office(south.office, "owed") == []
    second = keep(south, south_register, thing(at=(0, 0)))
    consent = OperationConsent(request=asked.entry.id, executing="north", expires_ms=south.clock.wall_ms + HOUR_MS)
    refused = south.tried(consent, "senior")
    assert isinstance(refused, Refusal) and "did not use version 2" in refused.problem
    assert "check due again" in of_office(south.office, "owed")[0]["what"]
    assert isinstance(south.tried(check_of(asked, first)), Refusal)
    south.act(check_of(asked, second))
    south.act(consent, "senior")


@pytest.mark.parametrize("damage", ["erased", "changed", "older", "key lost", "key of another"])
def test_damaged_register_restrains(wire: Wire, south_register: FolderRegister, tmp_path: Path, damage: str) -> None:
    """What cannot be read might protect anything: nothing is checked or agreed, holds pass, and it is owed first."""
    south, north = wire.desks["south"], wire.desks["north"]
    first, layer = keep(south, south_register), keep(south, south_register, thing())
    asked = north.act(request())
    wire.settle()
    assert first.ciphertext is not None and layer.ciphertext is not None
    path, key = tmp_path / "south" / "blobs" / layer.ciphertext, tmp_path / "south" / "register.pem"
    if damage == "erased":
        assert south_register.erase(layer) and not south_register.erase(layer)
    elif damage == "changed":
        path.write_bytes(path.read_bytes()[:-1] + b"!")
    elif damage == "older":
        path.write_bytes(path.with_name(first.ciphertext).read_bytes())
    else:
        key.unlink()
        if damage == "key of another":
            FolderRegister(tmp_path / "other", key).write((), 1)
    south.office.keep_register(south_register)  # a new run: nothing is remembered
    refused = south.tried(check_of(asked, layer))
    assert isinstance(refused, Refusal) and "cannot be looked up" in refused.problem, refused
    owed = of_office(south.office, "owed")
    assert owed[0]["by"] <= time_text(south.office.clock.now_ms()) and "mend the register" in owed[0]["what"]
    south.act(Hold(request=asked.entry.id))
    again = keep(south, south_register, thing(at=(0, 0)))
    south.act(check_of(asked, again))


@pytest.mark.parametrize("what", ["ciphertext", "key"])
def test_damage_under_a_running_office(wire: Wire, south_register: FolderRegister, tmp_path: Path, what: str) -> None:
    """What the disk changes after it was read once is told by itself, and asked about no answer is from memory."""
    south = wire.desks["south"]
    layer = keep(south, south_register, thing())
    south.office.look_around()
    assert of_office(south.office, "check") == []
    folder = tmp_path / "south"
    path = folder / "register.pem" if what == "key" else folder / "blobs" / str(layer.ciphertext)
    sound = path.read_bytes()
    path.write_bytes(b"" if what == "key" else bytes([sound[0] ^ 1]) + sound[1:])
    with pytest.raises((Malformed, Misuse), match=r"back from a backup, or .*import the register anew with --replace"):
        of_office(south.office, "check")
    wire.polled()
    assert "mend the register of protected things" in texts(south)
    path.write_bytes(sound)
    wire.polled()
    assert of_office(south.office, "check") == []
    assert all(each.over_ms is not None for each in south.office.problems if "mend the register" in each.text)


def test_erased_version_still_proves(wire: Wire, south_register: FolderRegister) -> None:
    """What was opened before the ciphertext was erased proves against the log, field by field, to a stranger."""
    south = wire.desks["south"]
    layer = keep(south, south_register, thing(), thing("other", (10, 20)))
    stated = south.office.view().about("layers")[-1]
    opened = south_register.openings(layer, LABEL, ("kind", "when"))
    keep(south, south_register, thing())
    wire.settle()
    assert south_register.erase(layer)
    with pytest.raises(Misuse, match="erased or lost"):
        south_register.openings(layer, LABEL, ("kind",))
    assert next(each.field.value for each in opened) == "hospital"
    assert all(private.opens(each, layer.commitment) for each in opened)
    opening = FieldsOpening(fields=opened)
    entry = stated.entry.id
    case = make_case(
        south.founded.founding, HeldLogs(south.office.logs), [Opened(entry=entry)], openings={entry: opening}, forks={}
    )
    assert verify_case(case).outcome == "proven"
    assert LABEL.encode() not in b"".join(members_of(case))


def test_versions_tell_nothing(south_register: FolderRegister) -> None:
    """The same things written twice have other commitments and ciphertexts; an empty version looks like a full one."""
    one, two = south_register.write((thing(),), 1), south_register.write((thing(),), 2)
    none = south_register.write((), 3)
    assert len({one.commitment, two.commitment, none.commitment}) == 3
    assert one.ciphertext != two.ciphertext
    assert south_register.read(one) == (thing(),) and south_register.read(none) == ()
    lengths = [len((south_register._folder / str(each.ciphertext)).read_bytes()) for each in (one, two, none)]
    assert max(lengths) - min(lengths) < 512, "age puts some noise into its head"


def test_unfit_things_are_not_written(south_register: FolderRegister, tmp_path: Path) -> None:
    """Two things under one label, an unfit thing, and too many, are named and leave nothing behind."""
    with pytest.raises(Misuse, match=f"{LABEL}': two things have this label"):
        south_register.write((thing(), thing(at=(1, 1))), 1)
    with pytest.raises(Misuse, match="stand-off is 0 m"):
        south_register.write((thing(standoff_m=0),), 1)
    few = FolderRegister(tmp_path / "few", tmp_path / "few.pem", replace(Limits(), protected_things=1))
    with pytest.raises(Misuse, match="the most is 1"):
        few.write((thing("a"), thing("b")), 1)
    assert not (tmp_path / "south" / "blobs").exists() and not (tmp_path / "few.pem").exists()


def test_what_somebody_else_encrypted(south_register: FolderRegister) -> None:
    """Bytes for the register's key that are no register are refused without a word of what is in them."""
    south_register.write((thing(),), 1)
    recipient = private.recipient_of(load_key(south_register._key).key)
    for data in (b"{}", b"\xff", b'{"comity":2}', msgspec.json.encode({"comity": 1, "secret": LABEL, "things": []})):
        digest = south_register._blobs().put(private.encrypt(data, [recipient]))
        with pytest.raises(Malformed, match="cannot be read") as refused:
            south_register.read(Layer(layer="protected", layer_version=1, commitment="00" * 32, ciphertext=digest))
        assert LABEL not in str(refused.value)
