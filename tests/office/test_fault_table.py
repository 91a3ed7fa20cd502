"""The page on faults names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_named_tests_of_faults_exist() -> None:
    """Every row of docs/faults.md names tests, and each of them stands in the tree."""
    page = (ROOT / "docs" / "faults.md").read_text("utf-8")
    written = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| fault ")]
    assert len(rows) > 20
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row.split("|")[3])
        assert named, row
        assert set(named) <= written, sorted(set(named) - written)
