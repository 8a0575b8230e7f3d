"""Draw: a thousand versions of the network look at a digit while it is drawn."""

from __future__ import annotations

from pages.parts.drawing import open_image, show_draw
from pages.parts.head import show_head
from pages.parts.image_network import image_network
from pages.parts.links import open_link
from pages.parts.settings import settings_of_link, show_settings


def main() -> None:
    """Show the page."""
    show_head(
        "Draw",
        "Draw, or show a picture. A committee of random versions of the network looks at it.",
    )
    open_link({"image": open_image, **settings_of_link()})
    settings = show_settings()
    facts = image_network(settings)
    if facts is not None:
        show_draw(settings, facts)


main()
