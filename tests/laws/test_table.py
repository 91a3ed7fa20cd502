"""The table of laws and tests is complete and true."""

from __future__ import annotations

import ast
import re
from collections import defaultdict

from laws.table import ELSEWHERE, INVARIANTS, LAWS
from source_tree import ROOT, functions, parsed

NAME = re.compile(r"test_law_(\d\d)_[a-z0-9_]+$")


def law_tests() -> dict[int, list[str]]:
    """The directed tests of each law, by name."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests" / "laws").glob("test_*.py")):
        for function in functions(parsed(path)):
            match = NAME.match(function.name)
            if match is not None:
                found[int(match[1])].append(f"{path.name}::{function.name}")
    return found


def is_there(named: str) -> bool:
    """Whether the file is there, and in it the function or class."""
    file, _, what = named.partition("::")
    path = ROOT / "tests" / file
    if not path.exists():
        return False
    nodes = ast.walk(parsed(path))
    return not what or what in {node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef)}


def test_every_law_has_a_test() -> None:
    """A law without a directed test, here or in the room that it is about, fails the build."""
    tests = law_tests()
    assert [law for law in LAWS if law not in tests and law not in ELSEWHERE] == []
    assert set(tests) | set(ELSEWHERE) <= set(LAWS)


def test_every_invariant_has_a_test() -> None:
    """An invariant that no test names fails the build."""
    assert [invariant for invariant, names in INVARIANTS.items() if not names] == []


def test_named_tests_are_there() -> None:
    """What the table names exists under that name."""
    named = {name for names in (*ELSEWHERE.values(), *INVARIANTS.values()) for name in names}
    assert sorted(name for name in named if not is_there(name)) == []


def test_test_names_are_unique() -> None:
    """Two tests of one name would hide one of them from the teeth."""
    names = [name.partition("::")[2] for tests in law_tests().values() for name in tests]
    assert len(names) == len(set(names))
