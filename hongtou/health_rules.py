"""How patient notices about sources are, as the configuration says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.incident import HealthRules

if TYPE_CHECKING:
    from config.loaded import Loaded


def health_rules(loaded: Loaded) -> HealthRules:
    """Return how patient notices about sources are."""
    health = loaded.settings.health
    return HealthRules(
        grace=health.grace,
        reminder=health.reminder,
        network_grace=health.network_grace,
        least_silence=health.least_silence,
    )
