"""The page of a running office on the loopback address: by whom it is read, and how much of the loop's time it takes.

Whoever has an account on the machine can open the port, so the page stands under a path that only the office's people
are told, and holds nothing of the private register. Not trusted: the names that a browser asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from comity.office.office import Office
from comity.office.ports import Clock
from comity.office.steps import Steps

DRAWING = "drawing the status page"
LOOPBACK = ("127.0.0.1", "localhost")  # what a browser may have asked for; another name would be some site's trick
KEPT_TIMES = 20
Failed = Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that people of this office may read, and can do nothing with; `path` ends its address.

    `render` leaves out a part that cannot be drawn, and hands over what it raised.
    """

    port: int
    render: Callable[[Office, Failed], str]
    path: str = "/"


class Drawn:
    """The page as it was drawn last, kept for twenty times as long as that took: the loop draws for everybody."""

    def __init__(self, page: Page, clock: Clock, steps: Steps) -> None:
        """Nothing is drawn before somebody asks."""
        self._page = page
        self._clock = clock
        self._steps = steps
        self._text = ""
        self._until_ms = -1

    def text(self, office: Office) -> str:
        """The whole page; raises whatever the drawing raises beside its parts."""
        begun_ms = self._clock.steady_ms()
        if begun_ms < self._until_ms:
            return self._text
        failed: list[Exception] = []
        self._text = self._page.render(office, failed.append)
        ended_ms = self._clock.steady_ms()
        self._until_ms = ended_ms + KEPT_TIMES * (ended_ms - begun_ms)
        for error in failed:
            self._steps.failed(DRAWING, error)
        if not failed:
            self._steps.succeeded(DRAWING)
        return self._text


async def listen_to_readers(page: Page, office: Callable[[], Office], clock: Clock, steps: Steps) -> web.AppRunner:
    """Shows the page until the runner is cleaned up."""
    drawn = Drawn(page, clock, steps)

    async def show(request: web.Request) -> web.Response:
        if request.url.host not in LOOPBACK:
            return web.Response(status=421, text="this page is read at http://127.0.0.1 only")
        try:
            text = drawn.text(office())
        except Exception as error:
            steps.failed(DRAWING, error)
            return web.Response(status=500, text="this page failed; comity status and comity show say the same")
        headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    application = web.Application()
    application.router.add_get(page.path, show)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK[0], page.port).start()
    return runner
