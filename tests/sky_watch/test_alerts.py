"""The memory of alerts: one thing is one alert, and what stood before a new beginning stands after it."""

from __future__ import annotations

from comity.views.sky.alerts import Alert, Finding, Kind, Memory

PAIR = ("aaaaa1", "aaaaa2")


def found(kind: Kind, at_ms: int, identities: tuple[str, ...] = PAIR) -> Finding:
    """A finding of a pair."""
    return Finding(kind, identities, at_ms, "why", "4")


def kinds(alerts: tuple[Alert, ...]) -> list[str]:
    """Of what kinds they are."""
    return [alert.finding.kind for alert in alerts]


def test_a_pair_in_loss_is_no_possible_loss_beside() -> None:
    """One pair too near is two lines on the screen: its tracks lose it, a claim or an old report perhaps."""
    memory = Memory()
    for order in (("loss", "possible-loss"), ("possible-loss", "loss")):
        memory = Memory()
        heard = memory.hear([found(kind, 0) for kind in order], 0)
        assert kinds(heard.began) == kinds(heard.standing) == ["loss"]
    others = memory.hear([found("possible-loss", 1, ("aaaaa1", "aaaaa3"))], 1_000)
    assert kinds(others.began) == ["possible-loss"]


def test_a_loss_ends_what_was_said_less_of() -> None:
    """When the loss begins, what foresaw it and what was possible stand no more; they are said to have ended."""
    memory = Memory()
    memory.hear([found("predicted-loss", 0), found("possible-loss", 0)], 0)
    heard = memory.hear([found("loss", 1_000), found("possible-loss", 1_000)], 1_000)
    assert kinds(heard.standing) == ["loss"] and sorted(kinds(heard.ended)) == ["possible-loss", "predicted-loss"]


def test_what_is_left_of_a_loss_is_said() -> None:
    """When the loss has not held for its while, what is still possible is an alert again: never silence."""
    memory = Memory()
    memory.hear([found("loss", 0)], 0)
    standing = {
        second: kinds(memory.hear([found("possible-loss", second * 1000)], second * 1000).standing)
        for second in range(1, 40)
    }
    assert all(len(each) == 1 for each in standing.values())
    assert standing[30] == ["loss"] and standing[32] == ["possible-loss"]


def test_what_stood_goes_on() -> None:
    """A watch that is started anew says a standing alert anew, as if nobody had seen it."""
    memory = Memory()
    memory.go_on([Alert(found("loss", 0), 5, 10)], 20_000)
    heard = memory.hear([found("loss", 21_000)], 21_000)
    assert not heard.began and heard.standing[0].since_ms == 5
    memory = Memory()
    memory.go_on([Alert(found("loss", 0), 5, 10)], 20_000)
    assert memory.hear([], 50_000).standing and not memory.hear([], 50_001).standing
