"""The line of every value, and files that are spoiled at random."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agreement.samples import SHIPPED, SOUND, answer
from comity.model.terms_problem import Path
from comity.model.toml_lines import lines_of, plainness

TRICKY = '''\
# a comment with [brackets] and "quotes
first = 1
"quoted key" = [ # comment, with comma
  "a, ] [", 'b # no comment',
  [1, 2],

  { x = "}", y = { z = 1 } },
]
dotted . "key\\u0041" .third = """
[not.a.table]
not = "a key" \\
""\\""""
'lit "key"' = \'\'\'
x = 1\'\'\'\'
[table."a.b"]
value = -1
[[list]]
name = "one"
[[list.inner]]
deep = true
[[list.inner]]
[list.inner.table]
deep = false
[[list]]
[list.inner]
name = "two"
'''

EXPECTED: dict[Path, int] = {
    ("first",): 2,
    ("quoted key",): 3,
    ("quoted key", 0): 4,
    ("quoted key", 1): 4,
    ("quoted key", 2): 5,
    ("quoted key", 2, 1): 5,
    ("quoted key", 3): 7,
    ("quoted key", 3, "y", "z"): 7,
    ("dotted", "keyA", "third"): 9,
    ('lit "key"',): 13,
    ("table", "a.b", "value"): 16,
    ("list",): 17,
    ("list", 0, "name"): 18,
    ("list", 0, "inner", 0, "deep"): 20,
    ("list", 0, "inner", 1, "table", "deep"): 23,
    ("list", 1): 24,
    ("list", 1, "inner", "name"): 26,
}


def paths(value: Any, path: Path = ()) -> set[Path]:
    """Every key path of a parsed document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {place for part, inner in items for place in ({(*path, part)} | paths(inner, (*path, part)))}


def test_lines_of_every_form_of_key() -> None:
    """Dotted, quoted and literal keys, nested lists, long texts and tables in lists all have their lines."""
    lines = lines_of(TRICKY)
    assert plainness(TRICKY) is None
    assert set(lines) == paths(tomllib.loads(TRICKY))
    assert {path: lines[path] for path in EXPECTED} == EXPECTED


def test_lines_of_shipped_files() -> None:
    """Every key path of the shipped files has a line on which its key stands."""
    for text in (SOUND, *(path.read_text(encoding="utf-8") for path in SHIPPED)):
        lines = lines_of(text)
        assert set(lines) == paths(tomllib.loads(text))
        rows = text.split("\n")
        assert all(str(path[-1]) in rows[line - 1] for path, line in lines.items() if isinstance(path[-1], str))


KEYS = st.sampled_from(["a", "b", "c", '"d e"', "'f.g'", "1"])
SCALARS = st.sampled_from(["1", '"x # y"', "'''[a]\n= 1'''", '"""\n{\\"\n"""', "true", "0x1f", "''", '"\\\\"'])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[\n " + " ,\n".join(items) + " # end\n]"),
        st.lists(inner.filter(lambda text: "\n" not in text), max_size=2).map(
            lambda items: "{" + ", ".join(f"k{index} = {item}" for index, item in enumerate(items)) + "}"
        ),
    ),
    max_leaves=4,
)
HEADERS = (
    st.lists(KEYS, min_size=1, max_size=3)
    .map(".".join)
    .flatmap(lambda name: st.sampled_from([f"[{name}]", f"[[{name}]]", f"[ {name} ] # note", f" [[{name} ]]"]))
)
PAIRS = st.tuples(st.lists(KEYS, min_size=1, max_size=2).map(" . ".join), VALUES).map(" = ".join)


@given(st.lists(st.one_of(HEADERS, PAIRS, st.just(""), st.just("# [x]")), max_size=8).map("\n".join))
def test_lines_agree_with_the_parser(text: str) -> None:
    """Of any text that the parser takes, exactly the paths that it finds have lines, inside the text."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = lines_of(text)
    assert set(lines) == paths(document)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


PIECES = st.sampled_from(
    [
        *'[]{}"=.,#',
        "'",
        '"""',
        "'''",
        "\n",
        "\\",
        "\r",
        "\0",
        "\u202e",
        "1e999",
        "nan",
        "2016-07-31",
        "-9" * 40,
        "[[clause]]",
        "[[participant]]",
        "[clause]",
        "[floor]",
        "id = 1",
        "true",
        "{}",
        "[]",
    ]
)


@given(st.data())
def test_spoiled_files_give_problems_and_nothing_else(data: st.DataObject) -> None:
    """Whatever is cut, doubled or put into a file, the answer is terms or problems, never an exception."""
    text = SOUND
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        new = data.draw(st.one_of(PIECES, st.text(max_size=5), st.just(text[start:end] * 2)))
        text = text[:start] + new + text[end:]
    answer(text.encode("utf-8", "surrogatepass"))


@given(st.data())
def test_any_value_anywhere_gives_problems_and_nothing_else(data: st.DataObject) -> None:
    """A value of any kind in the place of another gives problems, never an exception."""
    rows = SOUND.split("\n")
    places = [index for index, row in enumerate(rows) if " = " in row]
    for index in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=4)):
        rows[index] = f"{rows[index].partition(' = ')[0]} = {data.draw(VALUES)}"
    answer("\n".join(rows).encode())


@given(st.binary(max_size=200))
def test_any_bytes_give_problems(data: bytes) -> None:
    """Any bytes give problems, never an exception."""
    answer(data)
