"""How a wrong rule is planted: in every place where the code holds the right one, and only while a test asks for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import ModuleType
from typing import Any

from comity.model.verdict import Refusal
from comity.rules import gate, table
from comity.rules.case import Case, Rule

Planted = Callable[[], AbstractContextManager[None]]


def admit(case: Case) -> Refusal | None:
    """A rule that never refuses."""
    return None


def dropped(*rules: Rule) -> Planted:
    """These rules refuse nothing any more, wherever the tables name them."""
    return lambda: _in_rows({rule: admit for rule in rules})


def exchanged(right: Rule, wrong: Rule) -> Planted:
    """A rule of the tables is another one."""
    return lambda: _in_rows({right: wrong})


def replaced(right: Callable[..., Any], wrong: Callable[..., Any]) -> Planted:
    """A function is another one in every module of ours that knows it by name."""

    @contextmanager
    def plant() -> Iterator[None]:
        places = [(module, name) for module in _modules() for name, value in vars(module).items() if value is right]
        assert places, f"nobody knows {right.__name__}"
        for module, name in places:
            setattr(module, name, wrong)
        try:
            yield
        finally:
            for module, name in places:
                setattr(module, name, right)

    return plant


def altered(owner: type, name: str, wrong: Any) -> Planted:
    """A method or property of a class is another one."""

    @contextmanager
    def plant() -> Iterator[None]:
        right = owner.__dict__[name]
        setattr(owner, name, wrong)
        try:
            yield
        finally:
            setattr(owner, name, right)

    return plant


def entered(mapping: dict[Any, Any], key: Any, wrong: Any) -> Planted:
    """An entry of a table is another one."""

    @contextmanager
    def plant() -> Iterator[None]:
        right = mapping[key]
        mapping[key] = wrong
        try:
            yield
        finally:
            mapping[key] = right

    return plant


def together(*plants: Planted) -> Planted:
    """Several wrong rules that only do harm together."""

    @contextmanager
    def plant() -> Iterator[None]:
        with ExitStack() as stack:
            for each in plants:
                stack.enter_context(each())
            yield

    return plant


@contextmanager
def _in_rows(wrong: dict[Rule, Rule]) -> Iterator[None]:
    rows, gated = dict(table.RULES), gate.GATE
    named = {rule for row in (*rows.values(), gated) for rule in row}
    assert set(wrong) <= named, f"no row names {[rule.__name__ for rule in set(wrong) - named]}"
    for act, row in rows.items():
        table.RULES[act] = tuple(wrong.get(rule, rule) for rule in row)
    holders = [module for module in _modules() if vars(module).get("GATE") is gated]
    for module in holders:
        vars(module)["GATE"] = tuple(wrong.get(rule, rule) for rule in gated)
    try:
        yield
    finally:
        table.RULES.update(rows)
        for module in holders:
            vars(module)["GATE"] = gated


def _modules() -> list[ModuleType]:
    return [module for name, module in list(sys.modules.items()) if name.startswith(("comity.", "laws."))]
