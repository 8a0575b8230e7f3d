"""Inside: which units the passes drop, and what that does to a drawing's answer."""

from __future__ import annotations

from pages.parts.drawing import open_image
from pages.parts.head import show_head
from pages.parts.image_network import image_network
from pages.parts.inside_bar import take_bar
from pages.parts.inside_rates import take_rates
from pages.parts.inside_view import show_inside
from pages.parts.links import open_link
from pages.parts.settings import settings_of_link, show_settings


def main() -> None:
    """Show the page."""
    show_head(
        "Inside",
        "Every pass drops other units. Which ones, how many, and what does that do to the answer?",
    )
    open_link(
        {"image": open_image, "rates": take_rates, "bar": take_bar, **settings_of_link()},
    )
    settings = show_settings()
    facts = image_network(settings)
    if facts is not None:
        show_inside(settings, facts)


main()
