"""What `comity traffic` does: reads the wish, makes the traffic, writes it or serves it."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from comity.airspace.fix import Fix
from comity.interfaces.cli.speech import DONE, complain, silence
from comity.interfaces.feeds.csv_rows import csv_lines
from comity.interfaces.times import moment_text
from comity.interfaces.traffic.drawing import areas_text, declared_text
from comity.interfaces.traffic.fields import around, box, fields_in
from comity.interfaces.traffic.make import Disc, Traffic, Wish, make
from comity.interfaces.traffic.reports import reports
from comity.interfaces.traffic.serving import LOOPBACK, Receiver, serve
from comity.interfaces.words import distance_m, moment_ms
from comity.model.errors import Misuse

BEGINS = "2016-09-20T10:00Z"
EVERY_SERVED_S = 1.0
EVERY_LEAST_S, EVERY_MOST_S, MINUTES_MOST, SPEED_MOST = 0.2, 60.0, 1_440.0, 1_000.0
COUNTS = ("undeclared", "exempt", "intruders", "frozen", "jumping", "no_height", "encounters")
PORT_MOST = 65_535


def run(args: argparse.Namespace) -> int:
    """Makes the traffic and hands it out."""
    wish = _wish(args)
    fields = fields_in(wish.box)
    complain(f"making {wish.aircraft} flights between {len(fields)} airfields, seed {wish.seed}")
    traffic = make(wish, fields)
    for purpose in sorted(traffic.purposes, key=lambda each: each.at_ms):
        complain(f"on purpose: {' and '.join(purpose.addresses)}: {purpose.what}, about {moment_text(purpose.at_ms)}")
    if args.declared:
        Path(args.declared).write_bytes(declared_text(traffic))
    if args.areas:
        Path(args.areas).write_bytes(areas_text(traffic))
    every_ms = round(1000 * (EVERY_SERVED_S if args.serve is not None and args.every == 5.0 else args.every))
    if args.serve is not None:
        asyncio.run(_serve(traffic, every_ms, args.serve, args.speed))
        return DONE
    lines = csv_lines(reports(traffic.flights, *wish.window_ms, every_ms))
    _write(args.out, lines)
    return DONE


def _wish(args: argparse.Namespace) -> Wish:
    counts = {name: getattr(args, name) for name in COUNTS}
    odd = next((name for name, count in counts.items() if not 0 <= count <= args.aircraft), None)
    if odd is not None:
        raise Misuse(f"{counts[odd]} is no number for --{odd.replace('_', '-')}; give 0 to {args.aircraft}")
    if (
        not 0 < args.minutes <= MINUTES_MOST
        or not EVERY_LEAST_S <= args.every <= 60
        or not 0 < args.speed <= SPEED_MOST
    ):
        raise Misuse(f"give up to {MINUTES_MOST:.0f} minutes, a report every {EVERY_LEAST_S} to 60 s, a speed above 0")
    if args.serve is not None and not 0 <= args.serve <= PORT_MOST:
        raise Misuse(f"{args.serve} is no port; write a number from 1 to {PORT_MOST}, such as --serve 30003")
    now_ms = round(time.time() * 1000)
    begins = args.begins or (None if args.serve is not None else BEGINS)
    return Wish(
        box=box(args.box) if args.box else around(args.around, args.radius),
        begins_ms=now_ms if begins is None else moment_ms(begins, now_ms),
        seed=args.seed,
        aircraft=args.aircraft,
        span_ms=round(args.minutes * 60_000),
        off_corridor_m=tuple(distance_m(text) for text in args.off_corridor or ()),
        areas=tuple(_disc(text) for text in args.area or ()),
        **counts,
    )


def _disc(text: str) -> Disc:
    parts = text.split(",")
    try:
        latitude, longitude, radius_m = float(parts[0]), float(parts[1]), distance_m(parts[2])
    except (ValueError, IndexError):
        raise Misuse(f"{text!r} is no area; write LATITUDE,LONGITUDE,RADIUS such as 36.2,36.8,20km") from None
    if len(parts) != 3 or abs(latitude) > 85 or abs(longitude) > 180:
        raise Misuse(f"{text!r} is no area on the earth; write LATITUDE,LONGITUDE,RADIUS such as 36.2,36.8,20km")
    return Disc(latitude, longitude, radius_m)


def _write(name: str | None, lines: Iterable[str]) -> None:
    if name is None:
        try:
            for line in lines:
                sys.stdout.write(line)
            sys.stdout.flush()
        except BrokenPipeError:
            silence()
        return
    with open(name, "w", encoding="ascii") as file:
        file.writelines(lines)


async def _serve(traffic: Traffic, every_ms: int, port: int, speed: float) -> None:
    """Until its time is over; the times in it run as fast as it does."""
    receiver = Receiver()
    try:
        taken = await receiver.listen(port)
    except OSError as error:
        raise Misuse(f"port {port} cannot be had: {error.strerror or error}; give another one") from None
    complain(
        f"serving at sbs://{LOOPBACK}:{taken} until Ctrl-C, or for {traffic.wish.span_ms / 60_000 / speed:.0f} min"
    )
    begun = time.monotonic()
    begins_ms, until_ms = traffic.wish.window_ms

    def reports_from(from_ms: int) -> Iterator[Fix]:
        return reports(traffic.flights, from_ms, until_ms, every_ms)

    await serve(receiver, reports_from, partial(_clock_ms, begins_ms, begun, speed), until_ms)
    await receiver.close()


def _clock_ms(begins_ms: int, begun: float, speed: float) -> float:
    return begins_ms + (time.monotonic() - begun) * 1000 * speed
