"""Compare: what moves the uncertainty, on one's own drawing and over whole data sets."""

from __future__ import annotations

from .model_views import COMPARE
from .settings import Settings
from .zoo_live import show_live
from .zoo_tables import show_tables


def show_compare(settings: Settings) -> None:
    """Show the view.

    Args:
        settings: with which the networks are asked.
    """
    show_live(settings, COMPARE)
    show_tables(settings)
