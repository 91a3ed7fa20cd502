"""Faults between the parts of an agreement, and the gaps that are warned of."""

from __future__ import annotations

from base64 import b64encode

import pytest

from agreement.samples import SOUND, line_number, problems, sound, spoiled
from comity.model.parameters import CHAPTER_ACTS, CHAPTERS, DUTIES, GOVERNS, PARAMETERS
from comity.model.terms_file import load
from comity.model.terms_problem import path_text

OBSERVER = """[[participant]]
id = "north"
name = "Watchers"
role = "observer"
"""
CATEGORY = """[[category]]
id = "rescue"
name = "Rescue at sea"
kinds = ["vessel"]
"""

# What is replaced, by what; the line where it is reported; key path; clause; what the problem says.
MISFITS = {
    "id twice": ("[[operator]]", f"{OBSERVER}\n[[operator]]", 25, "participant[3].id", None, "taken by participant[0]"),
    "operator as participant": (
        'id = "east-air"',
        'id = "north"',
        25,
        "operator[0].id",
        None,
        "taken by participant[0]",
    ),
    "category twice": ("[[unit]]", f"{CATEGORY}\n[[unit]]", 59, "category[1].id", None, "taken by category[0]"),
    "seat at nobody": ('"south", "centre"]', '"south", "west"]', 32, "seat[0].at[2]", None, "no participant 'west'"),
    "tier of no group": (
        'groups = ["reds"]',
        'groups = ["greens"]',
        48,
        "tier[0].groups[0]",
        None,
        "no group 'greens'",
    ),
    "tier of the centre": (
        '["north"]\nfrom',
        '["centre"]\nfrom',
        49,
        "tier[0].executing[0]",
        None,
        "no signatory 'centre'",
    ),
    "unit of nobody": (
        'participant = "north"',
        'participant = "west"',
        61,
        "unit[0].participant",
        None,
        "no participant",
    ),
    "operator of the centre": (
        '= "south"\n\n[[seat',
        '= "centre"\n\n[[seat',
        27,
        "operator[0].answerable",
        None,
        "no signatory",
    ),
    "answered by no seat": (
        'answered_by = ["all"]',
        'answered_by = ["any"]',
        83,
        "clause[0].answered_by[0]",
        "1",
        "no seat",
    ),
    "floor of no clause": ('[floor]\nclause = "1"', '[floor]\nclause = "9"', 74, "floor.clause", None, "no clause '9'"),
    "precondition of none": ('clause = "1"', 'clause = "9"', 69, "precondition[0].clause", None, "no clause '9'"),
    "gate of no chapter": (
        '["operation"]\n\n[fl',
        '["lunch"]\n\n[fl',
        71,
        "precondition[0].gates[0]",
        None,
        "no chapter",
    ),
    "floor of no chapter": ('keeps = ["movement"]', 'keeps = ["movements"]', 75, "floor.keeps[0]", None, "no chapter"),
    "clauses fall": ('id = "10"', 'id = "1.9"', 95, "clause[2].id", "1.9", "comes after clause 2"),
    "clause twice": ('id = "10"', 'id = "2"', 95, "clause[2].id", "2", "comes after clause 2"),
    "unknown rule": (
        'governs = ["operation"]',
        'governs = ["operation", "operation.lunch"]',
        90,
        "clause[1].governs[1]",
        "2",
        "no rule",
    ),
    "rule twice": (
        'governs = ["operation"]',
        'governs = ["operation", "office"]',
        90,
        "clause[1].governs[1]",
        "2",
        "clause 1",
    ),
    "no reason": ('reason = "a wish"\n', "", 94, "clause[2].reason", "10", "says no reason"),
    "declares and governs": (
        'reason = "a wish"',
        'reason = "a wish"\ngoverns = ["area"]',
        100,
        "clause[2].governs",
        "10",
        "governs 'area'",
    ),
    "number without rule": (
        "lease_max_min = 120",
        "width_min_m = 2000",
        92,
        "clause[1].parameters.width_min_m",
        "2",
        "no clause governs",
    ),
    "number elsewhere": (
        "lease_max_min = 120",
        "skew_max_s = 60",
        92,
        "clause[1].parameters.skew_max_s",
        "2",
        "clause 1 governs",
    ),
    "inside a tier": (
        'groups = ["reds"]',
        'groups = ["reds", "blues"]',
        48,
        "tier[0].groups[1]",
        None,
        "inside the cessation",
    ),
    "no such day": ("2016-07-31T", "2016-07-32T", 50, "tier[0].from_utc", None, "no time"),
    "tier backwards": ("2016-08-31T", "2016-07-30T", 51, "tier[0].until_utc", None, "ends before it begins"),
    "unknown act": ('may = ["*"]', 'may = ["*", "movement.fly"]', 33, "seat[0].may[1]", None, "no act 'movement.fly'"),
    "unknown chapter": ('may = ["*"]', 'may = ["*", "lunch.*"]', 33, "seat[0].may[1]", None, "no act 'lunch.*'"),
    "root key and another": ('["integration.authorise"]', '["key.enrol"]', 7, "two_officers[0]", None, "the root key"),
    "office and another": ('["integration.authorise"]', '["office.watch"]', 7, "two_officers[0]", None, "the office's"),
    "unknown act for two": ('["integration.authorise"]', '["integration.end"]', 7, "two_officers[0]", None, "no act"),
}


@pytest.mark.parametrize("misfit", MISFITS)
def test_misfit_is_found_where_it_stands(misfit: str) -> None:
    """A single misfit between parts gives one error with its line, key path and clause."""
    old, new, line, key_path, clause, words = MISFITS[misfit]
    (found,) = problems(spoiled(old, new))
    assert (found.severity, found.line, found.key_path, found.clause) == ("error", line, key_path, clause)
    assert words in found.problem


def test_two_signatories_and_one_centre() -> None:
    """One signatory is too few, and a second centre is one too many."""
    found = problems(spoiled('role = "signatory"', 'role = "centre"'))
    assert [(each.key_path, each.line) for each in found if each.key_path.startswith("participant")] == [
        ("participant", 9),
        ("participant[2].role", line_number(SOUND.encode(), '= "centre"') + 2),
    ]
    assert "at least two signatories" in found[0].problem


def test_enforced_clause_governs() -> None:
    """An enforced clause without rules is an error at that clause."""
    found = problems(spoiled('governs = ["operation"]\n', ""))
    assert ("clause[1].governs", "2") in [(each.key_path, each.clause) for each in found]


def test_acts_are_checked_only_against_a_given_list() -> None:
    """Without the list of acts a seat's unknown act is not an error."""
    assert load(spoiled('may = ["*"]', 'may = ["*", "movement.fly"]')).problems == ()


def test_pins_all_or_none() -> None:
    """A file with pins for some participants only says for which they are missing."""
    pins = (
        f'[participant.pins]\norigin = "demo/north"\nroot_key = "{"1" * 64}"\noffice_key = "{"2" * 64}"\n'
        'head_key = "demo/north+01234567+AQEB"\ncosign_key = "demo/north+01234568+BAEC"\ncertificate = "pem"\n'
    )
    found = problems(spoiled('name = "North"\nrole = "signatory"\n', f'name = "North"\nrole = "signatory"\n{pins}'))
    assert [each.key_path for each in found] == ["participant[1].pins", "participant[2].pins"]
    assert all("comity init" in each.remedy for each in found)


def pinned(origins: tuple[str, ...], digits: str) -> bytes:
    """The sample with pins for each participant, whose keys repeat one digit each."""
    text = SOUND
    for index, (origin, name) in enumerate(zip(origins, ("north", "south", "centre"), strict=True)):
        keys = [digit * 64 for digit in digits[2 * index : 2 * index + 2]]
        role = "centre" if name == "centre" else "signatory"
        old = f'name = "{name.capitalize()}"\nrole = "{role}"\n'
        new = (
            f'{old}[participant.pins]\norigin = "{origin}"\nroot_key = "{keys[0]}"\noffice_key = "{keys[1]}"\n'
            f'head_key = "{origin}+01234567+AQ{index}B"\ncosign_key = "{origin}+01234568+BA{index}C"\n'
            f'certificate = "pem {index}"\n'
        )
        text = text.replace(old, new, 1)
    return text.encode()


def test_founding_file_is_sound() -> None:
    """A file in which every participant is pinned with keys of its own is sound."""
    assert problems(pinned(("d/north", "d/south", "d/centre"), "123456")) == ()
    terms = sound(pinned(("d/north", "d/south", "d/centre"), "123456"))
    assert [each.pins.origin for each in terms.participant if each.pins] == ["d/north", "d/south", "d/centre"]


def test_no_key_serves_twice() -> None:
    """A log name or a key that is pinned twice is an error at its second place."""
    found = problems(pinned(("d/north", "d/north", "d/centre"), "123451"))
    twice = [each.key_path for each in found if "the same as" in each.problem]
    assert twice == ["participant[1].pins.origin", "participant[2].pins.office_key"]


def with_keys(keys: dict[str, bytes]) -> bytes:
    """The pinned sample with these public keys, each at what stands for it in the file."""
    text = pinned(("d/north", "d/south", "d/centre"), "123456")
    for mark, key in keys.items():
        text = text.replace(f"+{mark}".encode(), b"+" + b64encode((b"\1" if mark.startswith("AQ") else b"\4") + key))
    return text


def test_keys_that_end_alike_are_two_keys() -> None:
    """The base64 of a key may hold a plus sign: what follows the last one is not the key."""
    ending = b"\x0f\xbe"  # in base64 the last character is a plus sign, and the one before it too
    text = with_keys({"BA0C": bytes(30) + ending, "BA2C": b"\1" + bytes(29) + ending})
    assert text.count(b'++"') == 2
    assert problems(text) == ()


def test_one_key_under_two_algorithms_serves_twice() -> None:
    """A key that signs heads and cosigns, or signs for the office in hex, is one key."""
    shared = bytes.fromhex("2" * 64)
    found = problems(with_keys({"AQ0B": shared, "BA1C": shared}))
    twice = [each.key_path for each in found if "the same as" in each.problem]
    assert twice == ["participant[0].pins.head_key", "participant[1].pins.cosign_key"]


def test_log_names_its_keeper() -> None:
    """A log whose origin names another participant is an error: everyone reads from it whose log it is."""
    found = problems(pinned(("d/north", "d/east", "d/centre"), "123456"))
    assert [(each.key_path, each.problem) for each in found] == [
        ("participant[1].pins.origin", "'d/east' does not name its keeper")
    ]


FOR_EVER = {
    "no seat votes": (
        'may = ["*"]',
        'may = ["terms.*", "agreement.*", "lift.*", "operation.*", "hold.*"]',
        ["participant[0]", "participant[1]"],
        "may sign change.vote",
    ),
    "one has no seat": (
        'at = ["north", "south", "centre"]',
        'at = ["north", "centre"]',
        ["participant[1]"],
        "of south",
    ),
    "nobody proposes": ('may = ["*"]', 'may = ["change.*", "operation.*"]', ["seat"], "can never be amended"),
    "only the centre proposes": (
        'at = ["north", "south", "centre"]\nmay = ["*"]',
        'at = ["north", "south"]\nmay = ["change.*"]\n\n[[seat]]\nid = "chair"\nname = "Chair"\nat = ["centre"]\n'
        'may = ["terms.*"]',
        ["seat"],
        "can never be amended",
    ),
}


@pytest.mark.parametrize("case", FOR_EVER)
def test_terms_that_stand_for_ever_are_refused(case: str) -> None:
    """Terms under which nobody could ever propose others, or vote for them, are an error and not adopted."""
    old, new, key_paths, words = FOR_EVER[case]
    found = [each for each in problems(spoiled(old, new)) if each.severity == "error"]
    assert [each.key_path for each in found] == key_paths
    assert all(words in each.problem for each in found)


# What is replaced, by what; key path; clause; what the warning says.
GAPS = {
    "duty without seat": (
        'governs = ["agreement", "office"]\nanswered_by = ["all"]',
        'governs = ["agreement", "office"]',
        "clause[0]",
        "1",
        "office.receipt",
    ),
    "deadline without owner": (
        'answered_by = ["all"]\nparameters = { lease_max_min = 120 }',
        "parameters = { lease_max_min = 120, review_within_d = 3, report_within_h = 2 }",
        "clause[1].parameters.review_within_d",
        "2",
        "nobody owns this deadline",
    ),
    "no amendment": (
        'governs = ["agreement", "office"]',
        'governs = ["agreement.adoption", "office"]',
        "clause",
        None,
        "amended",
    ),
    "nobody signs": (
        'may = ["*"]',
        'may = ["change.*", "terms.*", "agreement.*", "operation.*"]',
        "clause[0].governs",
        "1",
        "lift.propose",
    ),
    "chapter without a clause": (
        'may = ["*"]',
        'may = ["*", "movement.*"]',
        "seat[0].may[1]",
        None,
        "no clause governs the chapter movement",
    ),
    "no seat": ('at = ["north", "south", "centre"]', 'at = ["north", "south"]', "participant[2]", None, "no seat"),
}


@pytest.mark.parametrize("gap", GAPS)
def test_gap_is_warned_of(gap: str) -> None:
    """A gap gives a warning with key path and clause, and the file stays adoptable."""
    old, new, key_path, clause, words = GAPS[gap]
    data = spoiled(old, new)
    found = problems(data)
    assert {each.severity for each in found} == {"warning"}
    assert any(each.key_path == key_path and each.clause == clause and words in each.problem for each in found)
    assert all(each.line is not None for each in found)
    sound(data)


def test_restraints_of_a_chapter_need_no_clause() -> None:
    """A seat may sign restraints of a chapter that no clause governs: they are admitted all the same."""
    assert problems(spoiled('may = ["*"]', 'may = ["*", "movement.request"]')) == ()


def test_gaps_wait_for_errors() -> None:
    """A file with an error is not warned of gaps that the error may cause."""
    data = spoiled('at = ["north", "south", "centre"]', 'at = ["north", "south", "center"]')
    assert [each.severity for each in problems(data)] == ["error"]


def test_tables_of_rules_are_closed() -> None:
    """Every number belongs to a rule, ends with its unit, and has its default in its range; every rule has a parent."""
    for name, parameter in PARAMETERS.items():
        assert parameter.rule in GOVERNS
        assert name.endswith(f"_{parameter.unit}")
        assert 0 <= parameter.least <= parameter.default <= parameter.most
    assert all(rule.partition(".")[0] in GOVERNS for rule in GOVERNS)
    assert set(CHAPTER_ACTS) == CHAPTERS
    assert not DUTIES - GOVERNS.keys()
    assert PARAMETERS["width_min_m"].least == 1000


def test_owner_of_a_deadline_is_a_duty() -> None:
    """Every deadline lies under a rule that counts as a duty, the amendment's apart."""
    rules = {each.rule for each in PARAMETERS.values() if each.deadline}
    assert rules - DUTIES == {"agreement.amendment"}


def test_lookups_of_terms() -> None:
    """Numbers have their defaults, rules the clause of their nearest ancestor, and things are found by id."""
    terms = sound(SOUND.encode())
    assert (terms.number("lease_max_min"), terms.number("hold_max_min")) == (120, 30)
    assert (terms.clause_for("operation"), terms.clause_for("operation.lease")) == ("2", "2")
    assert terms.clause_for("area.width") is None
    assert (terms.governed("office.skew"), terms.governed("movement")) == (True, False)
    assert (terms.signatories, terms.centre) == (("north", "south"), "centre")
    for section in ("participant", "operator", "seat", "group", "tier", "category"):
        for each in getattr(terms, section):
            assert getattr(terms, f"{section}_by_id")(each.id) == each
        assert getattr(terms, f"{section}_by_id")("none") is None
    with pytest.raises(KeyError):
        terms.clause_for("operation.lunch")


def test_key_paths_read_well() -> None:
    """A key path quotes what is no plain key."""
    assert path_text(("clause", 3, "parameters", "odd key")) == "clause[3].parameters.'odd key'"
