"""What the tree promises about itself: pure rooms, short files and functions, no leaks, assertions that fire."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from source_tree import ROOT, Function, files, functions, name, parsed, under

PURE_ROOMS = ("src/comity/model", "src/comity/rules", "src/comity/airspace", "src/comity/views")
CLOCKS = {"now", "utcnow", "today"}
DEEDS = {"open", "print", "input", "eval", "exec", "compile", "__import__", "breakpoint"}
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50
TABLES: set[str] = set()  # files of src that are one long table, and so may be longer
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("proxy", "golang", "org"),
        ("sum", "golang", "org"),
        ("crates", "io"),
    )
]
INDEX_OPTIONS = re.compile(r"^\s*(-i|--(extra-)?index-url|--find-links|-f|--trusted-host)[ =]", re.MULTILINE)
COMMON_FOLDERS = {"tmp", "var", "usr", "opt", "srv", "etc", "mnt", "run"}


def impurities(tree: ast.Module) -> list[str]:
    """Each clock reading and each deed in a pure room, with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            found.append(f"line {node.lineno}: reads a clock ({node.attr})")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DEEDS:
            found.append(f"line {node.lineno}: calls {node.func.id}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "fromtimestamp":
            zoneless = len(node.args) + len(node.keywords) < 2
            found += [f"line {node.lineno}: reads the machine's time zone (fromtimestamp)"] * zoneless
    return found


def length(function: Function) -> int:
    """Lines from the name to the end, the docstring not counted."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_pure_rooms_do_nothing() -> None:
    """No function of a pure room reads a clock, opens a file, prints or runs text as code."""
    found = [f"{name(path)} {what}" for path in under(*PURE_ROOMS, suffix=".py") for what in impurities(parsed(path))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    ["datetime.now(UTC)", "datetime.utcnow()", "date.today()", "open('x')", "print(1)", "datetime.fromtimestamp(1)"],
)
def test_impurity_is_found(line: str) -> None:
    """The search for impurities finds each kind where it stands."""
    assert [found[:7] for found in impurities(ast.parse(f"\n{line}\n"))] == ["line 2:"]


def test_files_are_short() -> None:
    """No Python file of src is over 400 lines, tables apart."""
    long = {name(path): len(path.read_bytes().splitlines()) for path in under("src", suffix=".py")}
    assert not {path: lines for path, lines in long.items() if lines > FILE_LINES_MAX and path not in TABLES}


def test_functions_are_short() -> None:
    """No function of src, tools or tests is over 50 lines."""
    long = [
        f"{name(path)}:{function.lineno} {function.name} has {length(function)} lines"
        for path in under("src", "tools", "tests", suffix=".py")
        for function in functions(parsed(path))
        if length(function) > FUNCTION_LINES_MAX
    ]
    assert not long, "\n".join(long)


def test_every_test_says_the_behaviour() -> None:
    """Every test function has a docstring."""
    silent = [
        f"{name(path)}:{function.lineno} {function.name}"
        for path in under("tests", suffix=".py")
        if path.name.startswith("test_")
        for function in functions(parsed(path))
        if function.name.startswith("test") and not ast.get_docstring(function)
    ]
    assert not silent, "\n".join(silent)


def test_every_module_says_what_it_is() -> None:
    """Every module of src that is not empty opens with a docstring."""
    trees = {name(path): parsed(path) for path in under("src", suffix=".py")}
    assert not [path for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)]


def test_no_registry_host() -> None:
    """No file names the host of a package registry or an option that would."""
    found = []
    for path in files():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{name(path)}: {host}" for host in REGISTRIES if host in text.lower()]
        if path.suffix == ".lock" and INDEX_OPTIONS.search(text):
            found.append(f"{name(path)}: an option that names an index")
    assert not found, "\n".join(found)


def machine_paths(root: Path) -> re.Pattern[str]:
    """Where this checkout lies and the home folders of people, as they would leak into a file."""
    own = [root] if root.parts[1] in COMMON_FOLDERS else [root, root.parent]
    places = [re.escape(str(place)) for place in own if place.name] + ["/root", r"/home/\w+", r"/Users/\w+"]
    return re.compile(rf"(?<![\w.~-])(?:{'|'.join(places)})/")


def test_no_machine_path() -> None:
    """No file says where somebody's checkout or home folder lies."""
    pattern = machine_paths(ROOT)
    found = [
        f"{name(path)}: {match[0]}"
        for path in files()
        if path != Path(__file__).resolve()
        for match in pattern.finditer(path.read_bytes().decode("utf-8", "replace"))
    ]
    assert not found, "\n".join(found)


def test_machine_path_is_found() -> None:
    """The search finds the checkout, its parent and home folders, and nothing in a common folder."""
    pattern = machine_paths(Path("/depot/comity"))
    assert [bool(pattern.search(text)) for text in ("see /depot/x", "in /depot/comity/src", "/home/ann/x")] == [
        True
    ] * 3
    assert not pattern.search("the net/depot/ folder, /tmp/x and depot/comity/")
    assert not machine_paths(Path("/tmp/comity")).search("/tmp/other/file")


def test_assertions_fire() -> None:
    """An assertion fires here and in the Python that the Makefile runs, though the caller asked to drop it."""
    assert __debug__
    surroundings = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    probe = "assertion-probe: ; @$(PYTHON) -c \"assert False, 'it fires'\""
    result = subprocess.run(
        ["make", "--no-print-directory", "--eval", probe, "assertion-probe", f"PYTHON={sys.executable}"],
        cwd=ROOT,
        env=surroundings | {"PYTHONOPTIMIZE": "2"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2
    assert "AssertionError: it fires" in result.stderr


def test_nothing_asks_to_drop_assertions() -> None:
    """Neither the Makefile nor CI sets PYTHONOPTIMIZE or runs Python with -O."""
    for path in [ROOT / "Makefile", *under(".ci", "tools")]:
        text = path.read_bytes().decode("utf-8", "replace")
        assert not re.search(r"PYTHONOPTIMIZE\s*[:?+]?=", text), name(path)
        assert not re.search(r"(python|PYTHON)\S*\s+(-\w+\s+)*-O", text), name(path)
