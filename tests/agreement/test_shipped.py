"""The shipped agreements, the guide and the generated pages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from agreement.samples import KNOWN_ACTS, ROOT, SHIPPED, problems, sound
from comity.model.charter import charter_word
from comity.model.parameters import CHAPTER_ACTS, GOVERNS, PARAMETERS
from comity.model.terms import ClauseStatus, Role, Struct, Terms
from comity.model.terms_documents import clause_table, schema
from comity.model.terms_meanings import MEANINGS

JIG = ROOT / "agreements" / "jig-2016.toml"
GUIDE = (ROOT / "docs" / "agreement-files.md").read_text(encoding="utf-8")
PUBLISHED = json.loads((ROOT / "docs" / "agreement.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.name))
def test_shipped_file_has_no_problems(path: Path) -> None:
    """A shipped agreement has neither errors nor warnings, and is called as its file."""
    assert problems(path.read_bytes()) == ()
    assert sound(path.read_bytes()).id == path.stem


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.name))
def test_everyone_has_a_watch(path: Path) -> None:
    """Every participant of a shipped agreement has a seat that may sign its watch's acts and a hold."""
    terms = sound(path.read_bytes())
    for each in terms.participant:
        seats = [seat for seat in terms.seat if each.id in seat.at]
        for act in ("duty.handover", "duty.line_check", "hold.place", "movement.request"):
            assert any(seat.may_sign(act) for seat in seats), (each.id, act)


def test_every_provision_of_the_group_appears() -> None:
    """J1 to J17 each appear in the file of 2016; J11, J16 and the measuring of J15 are left to later chapters."""
    clauses = sound(JIG.read_bytes()).clause
    assert {each.provision for each in clauses} - {None} == {f"J{number}" for number in range(1, 18)}
    later = {each.provision for each in clauses if each.status is ClauseStatus.LATER}
    assert later == {"J11", "J15", "J16"}
    enforced = {each.provision for each in clauses if each.status is ClauseStatus.ENFORCED}
    assert {f"J{number}" for number in range(1, 18)} - enforced == {"J3", "J11", "J16"}
    (exchange,) = [each for each in clauses if each.provision == "J11"]
    assert "refused" in exchange.text and exchange.reason is not None and "charter" in exchange.reason


def test_group_of_2016_provides_for_every_chapter() -> None:
    """The file of 2016 governs every rule of the engine and states every number itself; it draws no line."""
    terms = sound(JIG.read_bytes())
    assert all(terms.governed(rule) for rule in GOVERNS)
    assert {name for clause in terms.clause for name in clause.parameters} == set(PARAMETERS) - {"distance_notice_h"}
    assert terms.number("notice_lead_h") == 24


def test_no_seat_drafts_and_consents() -> None:
    """In the file of 2016 no seat may both propose an operation and consent to one."""
    for seat in sound(JIG.read_bytes()).seat:
        assert not (seat.may_sign("operation.propose") and seat.may_sign("operation.consent")), seat.id


def test_only_signatories_hold_seats_of_permission() -> None:
    """In the shipped files no seat of another participant may vote, consent, start or authorise (law 22)."""
    for path in SHIPPED:
        terms = sound(path.read_bytes())
        others = {each.id for each in terms.participant if each.role is not Role.SIGNATORY}
        for seat in terms.seat:
            for act in ("change.vote", "operation.consent", "operation.start", "integration.authorise"):
                assert not (others & set(seat.at) and seat.may_sign(act)), (seat.id, act)


def test_korean_distances_are_enforced() -> None:
    """The distances by class of aircraft are rings of the file itself, each with its exemptions."""
    terms = sound((ROOT / "agreements" / "korea-cma-2018.toml").read_bytes())
    (distances,) = [each for each in terms.clause if "40 km" in each.text]
    assert distances.status is ClauseStatus.ENFORCED and distances.governs == ("flight.distance",)
    assert {each.clause for each in terms.distance} == {distances.id}
    assert all(each.ring and len(each.exempt) == 5 for each in terms.distance)
    found = {(kind, each.line): each.distance_m for each in terms.distance for kind in each.classes}
    assert (found["fixed-wing", "east"], found["fixed-wing", "west"]) == (40_000, 20_000)
    assert (found["unmanned", "east"], found["unmanned", "west"]) == (15_000, 10_000)
    assert found["rotary-wing", "east"] == found["rotary-wing", "west"] == 10_000
    assert found["balloon", "east"] == found["balloon", "west"] == 25_000


def test_essential_acts_exist() -> None:
    """The acts that carry a chapter are acts of the engine."""
    assert {act for acts in CHAPTER_ACTS.values() for act in acts} <= KNOWN_ACTS


def test_guide_example_is_sound() -> None:
    """The example in the guide has neither errors nor warnings."""
    (example,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert problems(example.encode()) == ()


def test_guide_message_is_real() -> None:
    """The message that the guide shows is what the check says of the example with that fault."""
    (example,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    (found,) = problems(example.replace("answer_within_h = 1,", "answer_within_h = 900,").encode())
    assert f"\n{found}\n" in GUIDE


def test_generated_pages_are_current() -> None:
    """The schema and the table of clauses are as the code makes them now."""
    script = ROOT / "tools" / "generate_docs.py"
    result = subprocess.run([sys.executable, str(script), "--check"], cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


def test_published_schema_says_what_the_check_does() -> None:
    """The schema forbids unknown keys, describes every key, and gives every number its range."""
    assert json.loads(json.dumps(schema())) == PUBLISHED
    for name, part in PUBLISHED["$defs"].items():
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            assert all(each.get("description") for each in part["properties"].values()), name
    numbers = PUBLISHED["$defs"]["Clause"]["properties"]["parameters"]["properties"]
    assert {name: (each["minimum"], each["maximum"]) for name, each in numbers.items()} == {
        name: (each.least, each.most) for name, each in PARAMETERS.items()
    }


def test_every_key_has_a_meaning() -> None:
    """Each key of each table of the file has a sentence, and no sentence is left without a key."""
    assert MEANINGS.keys() == {each.__name__ for each in Struct.__subclasses__()}
    for struct in Struct.__subclasses__():
        assert MEANINGS[struct.__name__].keys() == {each.name for each in msgspec.structs.fields(struct)}


def test_clause_table_names_every_clause() -> None:
    """The table holds a row for each clause, with a reason where it is not enforced."""
    terms = sound(JIG.read_bytes())
    table = clause_table([terms])
    for clause in terms.clause:
        assert f"| **{clause.id}** {clause.title} |" in table
        assert clause.reason is None or " ".join(clause.reason.split()) in table


def test_charter_words_are_in_no_shipped_text() -> None:
    """No shipped agreement, comments included, and no meaning of a key holds a word that the charter refuses."""
    texts = [path.read_text(encoding="utf-8") for path in SHIPPED] + [GUIDE, json.dumps(PUBLISHED)]
    assert [charter_word(text) for text in texts] == [None] * len(texts)
    assert isinstance(sound(JIG.read_bytes()), Terms)
