"""What an alert offers to be signed, and what the screen of the live watch shows of it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import cast

import msgspec
import pytest

from cli.test_forms import meaning
from comity.interfaces.cli.air_text import air_screen, air_text, alert_line
from comity.interfaces.cli.drafting import drafts
from comity.interfaces.cli.keystroke import Keyboard
from comity.interfaces.cli.reach import Door
from comity.interfaces.cli.tracks_watch import SILENT, _Screen
from comity.interfaces.cli.writing import write_act
from comity.model.acts.tracks import AlertAcknowledge, AlertKind
from comity.model.errors import PeerError
from comity.model.records.tracks import IDENTITIES_MOST, alert_key
from comity.views.sky.alerts import SEVERITY
from comity.views.sky.report import About, AirReport, AlertRow, Seen, TrackRow

NOW_MS = 1_500_000_007_123
PLACES = ((46.0, 8.0), (46.06, 8.0))
Places = tuple[tuple[float, float], ...]
SEEN = Seen("north", "ann", "duty", NOW_MS, "north/9")


def alert(
    kind: AlertKind, about: About = "", thing: str = "", *identities: str, number: int = 1, places: Places | None = None
) -> AlertRow:
    """An alert of that kind about the first aircraft, or about those, where they are."""
    names = identities or ("4b1801",)
    found = PLACES[: len(names)] if places is None else places
    return AlertRow(
        number, kind, SEVERITY[kind], NOW_MS, NOW_MS, names, "why", "4", 1.0, thing, about, places=found
    )  # fmt: skip


def offered(row: AlertRow) -> list[str]:
    """The names of the acts that it offers."""
    return [each.act for each in drafts(row)]


@pytest.mark.parametrize("kind", SEVERITY)
def test_every_alert_can_be_acknowledged(kind: AlertKind) -> None:
    """The last thing that each alert offers is its acknowledgement, which names it and nothing else."""
    row = alert(kind, "area", "a-1", "4b1802", "4b1801")
    draft = drafts(row)[-1]
    act = write_act(draft.act, draft.fields, meaning(draft.act))
    assert isinstance(act, AlertAcknowledge)
    assert alert_key(act.kind, act.thing, act.identities) == alert_key(kind, "a-1", ("4b1801", "4b1802"))
    assert act.began_ms == NOW_MS // 1000 * 1000 and not act.note


def test_an_acknowledgement_holds_as_much_as_the_act() -> None:
    """Of an alert about more tracks than an act can name, or with a comma in a name, it is named."""
    for names in ([f"{number:06x}" for number in range(40)], ["a,b", "c"]):
        row = alert("identity", "flight", "f" * 64, *names)
        draft = drafts(row)[-1]
        act = write_act(draft.act, draft.fields, meaning(draft.act))
        assert isinstance(act, AlertAcknowledge) and len(act.identities) <= IDENTITIES_MOST
        assert alert_key(act.kind, act.thing, act.identities) == alert_key(row.kind, row.thing, row.identities)


def test_the_act_that_fits_comes_first() -> None:
    """A movement that strays is stated, a stranger is a fact of the place, a loss holds; a notice is only seen."""
    assert offered(alert("deviation", "movement", "f" * 64)) == ["movement.deviate", "track.tie", "alert.acknowledge"]
    assert offered(alert("overdue", "movement", "f" * 64)) == ["movement.deviate", "alert.acknowledge"]
    assert offered(alert("overdue", "flight", "f" * 64)) == ["flight.overdue", "alert.acknowledge"]
    assert offered(alert("area", "area", "a-1")) == ["fact.state", "alert.acknowledge"]
    assert offered(alert("loss")) == ["hold.place", "alert.acknowledge"]
    assert offered(alert("implausible", "", "place")) == ["alert.acknowledge"]
    both = alert("identity", "flight", "f" * 64, "4b1801", "4b1802")
    assert offered(both) == ["hold.place", "track.tie", "track.tie", "alert.acknowledge"]


def rings(row: AlertRow) -> list[str]:
    """The rings of the places that it offers to hold, or to state a fact of."""
    return [word.partition("@")[2] for each in drafts(row) for word in each.fields if word.startswith("volume.ring")]


def test_a_draft_is_of_the_place_of_its_alert() -> None:
    """A claim 300 km off makes the alert, and the fact is stated of where the track of that name is; or of no place at
    all everything is held everywhere."""
    claimed = alert("possible-area", "area", "a-1", places=((48.7, 8.04),))
    assert rings(claimed) == ["circle(48.70,8.04,10km)"]
    assert rings(alert("loss", "", "", "4b1801", "4b1802")) == ["circle(46.03,8.00,10km)"]
    assert offered(alert("loss", places=())) == ["alert.acknowledge"]


def test_places_far_apart_are_drafted_each() -> None:
    """Two that will meet in two minutes are far apart, and the middle between them holds neither; over the
    antimeridian the middle lies on the other side of the earth."""
    far = alert("predicted-loss", "", "", "4b1801", "4b1802", places=((46.0, 8.0), (46.0, 8.6)))
    assert rings(far) == ["circle(46.00,8.00,10km)", "circle(46.00,8.60,10km)"]
    assert [("4b1801" in each.why, "4b1802" in each.why) for each in drafts(far)[:2]] == [(True, False), (False, True)]
    assert len(screen(Said(far)).offers()["d"]) == 2
    near = alert("loss", "", "", "4b1801", "4b1802", places=((-17.0, 179.98), (-17.0, -179.96)))
    assert rings(near) == ["circle(-17.00,-179.99,10km)"]


def test_a_draft_is_an_act(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drafted of any alert can be read as `comity act` reads it."""
    for kind in SEVERITY:
        for about, thing in (
            ("", ""),
            ("area", "operation op-1"),
            ("flight", "3f2a90c1" * 8),
            ("movement", "3f2a90c1" * 8),
        ):
            for draft in drafts(alert(kind, about, thing)):  # type: ignore[arg-type]
                assert write_act(draft.act, draft.fields, meaning(draft.act)).name == draft.act


def test_who_has_seen_it_stands_beside_it() -> None:
    """An acknowledged alert is told with a small word and who has seen it; another office's word is told as its own."""
    row = alert("loss")
    assert alert_line(row).startswith("ALARM 1, loss, since ") and "seen" not in alert_line(row)
    mine = msgspec.structs.replace(row, acknowledged=SEEN)
    assert alert_line(mine).startswith("alarm 1, loss") and "seen by ann 2017-07-14 02:40:07Z" in alert_line(mine)
    theirs = msgspec.structs.replace(row, others=(msgspec.structs.replace(SEEN, party="south", officer="ben"),))
    assert alert_line(theirs).startswith("ALARM") and "at south by ben" in alert_line(theirs)
    text = air_text(AirReport(NOW_MS, alerts=(mine,)))
    assert "seen by ann 02:40:07Z" in text and "ALARM" not in text


def test_a_screen_holds_what_matters() -> None:
    """Of two hundred alerts and two thousand tracks as much is drawn as fits, with the selected one and the keys."""
    alerts = tuple(alert("loss", number=number) for number in range(1, 201))
    tracks = tuple(TrackRow(f"{number:06x}", "roof", 46.0, 8.0, 1.0) for number in range(2_000))
    report = AirReport(NOW_MS, "no conflict known among 2000 tracks", tracks, 5, alerts, 7, ("roof: 2000 tracks",))
    for lines, selected in ((24, 1), (24, 150), (50, 200), (12, 77)):
        text = air_screen(report, selected, ["", "q ends"], lines)
        assert len(text.split("\n")) <= lines and text.endswith("q ends")
        assert f">{selected} " in text and "no conflict known" in text and "more alerts" in text
        assert "200 alarms" in text
    assert "more tracks" not in text


class Said:
    """An office whose watch says what the test has it say, or that is gone; stands for `reach.Door`."""

    def __init__(self, *alerts: AlertRow) -> None:
        self.alerts, self.is_gone = alerts, False

    def check_running(self) -> None:
        """It runs."""

    def ask(self, question: str, text: str) -> object:
        """The air, while it is there."""
        if self.is_gone:
            raise PeerError("nobody answers")
        return msgspec.to_builtins(AirReport(NOW_MS, "said", alerts=self.alerts))


def screen(office: Said) -> _Screen:
    """The live table of that office, looked at once."""
    found = _Screen(cast(Door, office), Keyboard(nullcontext, False), "north", None, None)
    found.look()
    return found


def test_a_key_falls_on_the_alert_that_was_read() -> None:
    """Lines move as a key is pressed, and another alert is drafted of; or the selected one ends under the finger."""
    one, other = alert("loss", number=7), alert("area", "area", "a-1", number=8)
    office = Said(one, other)
    found = screen(office)
    chosen = [found.selected]
    for standing in ((other, one), (other,)):
        office.alerts = standing
        found.look()
        chosen.append(found.selected)
    assert chosen == [7, 7, None] and not found.offers() and "alert 7 stands no more" in found.told
    found.press("a")
    assert "no alert is selected" in found.told
    found.press("down")
    assert set(found.offers()) == {"a", "d"}


def test_each_alert_offers_its_keys() -> None:
    """What is seen is not acknowledged again, a notice has no other act, and of a tie each track can be broken."""
    seen = msgspec.structs.replace(alert("loss", number=1), acknowledged=SEEN)
    tied = alert("identity", "flight", "f" * 64, "4b1801", "4b1802", number=3)
    found = screen(Said(seen, alert("implausible", number=2), tied))
    assert set(found.offers()) == {"d"}
    found.press("2")
    assert set(found.offers()) == {"a"}
    found.press("3")
    assert set(found.offers()) == {"a", "d", "t"} and len(found.offers()["t"]) == 2
    found.press("99")
    assert found.selected == 3 and "no alert 99 stands" in found.told


def test_an_office_that_is_gone_leaves_its_last_word() -> None:
    """The office stops for a moment, and the officer's screen is gone with it, or says nothing of it."""
    office = Said(alert("loss", number=7))
    found = screen(office)
    office.is_gone = True
    found.look()
    assert found.told == SILENT and found.report.alerts
    office.is_gone = False
    found.look()
    assert not found.told
