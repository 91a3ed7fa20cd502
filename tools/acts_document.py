"""Writes docs/acts.md: every act with its keys, an example, and the rules that it must pass in order."""

from __future__ import annotations

from comity.interfaces.cli.act_page import NATURES, example_of, rows_of, sentence_of
from comity.model.acts import ACTS, Act
from comity.rules.table import RULES

HEAD = """# Acts

Generated from the classes and the rules table; `comity act NAME --help` says the same of one act. An officer writes
an act as its name, then `key=value`; the thing that it is about may stand without its key. Signing is a second step:
`comity act` shows the act in words, with every time in UTC, and asks.

Before its own rules every act passes the gate: standing of the key and seat, two officers, passkey, terms in force,
forks, a log that is to end, suspension, preconditions. Numbers that the terms set, such as the longest lease, stand in
[clauses.md](clauses.md); examples are made up.
"""


def acts_document() -> str:
    """The natures, a list of all acts, then a section for each."""
    parts = [HEAD, "| nature | |", "|---|---|"]
    parts += [f"| {nature.value} | {words} |" for nature, words in NATURES.items()]
    parts += ["", "| act | |", "|---|---|"]
    parts += [f"| [`{act.name}`](#{_anchor(act)}) | {sentence_of(act)} |" for act in ACTS]
    for act in ACTS:
        parts += _section(act)
    return "\n".join(parts) + "\n"


def _section(act: type[Act]) -> list[str]:
    rules = ", ".join(rule.__name__.replace("_", " ") for rule in RULES[act])
    lines = [
        "",
        f"## {act.name}",
        "",
        sentence_of(act),
        "",
        f"A {act.nature.value}. Rules: {rules or 'the gate alone'}.",
    ]
    if rows := rows_of(act):
        lines += ["", "| key | what it may be | left out | in an entry's JSON |", "|---|---|---|---|"]
        lines += [f"| `{row['key']}` | {row['what']} | {row['left out']} | {row['member']} |" for row in rows]
    if example := example_of(act):
        lines += ["", "```", example, "```"]
    return lines


def _anchor(act: type[Act]) -> str:
    return act.name.replace(".", "")
