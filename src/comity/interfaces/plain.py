"""Text as a screen may show it: what is signed is what was read.

Signs that move the cursor, colour the screen, end a line or turn the direction of writing stand as \\u001b, as JSON
writes them; letters of every script, and the joiners that some scripts need, stay as they are.
"""

from __future__ import annotations

from unicodedata import category

LINES = "\n\t\r"
_JOINERS = "\u200c\u200d"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def plain(text: str, keeping: str = "") -> str:
    """The text with every sign escaped that a screen does not show; `keeping` names those that may stay."""
    if text.isprintable():
        return text
    return "".join(each if each in keeping or not _is_hidden(each) else _escaped(each) for each in text)


def hidden_sign(text: str) -> str | None:
    """The first sign that no screen shows and that ends no line."""
    return next((each for each in text if each not in LINES and _is_hidden(each)), None)


def _is_hidden(sign: str) -> bool:
    return category(sign) in _HIDDEN and sign not in _JOINERS


def _escaped(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
