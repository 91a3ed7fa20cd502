"""A scenario file: a head of `key: value` lines, then prose, and blocks of steps with the result they must have.

    title: the drafter of a request may not consent to it
    agreement: jig-2016

    # Prose says what happens and why.
    us.operations p1 = operation.propose operation=op-1
        area=a-1 group=coordinated-1 executing=us
    ----
    admitted

A block ends at a blank line. Without `----` every act of the block must be admitted. A step goes on in lines that
begin with a space. Invariant: `Script.text` gives back what `parse_script` read, byte for byte.
Not trusted: the text; `parse_script` raises Misuse with file and line.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from comity.model.errors import Misuse

RESULT = "----"
LINES_MOST = 5_000
HEAD_KEYS = frozenset(
    {"title", "laws", "provisions", "holds", "refuses", "warns", "ontime", "late", "agreement", "clock", "given"}
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, its continuation lines joined; `line` is where it begins."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Steps, and the lines that they must give; `expected` None means that every act is admitted."""

    line: int
    source: tuple[str, ...]
    steps: tuple[Step, ...]
    expected: tuple[str, ...] | None
    expected_line: int

    @property
    def lines(self) -> tuple[str, ...]:
        """The block as it stands in the file."""
        return self.source if self.expected is None else (*self.source, RESULT, *self.expected)

    def giving(self, lines: tuple[str, ...]) -> Block:
        """The block with another result."""
        return replace(self, expected=lines)


@dataclass(frozen=True, slots=True)
class Script:
    """A parsed scenario; `parts` are blocks and the lines between them, in the order of the file."""

    name: str
    head: dict[str, str]
    head_lines: tuple[str, ...]
    parts: tuple[Block | str, ...] = field(default=())

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks in order."""
        return tuple(part for part in self.parts if isinstance(part, Block))

    @property
    def text(self) -> str:
        """The file's text: the inverse of `parse_script`."""
        lines = list(self.head_lines)
        for part in self.parts:
            lines.extend(part.lines if isinstance(part, Block) else (part,))
        return "".join(f"{line}\n" for line in lines)

    def listed(self, key: str) -> tuple[str, ...]:
        """The words of a head line that holds a list."""
        return tuple(word.strip() for word in self.head.get(key, "").split(",") if word.strip())

    def with_blocks(self, blocks: dict[int, Block]) -> Script:
        """The script with some blocks replaced, by the line at which they begin."""
        parts = tuple(blocks.get(part.line, part) if isinstance(part, Block) else part for part in self.parts)
        return replace(self, parts=parts)


def parse_script(name: str, text: str) -> Script:
    """The script that a text holds; raises Misuse naming file, line and remedy."""
    if not text.endswith("\n"):
        raise Misuse(f"{name}: the last line has no end; add a line break")
    lines = text[:-1].split("\n")
    if len(lines) > LINES_MOST:
        raise Misuse(f"{name}: {len(lines)} lines, the most is {LINES_MOST}; write several scenarios")
    odd = next((number for number, line in enumerate(lines, 1) if line != line.rstrip() or "\t" in line), None)
    if odd is not None:
        raise Misuse(f"{name}:{odd}: the line has a tab or ends in white space; remove it")
    end = lines.index("") if "" in lines else len(lines)
    head = _head(name, lines[:end])
    return Script(name, head, tuple(lines[:end]), tuple(_parts(name, lines, end)))


def _head(name: str, lines: list[str]) -> dict[str, str]:
    head: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            continue
        key, colon, value = line.partition(": ")
        if not colon or key not in HEAD_KEYS or not value.strip():
            known = ", ".join(sorted(HEAD_KEYS))
            raise Misuse(f"{name}:{number}: {line!r} is no head line; write `key: value` with one of {known}")
        if key in head:
            raise Misuse(f"{name}:{number}: {key} stands twice in the head; join the two")
        head[key] = value.strip()
    if "title" not in head:
        raise Misuse(f"{name}:1: the head has no title; say in one line what the scenario shows")
    return head


def _parts(name: str, lines: list[str], start: int) -> list[Block | str]:
    parts: list[Block | str] = []
    at = start
    while at < len(lines):
        if not lines[at] or lines[at].startswith("#"):
            parts.append(lines[at])
            at += 1
            continue
        end = next((number for number in range(at, len(lines)) if not lines[number]), len(lines))
        parts.append(_block(name, at + 1, lines[at:end]))
        at = end
    return parts


def _block(name: str, line: int, lines: list[str]) -> Block:
    cut = lines.index(RESULT) if RESULT in lines else len(lines)
    steps: list[Step] = []
    for offset, text in enumerate(lines[:cut]):
        if text.startswith("#"):
            continue
        if text.startswith(" "):
            if not steps:
                raise Misuse(f"{name}:{line + offset}: a continuation without a step; begin the step at the margin")
            steps[-1] = replace(steps[-1], text=f"{steps[-1].text} {text.strip()}")
        else:
            steps.append(Step(line + offset, text))
    if not steps:
        raise Misuse(f"{name}:{line}: a result without a step; write the step above {RESULT}")
    expected = tuple(lines[cut + 1 :]) if cut < len(lines) else None
    return Block(line, tuple(lines[:cut]), tuple(steps), expected, line + cut + 1)
