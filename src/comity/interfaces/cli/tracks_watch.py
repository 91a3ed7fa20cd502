"""`comity tracks watch`: what the watch of the running office knows, live; one key makes a draft act of an alert.

On a screen an alert is selected, by its number and not by its line, so that no key falls on another alert when lines
move. A draft is shown whole and signed, or not, in the plain lines of the terminal; then the watch comes back.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

import msgspec

from comity.interfaces.cli.air_text import air_screen, air_text, alert_line
from comity.interfaces.cli.drafting import ACKNOWLEDGE, TIE, Drafted, drafts
from comity.interfaces.cli.keystroke import DOWN, ENTER, UP, Keyboard, keys
from comity.interfaces.cli.reach import Door, reach
from comity.interfaces.cli.speech import DONE, REFUSED, columns, complain, say, say_json
from comity.interfaces.cli.tracks_draft import UNSAID_KEY, UNSAID_SEAT, air, show, sign
from comity.interfaces.plain import plain
from comity.model.errors import PeerError
from comity.tlog.errors import StoreError
from comity.views.sky.report import AirReport, AlertRow

EVERY_S = 1.0
PAUSE_S = 3.0  # in which nothing is selected after the selected alert has ended
ENDS = ("q", "Q")
OPENED, CLOSED = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
HOME, LINE_END, REST = "\x1b[H", "\x1b[K\n", "\x1b[J"
MOVES = {UP: -1, "k": -1, DOWN: 1, "j": 1}
INDENT = len("comity: ")
SILENT = "THE OFFICE DOES NOT ANSWER; this is what it said last"


def run_watch(args: argparse.Namespace) -> int:
    """Shows the air once, or again every second; on a screen with a keyboard, until q is pressed."""
    office = reach(args.office)
    if not args.once and not args.json and sys.stdout.isatty() and sys.stdin is not None and sys.stdin.isatty():
        with keys(True) as keyboard:
            return _Screen(office, keyboard, args.office, args.seat, args.key).run()
    with keys(False) as keyboard:
        while True:
            report = air(office)
            if args.json:
                say_json(msgspec.to_builtins(report))
            else:
                say(air_text(report))
            if args.once:
                return DONE
            keyboard.pressed(EVERY_S)


@dataclass(slots=True)
class _Screen:
    """The live table of one officer at his keyboard."""

    office: Door
    keyboard: Keyboard
    folder: str
    seat: str | None
    key: str | None
    selected: int | None = None
    told: str = ""
    selects_at_s: float = 0.0
    report: AirReport = field(default_factory=AirReport)

    def run(self) -> int:
        """Until q is pressed, or nobody is there."""
        self.report = air(self.office)
        self._select()
        sys.stdout.write(OPENED)
        try:
            while True:
                self._draw()
                key = self.keyboard.pressed(EVERY_S)
                if key in ENDS:
                    return DONE
                self.press(key)
                self.look()
        finally:
            sys.stdout.write(CLOSED)
            sys.stdout.flush()

    def look(self) -> None:
        """What the office says now; if it does not answer, what it said last stands, and that is said."""
        try:
            self.report = air(self.office)
        except (PeerError, StoreError):
            self.told = SILENT
            return
        self.told = "" if self.told == SILENT else self.told
        self._select()

    def offers(self) -> dict[str, tuple[Drafted, ...]]:
        """By key, the drafts that the selected alert offers: several of the tie, one for each track, and of places
        that lie far apart."""
        alert = self._alert()
        if alert is None:
            return {}
        found = drafts(alert)
        offers = {
            "a": found[-1:] if alert.acknowledged is None else (),
            "t": tuple(each for each in found if each.act == TIE),
        }
        fitting = tuple(each for each in found if each.act == found[0].act)
        offers["d"] = () if found[0].act in (ACKNOWLEDGE, TIE) else fitting
        return {key: each for key, each in offers.items() if each}

    def press(self, key: str) -> None:
        """What a key does: selects, or drafts of the selected alert."""
        offers = self.offers()
        if key in MOVES:
            self._move(MOVES[key])
        elif key.isdecimal():
            self._choose(int(key))
        elif key.lower() in offers:
            self._draft(offers[key.lower()])
        elif key == ENTER and offers:
            self._draft(offers.get("d") or next(iter(offers.values())))
        elif key:
            self.told = "no alert is selected; select one" if not offers else f"{key!r} does nothing here"

    def _select(self) -> None:
        """The first alert, if none is selected; but not at once when the selected one ends under somebody's finger."""
        if self.selected is not None and self._alert() is None:
            self.told, self.selected = f"alert {self.selected} stands no more", None
            self.selects_at_s = monotonic() + PAUSE_S
        elif self.selected is None and self.report.alerts and monotonic() >= self.selects_at_s:
            self.selected, self.told = self.report.alerts[0].number, ""

    def _alert(self) -> AlertRow | None:
        return next((each for each in self.report.alerts if each.number == self.selected), None)

    def _move(self, step: int) -> None:
        numbers = [each.number for each in self.report.alerts]
        if not numbers:
            return
        at = numbers.index(self.selected) + step if self.selected in numbers else 0
        self.selected, self.told = numbers[min(max(at, 0), len(numbers) - 1)], ""

    def _choose(self, number: int) -> None:
        if any(each.number == number for each in self.report.alerts):
            self.selected, self.told = number, ""
        else:
            self.told = f"no alert {number} stands"

    def _draft(self, offered: Sequence[Drafted]) -> None:
        """Leaves the table, shows the draft, has it signed or not, and comes back."""
        alert = self._alert()
        assert alert is not None, "what is offered is offered by an alert"
        sys.stdout.write(CLOSED)
        sys.stdout.flush()
        with self.keyboard.asking():
            _tell(alert_line(alert))
            for number, each in enumerate(offered, 1):
                _tell(f"{f'{number}: ' * (len(offered) > 1)}{each.act} {each.why}")
            draft = offered[0] if len(offered) == 1 else _one_of(offered)
            if draft is not None:
                self._sign(draft)
            _answered("Enter goes back to the watch")
        sys.stdout.write(OPENED)
        self.told = ""

    def _sign(self, draft: Drafted) -> None:
        key = self.key or _answered("the key file to sign it with, or Enter to sign nothing:")
        if not key:
            show([draft], self.folder, self.seat or UNSAID_SEAT, UNSAID_KEY)
            return
        seat = self.seat or _answered("the seat that you sign in (duty):") or "duty"
        code = sign(draft, self.folder, seat, key)
        if code in (DONE, REFUSED):
            self.key, self.seat = key, seat
        if code == DONE and draft.act == ACKNOWLEDGE:
            self.selected, self.selects_at_s = None, 0.0  # then the first that nobody has seen

    def _draw(self) -> None:
        size = shutil.get_terminal_size()
        above, told = ([SILENT, ""], "") if self.told == SILENT else ([], self.told)
        text = air_screen(self.report, self.selected, [told, self._keys()], size.lines - len(above))
        text = "\n".join([*above, text])
        lines = [line[: size.columns] for line in plain(text, "\n").split("\n")[: size.lines]]
        sys.stdout.write(HOME + LINE_END.join(lines) + LINE_END[:-1] + REST)
        sys.stdout.flush()

    def _keys(self) -> str:
        """What each key does now."""
        offers = self.offers()
        words: tuple[tuple[str, Callable[[str], str]], ...] = (
            ("a", lambda act: "a acknowledge"),
            ("d", lambda act: f"d draft {act}"),
            ("t", lambda act: "t break its tie"),
        )
        told = [say_it(offers[key][0].act) for key, say_it in words if key in offers]
        about = f"alert {self.selected}: {', '.join(told)}; " if told else ""
        moving = "arrows or a number select; " if self.report.alerts else ""
        return f"{about}{moving}q ends"


def _one_of(offered: Sequence[Drafted]) -> Drafted | None:
    answer = _answered(f"which one, 1 to {len(offered)}? Enter for none:")
    return offered[int(answer) - 1] if answer in map(str, range(1, len(offered) + 1)) else None


def _tell(text: str) -> None:
    complain("\n".join(textwrap.wrap(text, columns() - INDENT, break_on_hyphens=False)))


def _answered(question: str) -> str:
    sys.stderr.write(f"comity: {question} ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()
