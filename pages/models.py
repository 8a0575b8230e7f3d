"""Models: compare the networks, bring one's own, or see one that gives values."""

from __future__ import annotations

from pages.parts.bring_model import show_bringing
from pages.parts.drawing import open_image
from pages.parts.head import show_head
from pages.parts.links import open_link, write_link
from pages.parts.model_views import BRING, COMPARE, show_views, view_of_link
from pages.parts.network_list import show_networks
from pages.parts.regression import show_regression
from pages.parts.settings import settings_of_link, show_settings
from pages.parts.zoo_compare import show_compare


def main() -> None:
    """Show the page."""
    show_head(
        "Models", "What rate, activation and kind of dropout do; or bring a network of your own."
    )
    open_link({"image": open_image, **view_of_link(settings_of_link())})
    settings = show_settings()
    view = show_views(settings)
    if view == COMPARE:
        show_compare(settings)
        return
    if view == BRING:
        show_networks(settings)
        show_bringing()
    else:
        show_regression()
    write_link({**settings.in_link(), "view": view})


main()
