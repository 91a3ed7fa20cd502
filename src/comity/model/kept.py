"""Answers kept by what they depend on. Never a source of truth: without it every answer is the same, only slower."""

from __future__ import annotations

from typing import Any


class Kept(dict[Any, Any]):
    """A dict that is emptied when it is full."""

    MOST = 20_000

    def __setitem__(self, key: Any, value: Any) -> None:
        if len(self) >= self.MOST:
            self.clear()
        super().__setitem__(key, value)
