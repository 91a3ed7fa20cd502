"""The pages that are made from the tables and the shipped agreements: the schema, and who governs what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from comity.model.parameters import CHAPTERS, GOVERNS, PARAMETERS
from comity.model.terms import Clause, Terms
from comity.model.terms_meanings import MEANINGS

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The published JSON Schema of an agreement file; what it cannot say, `comity agreement check` does."""
    made = msgspec.json.schema(Terms)
    parts = made["$defs"]
    for struct, meanings in MEANINGS.items():
        for field, meaning in meanings.items():
            entry = parts[struct]["properties"][field]
            form = f" ({entry.pop('description')})" if "description" in entry else ""
            parts[struct]["properties"][field] = {"description": meaning + form, **entry}
    parts["Clause"]["properties"]["parameters"] |= {"properties": _numbers(), "additionalProperties": False}
    parts["Clause"]["properties"]["governs"]["items"] = {
        "oneOf": [{"const": rule, "description": meaning} for rule, meaning in GOVERNS.items()]
    }
    for struct, field in (("Floor", "keeps"), ("Precondition", "gates")):
        parts[struct]["properties"][field]["items"] = {"enum": sorted(CHAPTERS)}
    return {"$schema": _DIALECT, "title": "Comity agreement file", **_portable(made)}


def clause_table(agreements: Sequence[Terms], source: str | None = None) -> str:
    """Markdown: every clause of each agreement, what it governs, its numbers, or why it is not enforced.

    `source` is the file that they were read from; without it they are those that are shipped.
    """
    lines = [
        f"# The clauses of {'the shipped agreements' if source is None else source}",
        "",
        f"Generated from `{source or 'agreements/'}`. A clause is *enforced* by the engine's rules that it governs, "
        "*declaratory*, or",
        "left to a *later* chapter of this software. A number in brackets is a default that the file does not state.",
    ]
    for terms in agreements:
        lines += ["", f"## {terms.title}", ""]
        lines += [f"`{source or f'agreements/{terms.id}.toml'}`, edition {terms.edition}. {_flat(terms.source)}", ""]
        lines += ["| clause | provision | status | governs | numbers | answered by |", "|---|---|---|---|---|---|"]
        lines += [_row(clause, terms) for clause in terms.clause]
        absent = [chapter for chapter in sorted(CHAPTERS) if not _provided(terms, chapter)]
        if absent:
            lines += ["", f"Not provided for: {', '.join(absent)}."]
    lines += ["", "## The engine's rules", "", "| rule | what it demands | numbers |", "|---|---|---|"]
    lines += [f"| `{rule}` | {meaning} | {_ranges(rule)} |" for rule, meaning in GOVERNS.items()]
    return "\n".join(lines) + "\n"


def _numbers() -> dict[str, Any]:
    return {
        name: {
            "type": "integer",
            "minimum": each.least,
            "maximum": each.most,
            "default": each.default,
            "description": f"{each.meaning}; belongs to {each.rule}",
        }
        for name, each in PARAMETERS.items()
    }


def _portable(value: Any) -> Any:
    """Patterns as other readers of JSON Schema know them, ended by $; descriptions cut to their first paragraph."""
    if isinstance(value, dict):
        return {key: _first(inner) if key == "description" else _portable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_portable(inner) for inner in value]
    return value.replace("\\Z", "$") if isinstance(value, str) else value


def _first(description: str) -> str:
    return _flat(description.partition("\n\n")[0])


def _row(clause: Clause, terms: Terms) -> str:
    status = clause.status.value if clause.reason is None else f"{clause.status.value}: {_flat(clause.reason)}"
    cells = (
        f"**{clause.id}** {clause.title}",
        clause.provision or "",
        status,
        " ".join(f"`{rule}`" for rule in clause.governs),
        "<br>".join(_stated(clause, terms)),
        ", ".join(clause.answered_by),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _stated(clause: Clause, terms: Terms) -> list[str]:
    own = [name for name, each in PARAMETERS.items() if terms.clause_for(each.rule) == clause.id]
    texts = {name: f"{name} {terms.number(name)}" for name in own}
    return [text if name in clause.parameters else f"({text})" for name, text in texts.items()]


def _provided(terms: Terms, chapter: str) -> bool:
    return any(terms.governed(rule) for rule in GOVERNS if rule.partition(".")[0] == chapter)


def _ranges(rule: str) -> str:
    return "<br>".join(
        f"`{name}` {each.least} to {each.most} {each.unit}, default {each.default}: {each.meaning}"
        for name, each in PARAMETERS.items()
        if each.rule == rule
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
