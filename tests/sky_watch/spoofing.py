"""Reports from elsewhere, put into the reports of a flight."""

from __future__ import annotations

import msgspec

from comity.airspace.fix import Fix


def spoofed(fixes: list[Fix], *numbers: int, north_deg: float = 1.0) -> list[Fix]:
    """The same reports, those of the numbers from elsewhere."""
    return [
        msgspec.structs.replace(fix, latitude_deg=fix.latitude_deg + north_deg) if number in numbers else fix
        for number, fix in enumerate(fixes)
    ]
