"""Plays scenario files: each block must give its result, and at the end all offices must agree in any order.

Invariant: a play depends on the file, its given beginnings and its agreement, and on nothing else.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from comity.interfaces import words
from comity.interfaces.play.cast import with_pins
from comity.interfaces.play.desk import Properties
from comity.interfaces.play.library import agreement_text, given_path
from comity.interfaces.play.orders import ORDERS_LEAST, Reordered, reorder
from comity.interfaces.play.script import Block, Script, parse_script
from comity.interfaces.play.stage import Said, Stage
from comity.interfaces.play.station import NewStore
from comity.interfaces.play.world import World, in_memory
from comity.model.errors import Malformed, Misuse
from comity.model.history import History

GIVEN_DEPTH_MOST = 4
ALL_ADMITTED = ("every act admitted",)


@dataclass(frozen=True, slots=True)
class Difference:
    """A result that came out otherwise than the file says."""

    file: str
    line: int
    expected: tuple[str, ...]
    got: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.file}:{self.line}: another result"]
        return "\n".join(
            [*lines, *(f"  expected {each}" for each in self.expected), *(f"  got      {each}" for each in self.got)]
        )


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one scenario file. `verdicts` are those of the file itself, in order."""

    path: Path
    title: str
    differences: tuple[Difference, ...]
    verdicts: tuple[Said, ...]
    entries: int
    reordered: Reordered | None
    rewritten: bool = False

    @property
    def ok(self) -> bool:
        """Whether all came out as the file says."""
        return not self.differences and not (self.reordered and self.reordered.problems)

    @property
    def report(self) -> str:
        """Every difference, in words."""
        problems = [f"{self.path.name}: {each}" for each in (self.reordered.problems if self.reordered else ())]
        return "\n".join([*map(str, self.differences), *problems])


@dataclass(slots=True)
class Options:
    """How to play: whether results are written into the file, how many other orders are tried, and names changed."""

    rewrite: bool = False
    orders: int = ORDERS_LEAST
    renamed: dict[str, str] = field(default_factory=dict)
    edit_agreement: Callable[[str], str] = str
    new_store: NewStore = in_memory


def play(
    paths: Iterable[Path], options: Options | None = None, progress: Callable[[Played], None] | None = None
) -> list[Played]:
    """Plays each file and says what came out; raises Misuse for a file that cannot be read as a scenario."""
    results = []
    for path in paths:
        played = play_file(path, options or Options())
        if progress is not None:
            progress(played)
        results.append(played)
    return results


def play_file(path: Path, options: Options) -> Played:
    """Plays one file."""
    script = read_script(path)
    chain = [*_given(path, script, 0), (path, script)]
    stage = _stage(path, chain, options)
    try:
        return _play(stage, path, chain, options)
    finally:
        stage.world.close()


def _play(stage: Stage, path: Path, chain: list[tuple[Path, Script]], options: Options) -> Played:
    script = chain[-1][1]
    differences: list[Difference] = []
    for each_path, each in chain[:-1]:
        _set_clock(stage, each)
        for block in each.blocks:
            _, difference = _play_block(stage, each_path, block)
            differences += [difference] if difference is not None else []
    settled = _settle(stage)
    given = len(stage.verdicts)
    blocks: dict[int, Block] = {}
    _set_clock(stage, script)
    for block in script.blocks:
        came, difference = _play_block(stage, path, block)
        if difference is not None:
            blocks[block.line] = block.giving(came)
            differences.append(difference)
    differences += _end(stage, path, script)
    rewritten = options.rewrite and bool(blocks)
    if rewritten:
        path.write_text(script.with_blocks(blocks).text, "utf-8")
        differences = [each for each in differences if each.line not in {b.expected_line for b in script.blocks}]
    history = _fullest(stage)
    reordered = None
    if options.orders and history is not None:
        seed = zlib.crc32(path.name.encode())
        reordered = reorder(history, stage.world.founding, settled, seed, options.orders)
    verdicts = tuple(stage.verdicts[given:])
    entries = len(history.entries) if history is not None else 0
    return Played(path, script.head["title"], tuple(differences), verdicts, entries, reordered, rewritten)


def read_script(path: Path) -> Script:
    """The script in a file; raises Misuse."""
    try:
        return parse_script(path.name, path.read_text("utf-8"))
    except OSError as error:
        raise Misuse(f"{path} cannot be read: {(error.strerror or str(error)).lower()}; check its name") from None
    except UnicodeDecodeError:
        raise Misuse(f"{path} cannot be read: it is not UTF-8 text; name a scenario file") from None


def _given(path: Path, script: Script, depth: int) -> list[tuple[Path, Script]]:
    if depth > GIVEN_DEPTH_MOST:
        raise Misuse(f"{path.name}: given beginnings rest on each other more than {GIVEN_DEPTH_MOST} deep")
    chain: list[tuple[Path, Script]] = []
    for name in script.listed("given"):
        found = given_path(name, path)
        inner = read_script(found)
        chain += [*_given(found, inner, depth + 1), (found, inner)]
    return chain


def _stage(path: Path, chain: list[tuple[Path, Script]], options: Options) -> Stage:
    head: dict[str, str] = {}
    for _, script in reversed(chain):
        head |= script.head | head
    if "agreement" not in head or "clock" not in chain[0][1].head:
        raise Misuse(f"{path.name}:1: the head names no agreement or no clock, nor does its given beginning; add them")
    text = with_pins(options.edit_agreement(agreement_text(head["agreement"])))
    now_ms = words.moment_ms(chain[0][1].head["clock"], 0)
    return Stage(World(text.encode(), now_ms, options.new_store), Properties(renamed=dict(options.renamed)))


def _set_clock(stage: Stage, script: Script) -> None:
    if "clock" in script.head:
        stage.world.now_ms = max(stage.world.now_ms, words.moment_ms(script.head["clock"], 0))


def _play_block(stage: Stage, path: Path, block: Block) -> tuple[tuple[str, ...], Difference | None]:
    try:
        lines, quiet = stage.play([step.text for step in block.steps])
    except (Misuse, Malformed) as error:
        raise Misuse(f"{path.name}:{block.line}: {error}") from None
    got = tuple(lines)
    if (block.expected is None and quiet) or block.expected == got:
        return got, None
    return got, Difference(path.name, block.expected_line, block.expected or ALL_ADMITTED, got)


def _settle(stage: Stage) -> int:
    history = _fullest(stage)
    return len(history.entries) if history is not None else 0


def _end(stage: Stage, path: Path, script: Script) -> list[Difference]:
    """Whatever was cut is healed: all offices must end with the same entries and the same verdicts."""
    world = stage.world
    for office in world.stations.values():
        office.is_cut = False
    world.sync(world.stations)
    got = (*world.differences(), *world.audit())
    line = len(script.text.split("\n")) - 1
    return [Difference(path.name, line, ("all offices hold the same and judge it the same",), got)] if got else []


def _fullest(stage: Stage) -> History | None:
    histories = [office.history for office in stage.world.stations.values()]
    return max(histories, key=lambda history: len(history.entries), default=None)
