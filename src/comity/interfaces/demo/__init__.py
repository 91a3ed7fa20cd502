"""The demo: a day of the agreement between three real offices on this machine, at speed, then proven."""

from __future__ import annotations


def run(headless: bool) -> int:
    """Plays the day; exit code 0 only if all roots agree, every audit is as expected and the case is proven."""
    from comity.interfaces.demo.day import run_day

    return run_day(headless)
