"""The tables and pictures of docs/sky.md, measured anew over the real day that lies beside the checkout (minutes).

Prints the tables in Markdown; draws docs/pictures/sky-*.svg. Needs matplotlib, which is installed for development only.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from comity.airspace.fix import Fix  # noqa: E402
from comity.interfaces.feeds.files import read_in_order  # noqa: E402
from comity.views.sky.minima import Minima  # noqa: E402
from sky_watch.encounters import KINDS, VARIANTS, Variant, encounters, injected  # noqa: E402
from sky_watch.made import BEGIN_MS, DEG_M, LATITUDE_DEG, LONGITUDE_DEG, line, watch  # noqa: E402
from sky_watch.measure import Found, flight_hours, predicted_pairs, watched  # noqa: E402
from sky_watch.spoofing import spoofed  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
DAY = ROOT.parent / "shared" / "data" / "tracks" / "switzerland_before_1500.csv.gz"
AHEAD_S = (30, 60, 90, 120, 180, 240, 300)
TOLD_AHEAD_S = (60, 120, 300)
COUNT, SEED = 250, 1
BLUE, GREY, RED, ORANGE = "#1f5fa8", "#8a8f98", "#b3261e", "#c77700"


def main() -> int:
    """Measures, prints and draws all of it; the file of the day may be named."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DAY
    day = [each for each in read_in_order(path, path.name) if isinstance(each, Fix)]
    plot = _matplotlib()
    _false_alarms(plot, day)
    found = {variant: _found(day, variant) for variant in VARIANTS}
    _tables(found)
    _warnings(plot, [each for variant in ("plain", "noise") for each in found[variant]])
    _spoofed_picture(plot)
    return 0


def _matplotlib() -> Any:
    matplotlib = import_module("matplotlib")
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "comity", "font.size": 10, "axes.spines.top": False})
    matplotlib.rcParams.update({"axes.spines.right": False, "figure.figsize": (7.2, 3.8), "svg.fonttype": "none"})
    return import_module("matplotlib.pyplot")


def _save(plot: Any, figure: Any, name: str) -> None:
    figure.tight_layout()
    figure.savefig(PICTURES / name, metadata={"Date": None})
    plot.close(figure)


def _false_alarms(plot: Any, day: Sequence[Fix]) -> None:
    hours = flight_hours(day)
    ours, plain = [], []
    for ahead_s in AHEAD_S:
        few, many = predicted_pairs(day, replace(Minima(), ahead_s=float(ahead_s)))
        ours.append(100 * few / hours)
        plain.append(100 * many / hours)
    print(f"{hours:.0f} flight hours\n\n| look-ahead | plain straight line | the watch |\n|---|---|---|")
    for ahead_s, one, other in zip(AHEAD_S, ours, plain, strict=True):
        if ahead_s in TOLD_AHEAD_S:
            print(f"| {ahead_s} s | {other:.0f} | {one:.1f} |")
    figure, axes = plot.subplots()
    axes.plot(AHEAD_S, plain, color=GREY, marker="o", label="a plain straight line")
    axes.plot(AHEAD_S, ours, color=BLUE, marker="o", label="the watch")
    axes.set(xlabel="look-ahead, s", ylabel="pairs predicted in vain\nper 100 flight hours", ylim=(0, None))
    axes.legend(frameon=False)
    _save(plot, figure, "sky-false-alarms.svg")


def _found(day: Sequence[Fix], variant: Variant) -> list[Found]:
    made = list(encounters(day, COUNT, variant, SEED))
    return watched(injected(day, made), made, Minima())


def _tables(found: dict[Variant, list[Found]]) -> None:
    heads = ("what is told", "encounters", "`loss` at the first report inside", "or `possible-loss`", "never")
    print("\n| " + " | ".join(heads) + " |")
    print("|---|---|---|---|---|")
    for variant, each in found.items():
        loss = sum(one.loss_late_s is not None and one.loss_late_s <= 0 for one in each)
        either = sum(one.late_s is not None and one.late_s <= 0 for one in each)
        print(f"| {variant} | {len(each)} | {loss} | {either} | {sum(one.late_s is None for one in each)} |")
    print("\n| warning, mean s (best possible) | " + " | ".join(KINDS) + " |")
    print("|---|" + "---|" * len(KINDS))
    for variant, each in found.items():
        cells = []
        for kind in KINDS:
            some = [one for one in each if one.encounter.kind == kind]
            best = np.mean([one.best_s(Minima().ahead_s) for one in some])
            cells.append(f"{np.mean([one.warning_s() for one in some]):.0f} ({best:.0f})")
        print(f"| {variant} | " + " | ".join(cells) + " |")


def _warnings(plot: Any, found: Sequence[Found]) -> None:
    """How many encounters had at least so much warning."""
    figure, grid = plot.subplots(1, len(KINDS), sharey=True, figsize=(9.6, 2.8))
    for kind, axes in zip(KINDS, grid, strict=True):
        some = [one for one in found if one.encounter.kind == kind]
        for values, colour, label in (
            ([one.best_s(Minima().ahead_s) for one in some], GREY, "best possible"),
            ([one.warning_s() for one in some], BLUE, "the watch"),
        ):
            ordered = np.sort(np.array(values))
            axes.step(ordered, 100 * (1 - np.arange(len(ordered)) / len(ordered)), color=colour, label=label)
        axes.set(title=kind, xlabel="warning, s", xlim=(0, 125), ylim=(0, 102))
    grid[0].set_ylabel("% of encounters\nwith at least that")
    grid[0].legend(frameon=False, fontsize=8, loc="lower left")
    _save(plot, figure, "sky-warning.svg")


def _spoofed_picture(plot: Any) -> None:
    """A false place in the middle of an encounter: the track is led on, the claim stands beside it."""
    own = spoofed(line("aaaaa1", until_s=150), 8, 9, 10, north_deg=0.25)
    other = line("aaaaa2", north_m=26_000, east_m=26_000, track_deg=180, until_s=150)
    figure, axes = plot.subplots(figsize=(7.6, 4.6))
    led, said = [], 0
    for moment in watch(own, other):
        rows = [row for row, track in enumerate(moment.air.tracks) if track.identity == "aaaaa1"]
        led.append(_km(moment.air.nominal.place_m[rows[0]]))
        for alert in moment.heard.began:
            said += 1
            style = {"arrowstyle": "-", "color": RED, "linewidth": 0.7}
            label = f"{alert.finding.kind}, {(alert.since_ms - BEGIN_MS) // 1000} s"
            axes.annotate(label, led[-1], (led[-1][0] - 12, -3 - 3 * said), color=RED, arrowprops=style)
    axes.plot(*zip(*led, strict=True), color=BLUE, linewidth=1, label="where the watch has it")
    for fixes, colour, marker, label in (
        (own, BLUE, "o", "reports of one flight, three of them false"),
        (other, ORANGE, "s", "reports of the other"),
    ):
        axes.scatter(*zip(*map(_fix_km, fixes), strict=True), color=colour, marker=marker, s=18, label=label)
    axes.set(xlabel="km east", ylabel="km north", aspect="equal", ylim=(-20, 32))
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    _save(plot, figure, "sky-spoofed.svg")


def _km(place: Any) -> tuple[float, float]:
    lat = np.degrees(np.arctan2(place[2], np.hypot(place[0], place[1])))
    return _plane_km(float(lat), float(np.degrees(np.arctan2(place[1], place[0]))))


def _fix_km(fix: Fix) -> tuple[float, float]:
    return _plane_km(fix.latitude_deg, fix.longitude_deg)


def _plane_km(latitude_deg: float, longitude_deg: float) -> tuple[float, float]:
    east = (longitude_deg - LONGITUDE_DEG) * np.cos(np.radians(LATITUDE_DEG)) * DEG_M / 1000
    return float(east), (latitude_deg - LATITUDE_DEG) * DEG_M / 1000


if __name__ == "__main__":
    sys.exit(main())
