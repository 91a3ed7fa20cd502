"""What officers see: what is signed is what was read, an act that stands is told as one, ends are after beginnings."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from cli.commands import DRAFT, comity, environment, inside, spoke_well
from cli.test_forms import CONSENT, NOW_MS, VOLUME, meaning
from cli.test_signing import ANN, UNSIGNED, FakeDoor, draft, hand_in
from comity.interfaces.cli import speech
from comity.interfaces.cli.ends import end_doubt
from comity.interfaces.cli.key_acts import check_since
from comity.interfaces.cli.reach import Door, Submitted
from comity.interfaces.cli.rendering import in_words
from comity.interfaces.cli.signing import Manner, check_key, sign_and_hand_in
from comity.interfaces.cli.writing import act_from_file, write_act
from comity.interfaces.plain import hidden_sign, plain
from comity.interfaces.words import window
from comity.model.acts.agreement import Suspend
from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.acts.operations import Hold, OperationConsent, OperationPropose
from comity.model.entry import parse_entry
from comity.model.errors import Misuse
from comity.model.spans import DAY_MS, HOUR_MS
from comity.model.volume import Window

# NOW_MS is 2017-07-14 02:40:00Z
TAKEN = Submitted("ab", "pact/north", 12, ())
PAST = msgspec.structs.replace(VOLUME, window=Window(0, 1))
ASKED = OperationPropose(operation="op-1", area="a-1", group="g-1", executing="north", volume=PAST)
HIDDEN = ("\x1b[2J", "\x07", "\u202e", "\u2066", "\x7f", "\x9b", "\u2028", "\ufeff", "\udc80", "\U000e0041")


@pytest.mark.parametrize(("text", "ends_ms"), [("02:39", DAY_MS - 60_000), ("02:41", 60_000), ("-1min", -60_000)])
def test_an_end_that_is_past_is_tomorrow(text: str, ends_ms: int) -> None:
    """A bare time of day that is past ends an act tomorrow; a whole time says what it says."""
    act = write_act("hold.place", [f"until={text}"], meaning("hold.place"))
    assert act == Hold(until_ms=NOW_MS + ends_ms)
    consent = write_act(CONSENT, ["3f2a90c1", f"expires={text}"], meaning(CONSENT))
    assert isinstance(consent, OperationConsent) and consent.expires_ms == NOW_MS + ends_ms


def test_a_window_over_midnight() -> None:
    """An end that is not after its beginning is the next day's."""
    found = window("23:00..01:00", NOW_MS)
    assert found.until_ms is not None and found.until_ms - found.from_ms == 2 * HOUR_MS
    assert window("+2h..+1h", NOW_MS) == Window(NOW_MS + 2 * HOUR_MS, NOW_MS + HOUR_MS)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (Hold(until_ms=NOW_MS), "this hold.place ends before it begins, at 2017-07-14 02:40:00Z: it stops nothing"),
        (Hold(volume=PAST), "it stops nothing"),
        (OperationConsent(request="ab" * 32, executing="north", expires_ms=5), "it is never in force"),
        (Hold(until_ms=NOW_MS + DAY_MS), "it ends tomorrow: 2017-07-15 02:40:00Z"),
        (ASKED, "the window of this operation.propose is wholly past, it ended at 1970-01-01"),
        (ThreatSeal(commitment="ab" * 32, window=PAST.window, salt_for_root="cd"), "threat.seal is wholly past"),
    ],
)
def test_an_end_is_told(act: Any, said: str) -> None:
    """An act that ends before it begins is never refused, but told so before it is signed; so is another day."""
    assert said in (end_doubt(act, NOW_MS) or "")
    assert end_doubt(Hold(), NOW_MS) is end_doubt(Hold(until_ms=NOW_MS + 1), NOW_MS) is end_doubt(Suspend(), 0) is None
    opened = ThreatOpen(seal="ab" * 32, volume=PAST, note="what was done", salt="cd" * 32)
    assert end_doubt(opened, NOW_MS) is None, "what opens a seal tells of what is over"


def test_a_past_hold_is_signed_with_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    """The warning stands on the screen before and after, and the restraint is taken."""
    assert hand_in(FakeDoor([draft(Hold(until_ms=1))], [TAKEN]), Hold(until_ms=1)) == 0
    told = capsys.readouterr().err
    assert "comity: LOOK AGAIN: this hold.place ends before it begins" in told
    assert "it was signed all the same: LOOK AGAIN: this hold.place ends before it begins" in told.splitlines()[-1]


@pytest.mark.parametrize(("typed", "code"), [("y\ny\n", 0), ("y\nn\n", 1), ("n\ny\n", 1)])
def test_what_is_past_is_asked_twice(monkeypatch: pytest.MonkeyPatch, typed: str, code: int) -> None:
    """Who is at the keyboard says that a past end is meant so, and then that he signs; either no stops it."""
    keyboard = io.StringIO(typed)
    monkeypatch.setattr(keyboard, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", keyboard)
    past, door = Hold(until_ms=1), FakeDoor([draft(Hold(until_ms=1))], [TAKEN])
    found = sign_and_hand_in(cast(Door, door), past, ANN, None, Manner(yes=False, as_json=False))
    assert found == code and len(door.taken) == (code == 0)


class FullDisk(io.StringIO):
    """A stdout that takes nothing."""

    def fileno(self) -> int:
        """Whatever is written to this one file."""
        return self.file.fileno()

    def __init__(self, file: io.FileIO) -> None:
        super().__init__()
        self.file = file

    def flush(self) -> None:
        """No room."""
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("closed", [True, False])
def test_an_act_that_stands_is_told(
    closed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """An answer that cannot be written leaves no doubt that the act stands: nobody signs it twice."""
    with io.FileIO(tmp_path / "out", "w") as file:
        monkeypatch.setattr(sys, "stdout", None if closed else FullDisk(file))
        door = FakeDoor([draft(Hold())], [TAKEN])
        assert hand_in(door, Hold()) == 0 and len(door.taken) == 1
    assert "the act stands: pact/north, entry 12 (ab); do not sign it again" in capsys.readouterr().err


@pytest.mark.parametrize("where", ["> /dev/full", ">&-", ">&- 2>&-", "<&-", "| head -c 1"])
def test_closed_ends(where: str, tmp_path: Path) -> None:
    """A full disk or a closed end gives one sentence, if anybody can read it, and never a traceback."""
    (tmp_path / "draft.toml").write_text(DRAFT)
    words = f"{sys.executable} -m comity agreement table draft.toml {where}"
    ran = subprocess.run(words, shell=True, cwd=tmp_path, env=environment(), capture_output=True, text=True)
    assert "Traceback" not in ran.stderr and "Exception ignored" not in ran.stderr
    assert ran.returncode == (0 if "<" in where or "head" in where else 3)
    assert ("could not be written" in ran.stderr) == (ran.returncode == 3 and "2>" not in where)


def test_who_stops_reading_changes_no_outcome(tmp_path: Path) -> None:
    """`verify | head` ends with what verify found."""
    (tmp_path / "junk").write_bytes(b"junk")
    words = f"set -o pipefail; {sys.executable} -m comity verify junk | true"
    assert subprocess.run(["bash", "-c", words], cwd=tmp_path, env=environment(), capture_output=True).returncode == 2


def test_closed_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed stdin, or a stderr on which nothing could be read, is nobody at the keyboard."""
    for name in ("stdin", "stderr"):
        with monkeypatch.context() as closed, pytest.raises(Misuse, match="nobody is at the keyboard"):
            closed.setattr(sys, name, None)
            hand_in(FakeDoor([draft(Hold())]), Hold(), Manner(yes=False, as_json=False))


@pytest.mark.parametrize("sign", HIDDEN)
def test_no_hidden_sign_reaches_a_screen(sign: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Signs that steer a screen or turn its writing are escaped wherever text is said, in JSON as JSON."""
    speech.say(f"a{sign}b")
    speech.complain(f"a{sign}b")
    speech.say_json({"a": f"a{sign}b"})
    told = capsys.readouterr()
    for text in (told.out, told.err):
        assert sign not in text and "\\u" in text
    assert len(told.err.splitlines()) == 1
    assert hidden_sign(f"a{sign}b") == sign[0]


def test_letters_stay() -> None:
    """Letters of every script stay as they are, with the joiners that some need; so do line ends where they may."""
    for text in ("Grüße", "\u0645\u06cc\u200c\u062e\u0648", "日本", "a\n"):
        assert plain(text, "\n") == text and hidden_sign(text) is None


def test_what_is_read_is_what_is_signed() -> None:
    """A foreign text in the confirming screen shows its line ends and hidden signs as such."""
    told = in_words(parse_entry(UNSIGNED + draft(Suspend(note="fine\nlog pact/south\x1b[A\u202e"))), str)
    assert "fine\\u000alog pact/south\\u001b[A\\u202e" in told


@pytest.mark.parametrize("sign", HIDDEN[:4])
def test_own_door_refuses_hidden_signs(sign: str, tmp_path: Path) -> None:
    """An officer signs no text with a sign that no screen shows, typed or from a file."""
    with pytest.raises(Misuse, match=r"note holds \\u.*which no screen shows"):
        write_act("agreement.suspend", [f"note=a{sign}b"], meaning("agreement.suspend"))
    (tmp_path / "body.json").write_bytes(msgspec.json.encode({"note": f"a{sign}b"}))
    with pytest.raises(Misuse):
        act_from_file("agreement.suspend", str(tmp_path / "body.json"))


def test_a_start_without_consents() -> None:
    """A start that nobody has consented to says who is to be asked."""
    known = meaning("operation.start")
    answers = {"entry": known.ask("entry", ""), "consents": {}, "signatories": ["north", "south"]}
    silent = replace(known, ask=lambda question, text: answers[question])
    with pytest.raises(Misuse, match="south has not consented to op-1; ask it"):
        write_act("operation.start", ["3f2a90c1"], silent)


@pytest.mark.parametrize("name", ["operation.start", CONSENT])
def test_a_request_is_no_vote(name: str) -> None:
    """Who names another entry than a request is told what it is."""
    with pytest.raises(Misuse, match=r"north/4 is a area.propose, not a request"):
        write_act(name, ["north/4"], meaning("change.vote"))


@pytest.mark.parametrize(
    ("name", "said"),
    [("operatoin.start", "operation.start"), ("hold", "hold.place"), ("start", "operation.start"), ("xyzzy", "--help")],
)
def test_unknown_acts_are_guessed(name: str, said: str) -> None:
    """An act that is none is answered with the nearest, on one short line."""
    with pytest.raises(Misuse) as caught:
        write_act(name, [], meaning(name))
    assert said in str(caught.value) and len(str(caught.value)) < 200


def test_ring_forms_are_named() -> None:
    """What is no ring says how a ring is drawn, and speaks of no `place` where there is none."""
    for text in ("@ring.txt", "@hexagon(1,2)", "36/37"):
        with pytest.raises(Misuse, match=r"@circle\(") as caught:
            write_act("hold.place", [f"volume.ring={text}", "volume.band=..", "volume.window=+0s.."], meaning(""))
        assert "place`" not in str(caught.value)


def test_what_is_no_key_is_named(tmp_path: Path) -> None:
    """A founding file named as a key is no key, whatever its mode; a key stays one."""
    founding = tmp_path / "founding.toml"
    founding.write_text(DRAFT)
    with pytest.raises(Misuse, match=r"founding.toml is no key file"):
        check_key(founding)
    with contextlib.chdir(tmp_path):
        assert comity("keys", "new", "me.pem", folder=tmp_path).code == 0
    check_key(tmp_path / "me.pem")
    check_key(tmp_path / "nothing")


def test_no_such_scenario(tmp_path: Path) -> None:
    """A scenario that is not there is named in words."""
    ran = inside("play", "nofile", folder=tmp_path)
    assert ran.code == 2 and spoke_well(ran) and "Errno" not in ran.err and "no such file" in ran.err


def test_since_is_within_the_log() -> None:
    """A compromise since an entry that is yet to come would put nothing into doubt: it is not signed."""

    class Four:
        """An office whose log has four entries."""

        origin = "pact/north"

        def show(self, topic: str) -> list[dict[str, Any]]:
            """Four of its own, one of another."""
            return [{"log": origin} for origin in ("pact/south", *[self.origin] * 4)]

    office = cast(Door, Four())
    check_since(office, 4)
    for odd in (-1, 5, 99_999_999_999):
        with pytest.raises(Misuse, match=f"{odd} is no entry of pact/north, which has 4, .*--since takes the first"):
            check_since(office, odd)


def test_one_remedy() -> None:
    """What is drawn wrongly is refused with one remedy, the one that its problem names."""
    from types import SimpleNamespace

    from comity.rules.case import Case

    case = cast(Any, SimpleNamespace(refuse=lambda rule, what, remedy, law: (what, remedy)))
    assert cast(Any, Case.refuse_drawn(case, "area", "its edges meet; redraw it")) == ("its edges meet", "redraw it")
    assert cast(Any, Case.refuse_drawn(case, "area", "its window has no end"))[1] == "draw it again"
