"""Cases of every release verify for ever, with the product and with the single file.

A golden case is never made anew: if it no longer verifies, the software is wrong. New ones are added beside the old
by running these tests with COMITY_REWRITE=1, which writes only what is missing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from case.single_file import both
from case.world import forked_case, full_case, own_log_case, small_story
from comity.interfaces.case import verify_case

FOLDER = Path(__file__).parent / "golden"
MAKERS: dict[str, Callable[[], tuple[bytes, str]]] = {
    "all-claims-0.1": lambda: (full_case(small_story("golden")), small_story("golden").world.terms),
    "forked-0.1": lambda: forked_case("golden"),
    "amended-0.1": lambda: own_log_case("golden"),
}


def written() -> list[str]:
    """The names of the golden cases; with COMITY_REWRITE=1 the missing ones are made first."""
    if os.environ.get("COMITY_REWRITE") == "1":
        FOLDER.mkdir(exist_ok=True)
        for name, maker in MAKERS.items():
            if not (FOLDER / f"{name}.comity").exists():
                case, fingerprint = maker()
                (FOLDER / f"{name}.comity").write_bytes(case)
                (FOLDER / f"{name}.fingerprint").write_text(f"{fingerprint}\n")
    return sorted(path.stem for path in FOLDER.glob("*.comity"))


@pytest.mark.parametrize("stem", written())
def test_golden_cases_verify_for_ever(stem: str) -> None:
    """A case of an earlier release is proven by today's software, every check of it."""
    data = (FOLDER / f"{stem}.comity").read_bytes()
    fingerprint = (FOLDER / f"{stem}.fingerprint").read_text().strip()
    report = verify_case(data, fingerprint)
    assert report.outcome == "proven", report
    assert all(result == "ok" for _, _, result in both(data, fingerprint))
    assert verify_case(data, fingerprint[::-1]).exit_code == 1


def test_every_kind_is_kept() -> None:
    """There is a golden case of each kind that this release makes."""
    assert set(MAKERS) <= set(written())
