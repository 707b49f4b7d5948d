"""Some settings need a restart, and are told from those that do not."""

from __future__ import annotations

from config.fixed import keep_fixed
from config.settings import Settings


def settings(**sections: object) -> Settings:
    """Return settings with what differs from the defaults."""
    return Settings.model_validate(sections)


def test_what_can_change_changes() -> None:
    """Nothing is refused, and the wanted settings come back."""
    wanted = settings(
        archive={"enabled": True}, copies={"within": "3d"}, crawl={"delay": "9s"}, schedule={"poll_tick": "9s"}
    )
    assert keep_fixed(settings(), wanted) == (wanted, ())


def test_what_is_fixed_stays_and_is_named() -> None:
    """The folder and the database stay as they are; the rest changes all the same."""
    wanted = settings(data_dir="elsewhere", database="postgresql://db/x", rechecks={"max_per_tick": 3})
    kept, refused = keep_fixed(settings(), wanted)
    assert refused == ("data_dir", "database")
    assert kept == settings(rechecks={"max_per_tick": 3})
