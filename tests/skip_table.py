"""A pytest plugin: ends a run with a table of what was skipped and why, and fails it for a reason not on the list.

Invariants: a test expected to fail counts as skipped; under xdist only the controller counts, so each skip counts once.
The list is the file named by the ini option `skip_list`: one `reason: why it is acceptable` a line, `#` for comments.
"""

from collections import Counter
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the ini option that names the list."""
    parser.addini("skip_list", "file of acceptable reasons for a skip, from the root of the tree", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Start the table, on the process that talks to the person only."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipTable(_listed_reasons(config)), "skip-table")


class SkipTable:
    """The skips of one run."""

    def __init__(self, listed: frozenset[str]) -> None:
        self._listed = listed
        self._counts: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a skipped test."""
        if report.skipped:
            self._counts[_reason(report)] += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Count a file skipped as a whole."""
        if report.skipped:
            self._counts[_reason(report)] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail an otherwise green run for a reason not on the list."""
        if self._unlisted() and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table."""
        terminalreporter.section("skipped, and why")
        if not self._counts:
            terminalreporter.line("nothing was skipped")
        for reason, count in sorted(self._counts.items()):
            mark = "" if reason in self._listed else "  NOT ON THE LIST"
            terminalreporter.line(f"{count:5}  {reason}{mark}")
        if self._unlisted():
            terminalreporter.line(
                f"the run fails: {len(self._unlisted())} reason(s) not on the list; let the test run, "
                "or add its reason to the skip list with a sentence why",
                red=True,
            )

    def _unlisted(self) -> list[str]:
        return sorted(set(self._counts) - self._listed)


def _listed_reasons(config: pytest.Config) -> frozenset[str]:
    name = str(config.getini("skip_list"))
    if not name:
        return frozenset()
    lines = (config.rootpath / Path(name)).read_text("utf-8").splitlines()
    entries = [line.partition(": ") for line in lines if line.strip() and not line.startswith("#")]
    for reason, _, why in entries:
        if not why.strip():
            raise pytest.UsageError(f"{name}: {reason!r} has no sentence why; write `reason: why`")
    return frozenset(reason for reason, _, _ in entries)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    expected_to_fail = getattr(report, "wasxfail", None)
    if expected_to_fail is not None:
        return f"expected to fail: {expected_to_fail.removeprefix('reason: ')}"
    text = report.longrepr[2] if isinstance(report.longrepr, tuple | list) else str(report.longrepr)
    return str(text).removeprefix("Skipped: ")
