"""Where the agreement files and the scenarios are: in the installed package, else in the source tree."""

from __future__ import annotations

from pathlib import Path

import comity
from comity.model.errors import Misuse

_PACKAGE = Path(comity.__file__).parent
GIVEN = "given"


def folder(name: str) -> Path:
    """The folder `agreements` or `scenarios`."""
    for place in (_PACKAGE / name, _PACKAGE.parent.parent / name):
        if place.is_dir():
            return place
    raise Misuse(f"the folder {name} is not installed; install comity again, or run it in its source tree")


def agreement_text(name: str) -> str:
    """The text of a shipped agreement file; raises Misuse."""
    path = folder("agreements") / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in folder("agreements").glob("*.toml")))
        raise Misuse(f"there is no agreement {name}; known are {known}")
    return path.read_text("utf-8")


def given_path(name: str, near: Path) -> Path:
    """The file of a given beginning: beside the scenario that names it, else in the library; raises Misuse."""
    places = [parent / GIVEN for parent in near.parents] + [folder("scenarios") / GIVEN]
    for place in places:
        path = place / f"{name}.given"
        if path.is_file():
            return path
    raise Misuse(f"{near.name}: there is no given beginning {name}; write it as {GIVEN}/{name}.given")
