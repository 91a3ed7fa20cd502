"""The world of the play over real processes: the same words, another stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from comity.interfaces.demo.drill_clock import DrillClock
from comity.interfaces.demo.far_station import PAUSE_S, FarStation, Running, office_command
from comity.interfaces.demo.made_air import MadeAir
from comity.interfaces.demo.relay import HOST, Lines, free_port
from comity.interfaces.play.cast import Cast, keyring, root_signer
from comity.interfaces.play.station import Signing, Station
from comity.interfaces.play.world import World
from comity.model.entry import Entry
from comity.model.errors import Misuse, PeerError
from comity.model.spans import MINUTE_MS
from comity.model.terms import Terms
from comity.office.folder import OfficeFolder
from comity.office.founding import complete_founding, genesis_act, new_certificate, parse_founding, pins_of
from comity.office.keyring import SystemRandomness

PATIENCE_S = 60.0


class FarWorld(World):
    """Three processes, their lines, and one clock for all."""

    def __init__(
        self,
        agreement: bytes,
        parties: Iterable[str],
        start_ms: int,
        place: Path,
        say: Callable[[str], None],
        day_ms: int | None = None,
    ):
        """Founds every participant's keys and prepares the folders of those that will run; given a day, on that day
        each has a feed of made-up traffic, and a watch over it in a process of its own."""
        self.cast = Cast()
        self.stations: dict[str, Station] = {}
        self._clock_file = place / "drill-clock"
        self._clock_file.write_text("0", "ascii")
        self.clock = DrillClock(self._clock_file)
        self.clock.set_now(start_ms)
        self._say = say
        self._parties = tuple(parties)
        self._folders = {party: OfficeFolder(place / party) for party in self._parties}
        self.founding = _found_all(agreement, self._folders)
        ports = {party: free_port() for party in self._parties}
        self.pages = {party: free_port() for party in self._parties}
        self._ports = ports
        self.air = MadeAir(self._parties, day_ms, self.clock.now_ms) if day_ms is not None else None
        self.lines = Lines(ports)

    @property
    def now_ms(self) -> int:
        """The time of the drill."""
        return self.clock.now_ms()

    @now_ms.setter
    def now_ms(self, now_ms: int) -> None:
        if now_ms > self.clock.now_ms():
            self.clock.set_now(now_ms)

    @property
    def far(self) -> list[FarStation]:
        """The stations that run."""
        return [each for each in self.stations.values() if isinstance(each, FarStation)]

    def found(self, party: str) -> Entry:
        """Starts the office, and signs its first entry with the root key, which is not in its folder."""
        folder = self._folders[party]
        others = [f"{each}={HOST}:{self.lines.port(party, each)}" for each in self._parties if each != party]
        words = ["--clock", str(self._clock_file), "--port", str(self._ports[party]), "--page", str(self.pages[party])]
        words += ["--feed", f"receiver=sbs://{HOST}:{self.air.ports[party]}"] if self.air is not None else []
        words += [word for each in others for word in ("--peer", each)]
        station = FarStation(party, folder, self.clock, Running(office_command(folder, *words), self._say))
        station.when_cut(lambda: self.lines.set_cut(each.name for each in self.far if each.is_cut))
        self.stations[party] = station
        participant = parse_founding(self.founding).participant_by_id(party)
        assert participant is not None
        entry, refusal = station.sign(genesis_act(participant, self.founding), Signing(root_signer(party), "root"))
        assert entry is not None, f"the first entry of {party} is {refusal}"
        return entry

    def fork(self, name: str, copy: str) -> None:
        """The offices of the demo are honest."""
        raise Misuse("the demo's offices are honest; none forks its log")

    def sync(self, names: Iterable[str]) -> None:
        """Waits until these offices, those cut off apart, hold the same."""
        group = [each for each in self.far if each.name in set(names) and not each.is_cut]
        self._wait(lambda: len({tuple(sorted(each.heads().items())) for each in group}) <= 1, "all hold the same")

    def receipts(self) -> None:
        """Lets a little time pass, after which every office that holds something unreceipted signs for it."""
        group = [each for each in self.far if not each.is_cut]
        if not all(each.has_receipted() for each in group):
            terms = parse_founding(self.founding)
            self.now_ms += terms.span_ms("watch_every_min") + MINUTE_MS

    def differences(self) -> list[str]:
        """Where the roots of two offices differ, in words."""
        heads = {each.name: each.heads() for each in self.far}
        first = next(iter(heads.values()))
        return [f"{name} holds other roots than the first office" for name, held in heads.items() if held != first]

    def close(self) -> None:
        """Stops the processes and the lines."""
        for each in self.far:
            each.close()
        self.lines.close()
        if self.air is not None:
            self.air.close()

    def _wait(self, come: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            try:
                if come():
                    return
            except PeerError:
                pass
            time.sleep(PAUSE_S)
        raise PeerError(f"waited {PATIENCE_S:.0f} s in vain until {what}")


def _found_all(agreement: bytes, folders: dict[str, OfficeFolder]) -> bytes:
    """Keys for every participant, the founding file, and the folders of those that run."""
    draft, random, pins, made = parse_founding(agreement), SystemRandomness(), {}, {}
    assert isinstance(draft, Terms)
    for participant in draft.participant:
        ring = keyring(participant.id)
        certificate = new_certificate(ring.origin, datetime.now(UTC), random)
        pins[participant.id] = pins_of(ring, root_signer(participant.id).key, certificate.certificate)
        made[participant.id] = (ring, certificate)
    founding = complete_founding(agreement, pins)
    for party, folder in folders.items():
        ring, certificate = made[party]
        folder.save_keys(ring, certificate.certificate, certificate.private_key)
        folder.begin(founding)
    return founding
