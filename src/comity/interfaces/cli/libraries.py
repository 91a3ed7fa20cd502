"""What libraries say of themselves, told on stderr like all else: texts of others stand in it."""

from __future__ import annotations

import logging

from comity.interfaces.cli.speech import complain


class _Told(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        complain(self.format(record))


def hear_libraries() -> None:
    """From now on warnings and errors of libraries reach no terminal unescaped."""
    logging.basicConfig(level=logging.WARNING, handlers=[_Told()], force=True)
