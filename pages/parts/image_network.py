"""What a page that shows images asks of the network: that it takes images."""

from __future__ import annotations

import streamlit as st

from core.errors import LabradorError

from .links import plain
from .networks import NetworkFacts, facts_of
from .settings import Settings


def image_network(settings: Settings) -> NetworkFacts | None:
    """Return what is known of the network of the settings; say so where it takes no images.

    Returns:
        None where the page has nothing to show, which has then been said.
    """
    try:
        facts = facts_of(settings.network)
    except LabradorError as error:
        st.info(plain(str(error)), icon=":material/error:")
        return None
    if facts.frame is None:
        st.info(
            f"“{plain(facts.title)}” takes rows of numbers, not images. Batch scores rows from a"
            " table, and Thresholds limits its answers; or choose another network in the sidebar.",
            icon=":material/table_rows:",
        )
        return None
    return facts
