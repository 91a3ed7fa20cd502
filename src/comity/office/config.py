"""Every limit that an office sets on what outsiders and its own people feed it, each with its unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of queues, pages, messages and waits; the defaults serve an office with tens of entries a minute."""

    page_entries: int = 512
    page_bytes: int = 4 * 1024 * 1024
    page_hashes: int = 4096
    ahead_hashes: int = 100_000
    message_bytes: int = 8 * 1024 * 1024
    heads_most: int = 256

    waiting_entries_per_log: int = 512
    waiting_lists_per_log: int = 4
    checked_entries: int = 4096
    branches_per_log: int = 16
    problems_kept: int = 1000
    mended_shown_ms: int = 3_600_000

    poll_every_ms: int = 30_000
    request_timeout_ms: int = 20_000
    handshake_ms: int = 10_000
    connections_each: int = 8
    connection_age_ms: int = 120_000
    backoff_first_ms: int = 1_000
    backoff_most_ms: int = 120_000
    refetch_after_ms: int = 60_000

    draft_kept_ms: int = 30_000
    draft_oldest_ms: int = 300_000

    blob_bytes: int = 64 * 1024 * 1024
    private_fields: int = 262_144
    protected_things: int = 65_536
    private_value_bytes: int = 4096

    socket_body_bytes: int = 1024 * 1024
    turn_every_ms: int = 250


DEFAULT = Limits()
