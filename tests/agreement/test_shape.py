"""Faults of form: each is found where it stands, and one hides no other."""

from __future__ import annotations

import pytest

from agreement.samples import SOUND, answer, line_number, problems, sound, spoiled
from comity.model.charter import CHARTER_WORDS
from comity.model.terms_file import BYTES_MOST
from comity.model.terms_problem import FINDINGS_MOST

# What is replaced, by what; a piece of the line where it is reported; key path; clause; what the problem says.
FAULTS = {
    "unknown key": (
        'id = "north"',
        'id = "north"\ncolour = "red"',
        "colour",
        "participant[0].colour",
        None,
        "no such key",
    ),
    "unknown table": ("[[reason]]", "[[reasons]]", "[[reasons]]", "reasons", None, "no such key"),
    "missing key": ('name = "North"\n', "", "[[participant]]", "participant[0].name", None, "name is missing"),
    "missing head": ("edition = 1\n", "", None, "edition", None, "edition is missing"),
    "missing floor": ('[floor]\nclause = "1"\nkeeps = ["movement"]\n', "", None, "floor", None, "floor is missing"),
    "text for list": ('gates = ["operation"]', 'gates = "operation"', "gates", "precondition[0].gates", None, "a list"),
    "number for text": ('name = "Reds"', "name = 7", "name = 7", "group[0].name", None, "a text in quotes"),
    "number in list": ('kinds = ["flight"]', "kinds = [1]", "kinds", "category[0].kinds[0]", None, "a text in quotes"),
    "text for number": ("edition = 1", 'edition = "1"', "edition", "edition", None, "a whole number"),
    "true for number": ("= 120 }", "= true }", "= true", "clause[1].parameters.lease_max_min", "2", "a whole number"),
    "one for many": ("[[reason]]", "[reason]", "[reason]", "reason", None, "a list"),
    "bad id": ('id = "reds"', 'id = "Reds!"', "Reds!", "group[0].id", None, "lower case letters"),
    "id with line break": ('id = "reds"', 'id = "reds\\n"', "reds\\n", "group[0].id", None, "lower case letters"),
    "empty name": ('name = "Reds"', 'name = ""', 'name = ""', "group[0].name", None, "at least 1 character"),
    "long name": ('name = "Reds"', f'name = "{"r" * 121}"', "rrr", "group[0].name", None, "at most 120 characters"),
    "unknown role": ('role = "centre"', 'role = "umpire"', "umpire", "participant[2].role", None, "none of signatory"),
    "unknown status": (
        'status = "declaratory"',
        'status = "void"',
        "void",
        "clause[2].status",
        "10",
        "none of enforced",
    ),
    "bad clause number": ('id = "10"', 'id = "X"', 'id = "X"', "clause[2].id", None, "a clause number"),
    "bad kind": (
        'kinds = ["flight"]',
        'kinds = ["balloon"]',
        "balloon",
        "category[0].kinds[0]",
        None,
        "vessel or convoy",
    ),
    "bad pattern": ('may = ["*"]', 'may = ["move"]', '"move"', "seat[0].may[0]", None, "the name of an act"),
    "bad time": ("2016-07-31T00:00:00Z", "31 July", "31 July", "tier[0].from_utc", None, "a time in UTC"),
    "other format": ("comity = 1", "comity = 2", "comity", "comity", None, "is not <= 1"),
    "edition 0": ("edition = 1", "edition = 0", "edition", "edition", None, "is not >= 1"),
    "fraction": ("= 120 }", "= 1.5 }", "= 1.5", "clause[1].parameters.lease_max_min", "2", "no whole number"),
    "whole fraction": ("edition = 1", "edition = 1.0", "edition", "edition", None, "no whole number"),
    "not a number": ("rules = 1", "rules = nan", "rules", "rules", None, "no whole number"),
    "bare date": ('"2016-07-31T00:00:00Z"', "2016-07-31", "from_utc", "tier[0].from_utc", None, "without quotes"),
    "bare time": ('"another time"', "07:32:00", "07:32", "reason[0].text", None, "without quotes"),
    "huge number": ("edition = 1", "edition = 9007199254740992", "edition", "edition", None, "too large"),
    "unknown parameter": (
        "lease_max_min",
        "lease_max_m",
        "lease_max_m",
        "clause[1].parameters.lease_max_m",
        "2",
        "no rule",
    ),
    "over range": ("= 120 }", "= 1441 }", "1441", "clause[1].parameters.lease_max_min", "2", "5 to 1440 min"),
    "under range": ("= 120 }", "= 4 }", "= 4", "clause[1].parameters.lease_max_min", "2", "5 to 1440 min"),
    "hidden character": ('"another time"', '"another\\u202etime"', "202e", "reason[0].text", None, "hidden character"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found_where_it_stands(fault: str) -> None:
    """A single fault of form gives one error with its line, key path and clause."""
    old, new, piece, key_path, clause, words = FAULTS[fault]
    data = spoiled(old, new)
    (found,) = problems(data)
    assert (found.severity, found.key_path, found.clause) == ("error", key_path, clause)
    assert words in found.problem
    assert found.line == (None if piece is None else line_number(data, piece))


@pytest.mark.parametrize("word", CHARTER_WORDS)
def test_charter_words_are_refused_in_texts_and_keys(word: str) -> None:
    """A word that the charter refuses is an error in a text and in a key, also as part of a name."""
    (found,) = problems(spoiled("another time", f"The {word.upper()} of the day"))
    assert (found.key_path, found.severity) == ("reason[0].text", "error")
    assert word in found.problem
    key = f"{word.replace(' ', '_')}_id"
    (found,) = problems(spoiled("= 120 }", f"= 120, {key} = 1 }}"))
    assert found.key_path == f"clause[1].parameters.{key}"
    assert word in found.problem


def test_one_fault_hides_no_other() -> None:
    """Faults of several tables, and several faults of one table, are reported together, by line."""
    text = SOUND.replace('name = "North"', "name = 1\nsize = 2", 1).replace('role = "centre"', 'role = "umpire"', 1)
    text = text.replace("= 120 }", "= 9999, wait_h = 1 }", 1).replace('treatment = "inside"\n', "", 1)
    found = problems(text.encode())
    assert [each.key_path for each in found] == [
        "participant[0].name",
        "participant[0].size",
        "participant[2].role",
        "group[1].treatment",
        "clause[1].parameters.lease_max_min",
        "clause[1].parameters.wait_h",
    ]
    lines = [each.line or 0 for each in found]
    assert lines == sorted(lines)


def test_a_broken_section_does_not_silence_the_checks_of_others() -> None:
    """A misfit between whole sections is reported beside a fault of form elsewhere, and no false one with it."""
    text = SOUND.replace('name = "North"', "name = 1", 1).replace('groups = ["reds"]', 'groups = ["greens"]', 1)
    text = text.replace('governs = ["operation"]', 'governs = ["operation", "weather"]', 1)
    assert [each.key_path for each in problems(text.encode())] == ["participant[0].name", "clause[1].governs[1]"]


# The bytes of a file; its line; what the problem says.
UNREADABLE = {
    "not UTF-8": (b'comity = 1\nid = "\xff"\n', 2, "not UTF-8"),
    "no equals sign": (b"comity = 1\nid\n", 2, "not valid TOML"),
    "open quotes": (b'comity = 1\nid = "x\n', 2, "not valid TOML"),
    "open end": (b"comity = 1\nid = '''x\n\n", 4, "not valid TOML"),
    "key twice": (b"comity = 1\ncomity = 1\n", 2, "not valid TOML"),
    "key, then table": (b"a = 1\n[a.b]\n", 2, "not valid TOML"),
    "lone carriage return": (b"comity = 1\rid = 2\n", 1, "not valid TOML"),
    "byte order mark": (b"\xef\xbb\xbfcomity = 1\n", 1, "not valid TOML"),
    "deep list": (b"comity = 1\na = " + b"[" * 20_000, 2, "nested"),
    "deep table": (b"a = " + b"{a=" * 9, 1, "nested"),
    "deep key": (b"\n\n" + b"a." * 20_000 + b"a = 1", 3, "nested"),
    "deep header": (b"[" + b"a." * 9 + b"a]", 1, "nested"),
    "braces over lines": (b"a = {\nb = 1}\n", 1, "braces"),
    "comma before brace": (b"a = {b = 1,}\n", 1, "comma"),
    "newer escape": (b'a = "\\x41"\n', 1, "escape"),
    "endless digits": (b"a = " + b"9" * 5000, None, "too large"),
    "too long": (b"#" * (BYTES_MOST + 1), None, "at most 49152"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable_file_gives_one_clear_error(case: str) -> None:
    """What is no plain TOML gives exactly one error that says where and what."""
    data, line, words = UNREADABLE[case]
    (found,) = problems(data)
    assert words in found.problem
    assert (found.line, found.severity) == (line, "error")
    assert len(str(found)) < 400


def test_empty_file_names_all_that_is_missing() -> None:
    """An empty file is told everything that an agreement must have."""
    assert {each.key_path for each in problems(b"")} >= {"comity", "id", "participant", "seat", "clause", "floor"}


def test_sound_sample_is_sound() -> None:
    """The file that the tests spoil has neither errors nor warnings."""
    assert problems(SOUND.encode()) == ()
    assert sound(SOUND.encode()).id == "sample"


def test_problem_reads_as_a_sentence() -> None:
    """A problem prints as line, key path, what is wrong, clause and remedy."""
    data = spoiled("= 120 }", "= 9999 }")
    (found,) = problems(data)
    assert str(found) == (
        f"error: line {line_number(data, '9999')}: clause[1].parameters.lease_max_min: 9999 is out of its range, "
        "5 to 1440 min: longest life of a consent (clause 2); choose a number from 5 to 1440 min; the default is 240"
    )


HOSTILE = {
    "thousands of unknown keys": "".join(f"naem{index} = 1\n" for index in range(3600)),
    "thousands of empty tables": "[[participant]]\n" * 3000,
    "thousands of unknown acts": SOUND.replace('["*"]', "[" + '"movement.fly",' * 3000 + "]"),
    "thousands of bad items": SOUND.replace('["*"]', "[" + "1," * 15000 + "]"),
    "an endless key": "k" * 40000 + " = 1",
    "thousands of quotes": '"""' + '\\"""' * 12000,
    "thousands of equals": "=" * 48000,
    "thousands of wide tables": "a = [" + "{b=1}," * 8000 + "]",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_costs_little(case: str) -> None:
    """A file full of faults is answered with its first ones, in bounded work."""
    data = HOSTILE[case].encode()
    assert len(data) <= BYTES_MOST
    found = answer(data).problems
    assert 1 <= len(found) <= 2 * FINDINGS_MOST
