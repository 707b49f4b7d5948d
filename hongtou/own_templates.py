"""Loads the templates that a configuration's channels and routes name, from the folder beside its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alerts.user_templates import load_user_templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alerts.template_sets import TemplateSet
    from config.loaded import Loaded


def own_templates(loaded: Loaded) -> Mapping[str, TemplateSet]:
    """Return the user's sets of templates by name, all tried.

    Raises:
        ConfigError: A template has faults, or one is named that is not there.
    """
    channels = [channel.template for channel in loaded.settings.channels.values()]
    routes = [route.template for route in loaded.routes]
    return load_user_templates(loaded.template_folder, wanted=[*channels, *routes])
