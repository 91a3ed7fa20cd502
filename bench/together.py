"""From signing to cosigned by both others, over real processes, TLS and loopback: milliseconds, p50 and p99."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench.day import BEGIN_MS
from bench.table import Table
from comity.interfaces.demo.far_station import FarStation
from comity.interfaces.demo.far_world import FarWorld
from comity.interfaces.play.cast import officer_signer, origin_of, root_signer
from comity.interfaces.play.library import agreement_text
from comity.interfaces.play.station import Signing
from comity.model.acts.duty import LineCheck
from comity.office.founding import enrol_act

ACTS = 200
PARTIES = ("us", "ru", "centre")
POLL_S = 0.002


def signed_to_cosigned(table: Table, folder: Path, entries: int) -> None:
    """One act after another at one office; the clock stops when its status shows both cosignatures on that size."""
    with tempfile.TemporaryDirectory(prefix="comity-") as place:
        world = FarWorld(agreement_text("jig-2016").encode(), PARTIES, BEGIN_MS, Path(place), lambda text: None)
        try:
            took_ms = sorted(_measure(world))
        finally:
            world.close()
    p50, p99 = took_ms[len(took_ms) // 2], took_ms[int(len(took_ms) * 0.99)]
    table.add(f"signed to cosigned by both, {ACTS} acts", f"p50 {p50:.0f} ms, p99 {p99:.0f} ms", "p99 under 250 ms")


def _measure(world: FarWorld) -> list[float]:
    for party in PARTIES:
        world.found(party)
    world.sync(PARTIES)
    us, signer = world.stations["us"], officer_signer("us", "duty-1")
    assert isinstance(us, FarStation)
    us.sign(enrol_act(origin_of("us"), "duty-1", ("duty",), signer), Signing(root_signer("us"), "root"))
    world.sync(PARTIES)
    act = LineCheck(with_participant="ru", result="working")
    return [_one(us, act, Signing(signer, "duty")) for _ in range(ACTS)]


def _one(us: FarStation, act: LineCheck, signing: Signing) -> float:
    begin = time.perf_counter()
    result = us.hand_in(act, signing)
    wanted = int(result["taken"]["seq"]) + 1
    while True:
        own = next(each for each in us.door.ask("status")["logs"] if each["origin"] == origin_of("us"))
        if own["size"] >= wanted and len(own["cosigned_by"]) >= len(PARTIES) - 1:
            return (time.perf_counter() - begin) * 1000
        time.sleep(POLL_S)
