"""The tree as the tests about the tree see it: which files belong to it, and their syntax trees.

Inside a clone, what git tracks or would track; in an unpacked archive, everything but hidden and built folders.
"""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = {"build", "dist", "node_modules", "__pycache__"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Every file of the tree that exists, sorted."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        candidates = [ROOT / name for name in listing.split("\0") if name]
    else:
        candidates = [path for path in ROOT.rglob("*") if not _is_built(path.relative_to(ROOT))]
    return tuple(sorted(path for path in candidates if path.is_file()))


def under(*folders: str, suffix: str = "") -> list[Path]:
    """The files of the tree below any of these folders, named from the root."""
    roots = [ROOT / folder for folder in folders]
    return [path for path in files() if path.name.endswith(suffix) and any(map(path.is_relative_to, roots))]


def name(path: Path) -> str:
    """The path as people and git write it."""
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_bytes(), filename=str(path))


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function and method, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _is_built(relative: Path) -> bool:
    return any(part in BUILT or (part.startswith(".") and part != ".ci") for part in relative.parts)
