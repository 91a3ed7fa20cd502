"""One contract for every store: order, atomic appends, branches, notes; and what it holds after a restart."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.tlog.errors import StoreError
from comity.tlog.sqlite import SqliteStore
from comity.tlog.store import BranchInfo, MemoryStore, Row, Store
from thorough import deep


def rows(text: str, count: int) -> list[Row]:
    """Some rows that tell where they come from."""
    return [Row(f"{text} {number}".encode(), b"" if number % 2 else b"mark") for number in range(count)]


class Opened:
    """A store under test, which can be closed and opened again where that means anything."""

    def __init__(self, open_store: Callable[[], Store] | None) -> None:
        self._open = open_store
        self.store: Store = open_store() if open_store else MemoryStore()

    def again(self) -> Store:
        """The same store after a restart; for memory the same object."""
        if self._open:
            self.store.close()
            self.store = self._open()
        return self.store


@pytest.fixture(params=["memory", "sqlite"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """Each kind of store, fresh."""
    found = Opened(None if request.param == "memory" else lambda: SqliteStore(tmp_path / "store"))
    yield found
    found.store.close()


def test_rows_come_back_in_order_after_a_restart(opened: Opened) -> None:
    """What was appended is read back, whole and in parts, also after a restart."""
    store = opened.store
    branch = store.open_branch("demo/north")
    assert (store.size(branch), store.read(branch, 0, 0), store.note(branch)) == (0, [], None)
    store.append(branch, 0, rows("a", 3), None)
    store.append(branch, 3, rows("b", 2), b"note 5")
    store = opened.again()
    assert store.size(branch) == 5
    assert store.read(branch, 0, 5) == rows("a", 3) + rows("b", 2)
    assert store.read(branch, 2, 4) == [rows("a", 3)[2], rows("b", 2)[0]]
    assert store.note(branch) == b"note 5"


@pytest.mark.parametrize("first", [0, 2, 4, 99, -1])
def test_rows_that_do_not_follow_are_refused(opened: Opened, first: int) -> None:
    """An append at any place but the end is refused and leaves rows and note as they were."""
    store = opened.store
    branch = store.open_branch("demo/north")
    store.append(branch, 0, rows("a", 3), b"note 3")
    with pytest.raises(StoreError, match="read its size again"):
        store.append(branch, first, rows("b", 2), b"note")
    with pytest.raises(StoreError, match="read its size again"):
        store.append(branch, first, [], b"note")
    assert opened.again().read(branch, 0, 3) == rows("a", 3)
    assert (opened.store.size(branch), opened.store.note(branch)) == (3, b"note 3")


def test_an_append_is_whole_or_not_at_all(opened: Opened) -> None:
    """If its note is refused, none of the rows is there; the next append finds the old size."""
    store = opened.store
    branch = store.open_branch("demo/north")
    store.put_note(branch, 10, b"note 10")
    with pytest.raises(StoreError, match="never sign or keep an older one"):
        store.append(branch, 0, rows("a", 3), b"note 3")
    assert store.size(branch) == 0
    store.append(branch, 0, rows("a", 10), b"note 10 again")
    assert (opened.again().size(branch), opened.store.note(branch)) == (10, b"note 10 again")


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (0, 4), (3, 2), (4, 4), (-2, -1)])
def test_ranges_that_are_not_there_are_refused(opened: Opened, start: int, stop: int) -> None:
    """A read outside the branch is refused, never cut short."""
    branch = opened.store.open_branch("demo/north")
    opened.store.append(branch, 0, rows("a", 3), None)
    with pytest.raises(StoreError, match="ask for fewer"):
        opened.store.read(branch, start, stop)


def test_a_log_has_one_first_branch(opened: Opened) -> None:
    """Opening a log again gives the branch that is there; another log gets another."""
    north, south = opened.store.open_branch("demo/north"), opened.store.open_branch("demo/south")
    assert north != south
    assert opened.again().open_branch("demo/north") == north
    assert opened.store.branches() == [
        BranchInfo(north, "demo/north", None, 0),
        BranchInfo(south, "demo/south", None, 0),
    ]


def test_branches_share_what_came_before_the_fork(opened: Opened) -> None:
    """Each branch reads its ancestors' entries below its fork and its own above, whatever the others do later."""
    store = opened.store
    first = store.open_branch("demo/north")
    store.append(first, 0, rows("a", 5), b"note a")
    second = store.open_branch("demo/north", first, 3)
    assert store.size(second) == 3
    store.append(second, 3, rows("b", 4), b"note b")
    third = store.open_branch("demo/north", second, 6)
    fourth = store.open_branch("demo/north", third, 1)
    whole = store.open_branch("demo/north", first, 0)
    store.append(third, 6, rows("c", 2), None)
    store.append(first, 5, rows("a more", 2), None)
    store.append(whole, 0, rows("e", 1), None)
    store = opened.again()
    a, b, c = rows("a", 5), rows("b", 4), rows("c", 2)
    assert store.read(first, 0, 7) == a + rows("a more", 2)
    assert store.read(second, 0, 7) == a[:3] + b
    assert store.read(third, 0, 8) == a[:3] + b[:3] + c
    assert store.read(third, 2, 7) == a[2:3] + b[:3] + c[:1]
    assert store.read(third, 1, 3) == a[1:3]
    assert store.read(fourth, 0, 1) == a[:1]
    assert store.read(whole, 0, 1) == rows("e", 1)
    assert (store.note(first), store.note(second), store.note(third)) == (b"note a", b"note b", None)
    assert store.branches()[2] == BranchInfo(third, "demo/north", second, 6)


def test_two_forks_at_one_place_are_two_branches(opened: Opened) -> None:
    """A log may show a third history at the same place, so each fork opens a branch of its own."""
    first = opened.store.open_branch("demo/north")
    assert opened.store.open_branch("demo/north", first, 0) != opened.store.open_branch("demo/north", first, 0)


def test_forks_that_cannot_be_are_refused(opened: Opened) -> None:
    """A fork has a parent of the same log, with that many entries."""
    store = opened.store
    first = store.open_branch("demo/north")
    store.append(first, 0, rows("a", 2), None)
    wrong: list[tuple[str, int | None, int]] = [
        ("demo/north", first, 3),
        ("demo/north", first, -1),
        ("demo/south", first, 1),
        ("demo/north", 99, 0),
        ("demo/north", None, 1),
    ]
    for arguments in wrong:
        with pytest.raises(StoreError, match="; "):
            store.open_branch(*arguments)
    assert len(opened.again().branches()) == 1


def test_a_branch_that_was_never_opened_is_refused(opened: Opened) -> None:
    """Every question about an unknown branch is refused."""
    store = opened.store
    questions: list[Callable[[], object]] = [
        lambda: store.size(1),
        lambda: store.append(1, 0, rows("a", 1), None),
        lambda: store.read(1, 0, 0),
        lambda: store.put_note(1, 0, b"note"),
        lambda: store.note(1),
    ]
    for question in questions:
        with pytest.raises(StoreError, match="open it first"):
            question()


def test_the_newest_note_stays(opened: Opened) -> None:
    """A note of the same or a larger size takes the place of the kept one; a smaller one is refused aloud."""
    store = opened.store
    branch = store.open_branch("demo/north")
    for size, note in ((5, b"five"), (5, b"five again"), (9, b"nine")):
        store.put_note(branch, size, note)
        assert store.note(branch) == note
    with pytest.raises(StoreError, match="never sign or keep an older one"):
        store.put_note(branch, 8, b"eight")
    assert opened.again().note(branch) == b"nine"


def test_evidence_and_settings_stay(opened: Opened) -> None:
    """Evidence is kept once a pair and in order; a setting keeps its newest value; both survive a restart."""
    store = opened.store
    for pair in ((b"a", b"b"), (b"c", b"d"), (b"a", b"b")):
        store.put_evidence("demo/north", *pair)
    store.put("cosigned/demo/north", b"5")
    store.put("cosigned/demo/north", b"6")
    store = opened.again()
    assert store.evidence("demo/north") == [(b"a", b"b"), (b"c", b"d")]
    assert (store.evidence("demo/south"), store.get("other")) == ([], None)
    assert store.get("cosigned/demo/north") == b"6"


def everything(store: Store) -> list[object]:
    """All that a store would say."""
    read = [(store.size(each.id), store.read(each.id, 0, store.size(each.id))) for each in store.branches()]
    notes = [store.note(each.id) for each in store.branches()]
    return [store.branches(), read, notes, store.evidence("demo/north"), store.get("key")]


def write_all(store: Store, north: int) -> None:
    """One write of every kind; the rows are seen at once by whoever writes."""
    store.append(north, 3, rows("b", 2), b"note 5")
    fork = store.open_branch("demo/north", north, 4)
    store.append(fork, 4, rows("c", 1), None)
    south = store.open_branch("demo/south")
    store.append(south, 0, rows("d", 1), None)
    store.put_note(south, 1, b"note d")
    store.put_evidence("demo/north", b"a", b"b")
    store.put("key", b"new")
    assert (store.size(north), store.size(fork), store.size(south)) == (5, 5, 1)


def test_what_is_written_together_is_there_together(opened: Opened) -> None:
    """Writes of every kind, to several branches and to one that is opened on the way, are there after a restart."""
    north = opened.store.open_branch("demo/north")
    opened.store.append(north, 0, rows("a", 3), b"note 3")
    with opened.store.together():
        write_all(opened.store, north)
    written = everything(opened.store)
    assert written[3:] == [[(b"a", b"b")], b"new"] and everything(opened.again()) == written


@pytest.mark.parametrize("error", [StoreError, KeyError, KeyboardInterrupt])
def test_of_what_fails_together_nothing_is_there(opened: Opened, error: type[BaseException]) -> None:
    """If anything fails before the end, none of it was written, and the store goes on."""
    store = opened.store
    north = store.open_branch("demo/north")
    store.append(north, 0, rows("a", 3), b"note 3")
    store.put("key", b"old")
    before = everything(store)
    with pytest.raises(error), store.together():
        write_all(store, north)
        raise error
    assert everything(store) == before
    with pytest.raises(StoreError, match="read its size again"), store.together():
        write_all(store, north)
        store.append(north, 3, rows("e", 1), None)
    assert everything(store) == before
    store.append(north, 3, rows("f", 1), None)
    assert opened.again().size(north) == 4


def test_a_closed_store_refuses_everything(opened: Opened) -> None:
    """After close every call but close is refused."""
    store = opened.store
    branch = store.open_branch("demo/north")
    store.close()
    store.close()
    questions: list[Callable[[], object]] = [
        store.branches,
        lambda: store.together().__enter__(),
        lambda: store.open_branch("demo/north"),
        lambda: store.size(branch),
        lambda: store.append(branch, 0, [], None),
        lambda: store.read(branch, 0, 0),
        lambda: store.put("key", b""),
        lambda: store.get("key"),
        lambda: store.put_evidence("demo/north", b"", b""),
        lambda: store.evidence("demo/north"),
    ]
    for question in questions:
        with pytest.raises(StoreError, match="closed"):
            question()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["open", "append", "note", "read"]), st.integers(0, 4), st.integers(-1, 6), st.integers(0, 4)
    ),
    max_size=25,
)


def outcome(store: Store, step: tuple[str, int, int, int]) -> object:
    """What one step answers, or that it is refused, in words."""
    kind, branch, place, count = step
    try:
        if kind == "open":
            return store.open_branch("demo/north", branch or None, place)
        if kind == "append":
            store.append(branch, place, rows(str(step), count), b"note %d" % place if count % 2 else None)
        if kind == "note":
            store.put_note(branch, place, b"kept %d" % place)
        return store.read(branch, place, place + count)
    except StoreError as error:
        return str(error)


@settings(max_examples=deep(60, 25))
@given(STEPS)
def test_both_stores_answer_alike(steps: list[tuple[str, int, int, int]]) -> None:
    """Whatever is asked of them, memory and disk give the same answers and the same refusals."""
    with tempfile.TemporaryDirectory() as folder:
        memory, disk = MemoryStore(), SqliteStore(Path(folder) / "store")
        for step in steps:
            assert outcome(memory, step) == outcome(disk, step)
        assert [memory.note(each.id) for each in memory.branches()] == [disk.note(each.id) for each in disk.branches()]
        disk.close()
