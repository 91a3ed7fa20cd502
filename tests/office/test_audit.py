"""The audit finds whatever the disk, or whoever wrote to it, has changed; a start refuses what holds no root."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from comity.model.acts.duty import LineCheck
from comity.office.audit import Audit, audit
from comity.office.logs import Logs
from comity.office.notes import Notary
from comity.tlog.errors import StoreError
from comity.tlog.note import parse_note
from comity.tlog.store import MemoryStore, Row
from office.offices import Desk, opened

CHECK = LineCheck(with_participant="south", result="working")


@pytest.fixture
def desk() -> Desk:
    """North, in good order."""
    wire = opened()[0]
    wire.desks["north"].act(CHECK)
    wire.settle()
    return wire.desks["north"]


def audited(desk: Desk, store: MemoryStore) -> Audit:
    """The audit of a store by whoever has the founding file."""
    logs = Logs(desk.founded.founding, store)
    return audit(logs, Notary(logs.history.known, desk.founded.rings["north"]))


def spoiled(desk: Desk, change: Callable[[MemoryStore], None]) -> MemoryStore:
    """A copy of the desk's store with something changed behind its back."""
    store = copy.deepcopy(desk.store)
    assert isinstance(store, MemoryStore)
    change(store)
    return store


def change_mark(store: MemoryStore, mark: bytes) -> None:
    """The newest own entry gets another verdict."""
    row = store._rows[0][-1]
    number = row.mark.split(b'"number":')[1].split(b",")[0].split(b"}")[0]
    store._rows[0][-1] = Row(row.leaf, mark.replace(b"N", number))


def test_good_order(desk: Desk) -> None:
    """A store in good order is clean, with everything counted and progress told."""
    heard: list[tuple[int, int]] = []
    report = audit(desk.office.logs, desk.office.notary, lambda done, of: heard.append((done, of)))
    assert report.clean and report.entries == report.signatures == 11
    assert report.checkpoints == 4 and report.cosignatures == 12
    assert heard == [(0, 11), (11, 11)]
    assert audited(desk, spoiled(desk, lambda store: None)) == report


def test_several_processes_find_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signatures checked by other processes, some leaves at a time, give the same report, faults included."""
    monkeypatch.setattr("comity.office.audit.CHUNK_LEAVES", 3)
    logs = desk.office.logs
    assert audit(logs, desk.office.notary, processes=2) == audit(logs, desk.office.notary)
    branch = logs.first(desk.office.origin)
    assert branch is not None and isinstance(desk.store, MemoryStore)
    rows = desk.store._rows[branch.stored - 1]
    rows[1] = Row(bytes([rows[1].leaf[0] ^ 1]) + rows[1].leaf[1:], rows[1].mark)
    report = audit(logs, desk.office.notary, processes=2)
    assert report == audit(logs, desk.office.notary)
    assert any("signature does not fit" in each for each in report.problems)


def test_other_verdict_is_found(desk: Desk) -> None:
    """An entry that is kept as refused, and is admitted when judged anew, is a problem."""
    mark = b'{"number":N,"refusal":["keys","law 33","no","no"]}'
    report = audited(desk, spoiled(desk, lambda store: change_mark(store, mark)))
    assert any("judged anew it is admitted" in each for each in report.problems)


def test_changed_leaf_stops_the_start(desk: Desk) -> None:
    """A leaf that was changed gives another root than the signed one: the office does not even start."""

    def change(store: MemoryStore) -> None:
        row = store._rows[1][-1]
        store._rows[1][-1] = Row(bytes([row.leaf[0] ^ 1]) + row.leaf[1:], row.mark)

    with pytest.raises(StoreError, match="the disk changed what was stored"):
        audited(desk, spoiled(desk, change))


@pytest.mark.parametrize("mark", [b"", b"{}", b'{"number":99}', b'{"number":"0"}'])
def test_damaged_mark_stops_the_start(desk: Desk, mark: bytes) -> None:
    """A mark that cannot be read, or that leaves a gap, stops the start."""
    with pytest.raises(StoreError):
        audited(desk, spoiled(desk, lambda store: change_mark(store, mark)))


def test_forged_notes_are_found(desk: Desk) -> None:
    """A checkpoint or a cosignature that its key did not make is a problem of the audit."""

    def forge(number: int) -> Callable[[MemoryStore], None]:
        def change(store: MemoryStore) -> None:
            size, note = store._notes[1]
            parsed = parse_note(note)
            lines = list(parsed.signatures)
            wrong = bytes([lines[number].signature[-1] ^ 1])
            lines[number] = type(lines[number])(
                lines[number].name, lines[number].key_id, lines[number].signature[:-1] + wrong
            )
            store._notes[1] = (size, type(parsed)(parsed.text, tuple(lines)).encode())

        return change

    assert any("did not sign" in each for each in audited(desk, spoiled(desk, forge(0))).problems)
    assert any("cosignature" in each for each in audited(desk, spoiled(desk, forge(1))).problems)


def test_entries_without_checkpoint_are_found(desk: Desk) -> None:
    """Entries under no checkpoint at all are a problem."""
    report = audited(desk, spoiled(desk, lambda store: store._notes.clear()))
    assert any("nothing vouches" in each for each in report.problems)
