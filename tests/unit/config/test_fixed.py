"""Some settings need a restart, and are told from those that do not."""

from __future__ import annotations

from datetime import timedelta

from config.fixed import keep_fixed
from config.settings import Settings


def settings(**sections: object) -> Settings:
    """Return settings with what differs from the defaults."""
    return Settings.model_validate(sections)


def test_what_can_change_changes() -> None:
    """Nothing is refused, and the wanted settings come back."""
    wanted = settings(
        classify={"threshold": 0.7}, crawl={"poll_deadline": "1m", "max_pages_per_poll": 3}, schedule={"max_polls": 2}
    )
    assert keep_fixed(settings(), wanted) == (wanted, ())


def test_what_is_fixed_stays_and_is_named() -> None:
    """Whole sections and single settings; the rest of their sections changes all the same."""
    wanted = settings(
        data_dir="elsewhere",
        database="postgresql://db/x",
        archive={"enabled": True},
        crawl={"delay": "9s", "user_agent": "x", "poll_deadline": "1m"},
        schedule={"poll_tick": "9s", "stop_timeout": "1s"},
        rechecks={"enabled": False, "max_per_tick": 3},
        reload={"tick": "9s", "watch": False},
    )
    kept, refused = keep_fixed(settings(), wanted)
    assert refused == (
        "data_dir", "database", "archive", "crawl.user_agent", "crawl.delay", "schedule.poll_tick", "rechecks.enabled",
        "reload.tick",
    )  # fmt: skip
    assert kept == settings(
        crawl={"poll_deadline": "1m"},
        schedule={"stop_timeout": "1s"},
        rechecks={"max_per_tick": 3},
        reload={"watch": False},
    )
    assert kept.crawl.poll_deadline == timedelta(minutes=1)
