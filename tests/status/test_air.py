"""The air on the status page: a map that is well formed, bounded, and says in shape and word what a colour says."""

from __future__ import annotations

import re
from xml.dom import minidom

import msgspec

from comity.interfaces.status.air_map import FACES, LABELS_DRAWN, TRACKS_DRAWN, air_map
from comity.interfaces.status.air_map_frame import HEIGHT, WIDTH, frame_of
from comity.interfaces.status.air_map_labels import width
from comity.interfaces.status.air_section import ALERTS_MOST, air_section
from comity.interfaces.status.page import OfficeState
from comity.model.volume import Band, Volume, Window
from comity.views.sky.agreed import Agreed, AgreedArea, AgreedFlight
from comity.views.sky.report import AirReport, AlertRow, Seen, TrackRow
from laws.world import World
from status.test_page import html

NOW_MS = 1_474_365_600_000


def volume(south: float, west: float, north: float, east: float) -> Volume:
    """A box without an end."""
    corners = ((south, west), (south, east), (north, east), (north, west))
    ring = tuple((round(latitude * 1e7), round(longitude * 1e7)) for latitude, longitude in corners)
    return Volume(ring=ring, band=Band(floor=None, ceiling=None), window=Window(from_ms=0, until_ms=None))


def track(number: int, latitude: float = 46.0, longitude: float = 8.0, **more: object) -> TrackRow:
    """A track of that number."""
    return TrackRow(f"{number:06x}", "roof", latitude, longitude, 1.0, **more)  # type: ignore[arg-type]


def alert(number: int, name: str, severity: str = "alarm", reason: str = "too near") -> AlertRow:
    """An alert about one track."""
    return AlertRow(number, "loss", severity, NOW_MS, NOW_MS, (name,), reason, "5.12", 1.0)


AGREED = Agreed(
    (AgreedArea("a-1", volume(45.8, 7.8, 46.2, 8.4), "5.1", "exemption"),),
    (AgreedFlight("f" * 64, "amb-1", "movement", "aid", volume(45.9, 7.5, 46.1, 8.6)),),
)


def signs(svg: str) -> list[minidom.Element]:
    """The tracks of a map; raises if it is not well formed."""
    quoted = re.sub(r"=([\w.-]+)(?=[ />])", r'="\1"', svg.partition("</svg>")[0] + "</svg>")
    return [each for each in minidom.parseString(quoted).getElementsByTagName("g")]


def test_shape_and_word() -> None:
    """An alarm, an expected and an unknown flight differ by shape and word; a doubtful one is hollow and says why."""
    tracks = (
        track(1), track(2, flight="amb-1", tied_by="address"), track(3), track(4, doubts=("no new report",)),
    )  # fmt: skip
    svg = air_map(AirReport(NOW_MS, tracks=tracks, alerts=(alert(1, "000001"),)), AGREED)
    found = {re.findall("<title>(.{6})", each.toxml())[0]: each for each in signs(svg)}
    shapes = {name: each.getElementsByTagName("path")[1].getAttribute("d") for name, each in found.items()}
    assert len({shapes["000001"], shapes["000002"], shapes["000003"]}) == 3
    assert all(words in svg for _, words in FACES.values())
    assert "loss" in found["000001"].toxml() and "amb-1" in found["000002"].toxml()
    assert "no flight is known to be this" in found["000003"].toxml()
    assert "doubtful" in found["000004"].getAttribute("class") and "no new report" in found["000004"].toxml()
    assert "area a-1" in svg and "corridor amb-1" in svg


def test_bounded() -> None:
    """Of ten thousand tracks so many are drawn and fewer named; what is not there is counted in words."""
    tracks = tuple(track(number, 46 + number * 1e-5) for number in range(2_000))
    alerts = tuple(alert(number, f"{number:06x}", "notice") for number in range(500))
    report = AirReport(NOW_MS, tracks=tracks, tracks_left_out=8_000, alerts=alerts, alerts_left_out=70)
    svg = air_map(report, AGREED)
    assert len(signs(svg)) == TRACKS_DRAWN and "1600 more tracks are not drawn" in svg
    assert "8000 tracks lie outside the map" in svg
    text = air_section(report, AGREED, NOW_MS)
    assert text.count("5.12") == ALERTS_MOST and f"and {500 - ALERTS_MOST + 70} alerts more" in text
    assert len(text) < 600_000 and LABELS_DRAWN < TRACKS_DRAWN


def words_of(svg: str) -> list[tuple[float, float, float, float]]:
    """The room that the words of tracks take: left, top, right, bottom."""
    found = []
    for sign in signs(svg):
        across, down = map(float, re.findall(r"translate\(([-.\d]+),([-.\d]+)\)", sign.getAttribute("transform"))[0])
        for text in sign.getElementsByTagName("text"):
            x, y = float(text.getAttribute("x")) + across, float(text.getAttribute("y")) + down
            found.append((x, y - 10, x + width(text.firstChild.data), y + 2))  # type: ignore[union-attr]
    return found


def test_words_stand_over_no_other_words() -> None:
    """A hundred tracks crowd on the map, and their names make each other unreadable."""
    tracks = tuple(track(number, 46 + number % 10 * 0.004, 8 + number // 10 * 0.005) for number in range(100))
    report = AirReport(NOW_MS, tracks=tracks, alerts=tuple(alert(number, f"{number:06x}") for number in range(12)))
    svg = air_map(report, AGREED)
    boxes = words_of(svg)
    assert len(boxes) > 12 and all(f">{number:06x} height ? loss<" in svg for number in range(12))
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0 and right <= WIDTH and top >= 0 and bottom <= HEIGHT
        for other in boxes[:number]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_a_lie_from_far_off_leaves_the_map_as_it_is() -> None:
    """One track told from the other side of the world makes the map of all others a dot."""
    tracks = tuple(track(number, 46 + number * 0.01) for number in range(20))
    frame = frame_of(AirReport(NOW_MS, tracks=(track(99, -46.0, -172.0), *tracks)), Agreed())
    assert frame == frame_of(AirReport(NOW_MS, tracks=tracks), Agreed())
    assert frame.shows(tracks[0]) and frame.shows(tracks[-1])


def test_an_alarm_is_on_the_map_or_told() -> None:
    """What an alarm names lies beside the map, and is not seen; or far off, and is not told."""
    beside, far = track(1, 46.5, 8.0), track(2, 60.0, 8.0)
    near = AirReport(NOW_MS, tracks=(beside,), alerts=(alert(1, "000001"),))
    assert frame_of(near, AGREED).shows(beside) and "have an alarm" not in air_map(near, AGREED)
    off = AirReport(NOW_MS, tracks=(far,), alerts=(alert(1, "000002"),))
    assert not frame_of(off, AGREED).shows(far)
    assert "▲&nbsp;<bdi>1 of the tracks outside the map has an alarm" in air_map(off, AGREED)


def test_what_an_officer_has_seen_is_set_apart() -> None:
    """An acknowledged alarm is as loud as one that nobody has seen, in the table, on the map and in the first line."""
    seen = Seen("north", "ann", "duty", NOW_MS, "north/9", "told")
    loud = AirReport(NOW_MS, tracks=(track(1),), alerts=(alert(1, "000001"),))
    mine = msgspec.structs.replace(loud, alerts=(msgspec.structs.replace(loud.alerts[0], acknowledged=seen),))
    assert "▲&nbsp;<bdi>ALARM" in air_section(loud, AGREED, NOW_MS) and "▲" not in air_section(mine, AGREED, NOW_MS)
    assert "ann (duty) 10:00Z: told" in air_section(mine, AGREED, NOW_MS)
    assert 'class="track alarm"' in air_map(loud, AGREED) and 'class="track alarm seen"' in air_map(mine, AGREED)
    assert "loss, seen" in air_map(mine, AGREED)
    theirs = msgspec.structs.replace(loud, alerts=(msgspec.structs.replace(loud.alerts[0], others=(seen,)),))
    assert "at north: ann" in air_section(theirs, AGREED, NOW_MS) and "ALARM" in air_section(theirs, AGREED, NOW_MS)


def test_the_first_line_is_green_only_without_alarms() -> None:
    """The page says in green that nothing waits, and an alarm stands that nobody has seen."""
    world = World()
    world.share()
    loud = AirReport(NOW_MS, alerts=(alert(1, "000001"), alert(2, "000002")))
    seen = Seen("centre", "ann", "duty", NOW_MS, "centre/9")
    mine = msgspec.structs.replace(
        loud, alerts=tuple(msgspec.structs.replace(each, acknowledged=seen) for each in loud.alerts)
    )
    heard_ms = dict.fromkeys(("north", "south", "monitor"), world.at_ms)

    def first(air: AirReport | None) -> str:
        shown = html(world, "centre", heard_ms=heard_ms, air=None if air is None else (air, AGREED))
        return shown.partition('<p class="first">')[2].partition("</p>")[0]

    assert "2 alarms of the watch stand unacknowledged; first: alert 1, loss: too near" in first(loud)
    assert first(None).startswith('<span class="good">') and 'class="good"' not in first(loud)
    assert first(mine) == first(AirReport(NOW_MS)) == first(None)
    for unwell in (AirReport(waits_for="being compiled"), AirReport(unsound=("roof",)), AirReport(alerts_left_out=1)):
        assert 'class="good"' not in first(unwell)


def test_no_markup_of_others() -> None:
    """What a feed calls a track is text, whatever it is."""
    bad = "<script>x</script>\u202e"
    tracks = (track(1, callsign=bad, flight=bad),)
    text = air_section(
        AirReport(NOW_MS, bad, tracks, alerts=(alert(1, "000001", reason=bad),), sources=(bad,)), AGREED, 0
    )
    assert "<script" not in text and "\u202e" not in text and "&lt;script&gt;" in text


def test_over_the_antimeridian_and_empty() -> None:
    """A map over the antimeridian holds both sides; one of nothing at all is drawn, too."""
    area = AgreedArea("far", volume(-18, 179.5, -17, 180), "5.1", "exemption")
    svg = air_map(AirReport(NOW_MS, tracks=(track(1, -17.5, 179.9), track(2, -17.5, -179.95))), Agreed((area,)))
    assert len(signs(svg)) == 2
    assert not signs(air_map(AirReport(), Agreed()))


def test_what_it_waits_for() -> None:
    """A watch that does not watch yet says so, and a source that is not sound is marked; nothing says clear."""
    report = AirReport(waits_for="being compiled", sources=("roof: down", "ops: 3 tracks"), unsound=("roof",))
    text = air_section(report, AGREED, NOW_MS)
    assert "▲" in text.partition("being compiled")[0] and text.count("▲") == 2
    assert "nothing is known yet of any track" in text and "clear" not in text
    assert OfficeState("north", "North", "signatory", {}, (), None).air is None
