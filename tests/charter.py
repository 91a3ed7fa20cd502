"""The charter words: Comity restrains, and has no name for what it refuses to hold.

A word counts as a whole word, in each of its forms, also as a part of a snake_case or camelCase name.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from itertools import pairwise

FORMS = {
    "target": "target targets targeted targeting",
    "engage": "engage engages engaged engaging engagement engagements",
    "kill": "kill kills killed killing",
    "nominate": "nominate nominates nominated nominating nomination nominations",
    "enemy": "enemy enemies",
    "strike package": "strike_package strike_packages",
}
BANNED = {form.replace("_", " "): word for word, forms in FORMS.items() for form in forms.split()}
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def charter_words(text: str) -> list[str]:
    """The charter words in a text, each as the charter names it, in order."""
    parts = [part.lower() for part in PART.findall(text)]
    pairs = [" ".join(pair) for pair in pairwise(parts)]
    return [BANNED[phrase] for phrase in [*parts, *pairs] if phrase in BANNED]


def python_texts(source: str) -> Iterator[tuple[int, str]]:
    """Every name that a Python source defines, every string and every comment, with its line.

    Names only used are not ours to choose (the keyword of a library's function, a method of its class);
    our own are seen where they are defined.
    """
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Constant(value=str(text)):
                yield line, text
            case ast.Constant(value=bytes(text)):
                yield line, text.decode("utf-8", "replace")
            case (
                ast.FunctionDef(name=str(text))
                | ast.AsyncFunctionDef(name=str(text))
                | ast.ClassDef(name=str(text))
                | ast.arg(arg=str(text))
                | ast.alias(asname=str(text))
                | ast.ExceptHandler(name=str(text))
                | ast.MatchAs(name=str(text))
                | ast.MatchStar(name=str(text))
                | ast.MatchMapping(rest=str(text))
                | ast.Name(id=text, ctx=ast.Store())
                | ast.Attribute(attr=text, ctx=ast.Store())
            ):
                yield line, text
            case _:
                pass
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
