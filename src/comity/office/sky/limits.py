"""Every limit that an office sets on its sources of live tracks, each with its unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SkyLimits:
    """Bounds of one source each; the defaults carry some thousand aircraft that report every second."""

    sources_most: int = 16
    queue_reports: int = 20_000
    tracks_each: int = 20_000
    track_kept_ms: int = 60_000
    doubled_within_ms: int = 250

    bytes_a_second: int = 2 * 1024 * 1024
    reports_a_second: int = 15_000
    slice_bytes: int = 65_536
    slice_reports: int = 500
    document_bytes: int = 8 * 1024 * 1024

    ahead_most_ms: int = 30_000
    behind_most_ms: int = 600_000
    silent_after_ms: int = 10_000
    flood_shown_ms: int = 10_000
    connect_ms: int = 10_000
    idle_ms: int = 60_000
    backoff_first_ms: int = 1_000
    backoff_most_ms: int = 60_000
    full_wait_ms: int = 20


DEFAULT = SkyLimits()
