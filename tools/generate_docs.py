"""Writes the generated pages of docs/, or with --check says which of them are out of date (exit 1)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from acts_document import acts_document
from cli_document import cli_document
from lives_document import lives_document

from comity.model.terms import Terms
from comity.model.terms_documents import clause_table, schema
from comity.model.terms_file import parse_terms

ROOT = Path(__file__).resolve().parent.parent


def agreement_schema() -> str:
    """The JSON Schema of agreement files."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def clauses() -> str:
    """The clauses of all shipped agreements."""
    agreements = []
    for path in sorted((ROOT / "agreements").glob("*.toml")):
        parsed = parse_terms(path.read_bytes())
        if not isinstance(parsed, Terms):
            raise SystemExit(f"{path.name}: {parsed[0]}")
        agreements.append(parsed)
    return clause_table(agreements)


# The table of generated pages: a new page is one row and one function that returns its text.
DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/agreement.schema.json": agreement_schema,
    "docs/clauses.md": clauses,
    "docs/lives.md": lives_document,
    "docs/acts.md": acts_document,
    "docs/cli.md": cli_document,
}


def main() -> int:
    """Writes or checks every page; tells on stderr what changed or is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is out of date")
    check = parser.parse_args().check
    stale = []
    for name, make in DOCUMENTS.items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name} is out of date; run make docs" if check else f"wrote {name}", file=sys.stderr)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
