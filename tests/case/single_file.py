"""The single-file verifier of tools, loaded as a module, and the comparison of its answers with the product's."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from comity.interfaces.case import Report, verify_case
from source_tree import ROOT

VERIFIER = ROOT / "tools" / "verify_case.py"
JUDGED = "12."


def load() -> ModuleType:
    """The tool as a module."""
    name = "single_file_verifier"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, VERIFIER)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def answers(report: Report) -> list[tuple[str, str, str]]:
    """The product's answers about the bytes."""
    return [
        (check.number, check.name, check.result.value) for check in report.checks if not check.number.startswith(JUDGED)
    ]


def both(data: bytes, expected: str | None = None) -> list[tuple[str, str, str]]:
    """The answers of both verifiers about the bytes, which must be equal."""
    report = verify_case(data, expected)
    ours = answers(report)
    theirs = [(check.number, check.name, check.result) for check in load().verify(data, expected)]
    reasons = [check.reason for check in report.checks if check.result.value != "ok"]
    assert ours == theirs, reasons
    return ours


def verdict(data: bytes, expected: str | None = None) -> tuple[str, str] | None:
    """Number and result of the first check that is not ok, on which both verifiers agree."""
    return next(((number, result) for number, _, result in both(data, expected) if result != "ok"), None)
