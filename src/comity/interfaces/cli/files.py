"""Files named on the command line: read whole and bounded, written once and never over another.

Not trusted: whatever lies at a path. Raises Misuse with the path and what to do.
"""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from comity.model.errors import Misuse

PUBLIC_MODE = 0o644
BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_file(name: str | Path, most_bytes: int) -> bytes:
    """The bytes of a plain file, at most so many; a pipe or a device is not waited for."""
    path = Path(name)
    try:
        check_plain(path)
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except FileNotFoundError:
        raise Misuse(f"there is no file {path}; check its name") from None
    except (OSError, ValueError) as error:
        raise Misuse(f"{path} cannot be read: {_said(error)}; name a file that you may read") from None
    if len(data) > most_bytes:
        raise Misuse(f"{path} has more than {most_bytes} bytes, which nothing here has; name the right file")
    return data


def check_plain(name: str | Path) -> None:
    """Accepts a plain file, or nothing at all; Misuse for a folder, a pipe, a socket or a device."""
    path = Path(name)
    if path.is_dir():
        raise Misuse(f"{path} is a folder; name a file")
    if path.exists() and not path.is_file():
        raise Misuse(f"{path} is a pipe or a device, no plain file; copy what it gives into a file, and name that")


def read_text_bytes(name: str | Path, most_bytes: int) -> bytes:
    """The bytes of a file that is to be read as text; Misuse for a byte order mark, which would be part of them."""
    data = read_file(name, most_bytes)
    if data.startswith(BYTE_ORDER_MARKS):
        raise Misuse(f"{name} begins with a byte order mark; save it as UTF-8 without one (plain UTF-8)")
    return data


def read_text(name: str | Path, most_bytes: int) -> str:
    """The UTF-8 text of a plain file."""
    try:
        return read_text_bytes(name, most_bytes).decode("utf-8")
    except UnicodeDecodeError:
        raise Misuse(f"{name} is not UTF-8 text; name the right file") from None


def write_new(name: str | Path, data: bytes, mode: int = PUBLIC_MODE) -> None:
    """Writes a new file durably; Misuse if one is there."""
    path = Path(name)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise Misuse(f"{path} exists already and is not written over; name another, or move it away") from None
    except (OSError, ValueError) as error:
        raise Misuse(f"{path} cannot be written: {_said(error)}; name a place that you may write to") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _said(error: Exception) -> str:
    return ((error.strerror or "") if isinstance(error, OSError) else "").lower() or str(error).lower()
