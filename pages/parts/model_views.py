"""The views of the Models page, one at a time, and which of them a link or a visitor wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from core.errors import InvalidInputError

from .bring_model import is_bringing
from .fields import following
from .host_network import HOST_NAME
from .networks import OWN, brought
from .settings import Settings

COMPARE, BRING, VALUES = "compare", "bring", "values"
VIEWS = {
    COMPARE: "Compare",
    BRING: "Bring your own",
    VALUES: "Values instead of classes",
}
_VIEW = "models.view"


def view_of_link(
    settings: Mapping[str, Callable[[str], None]],
) -> Mapping[str, Callable[[str], None]]:
    """Return what takes the view of a link over, and the settings with it.

    A link to a network that somebody brought, without a view, opens where one brings a network:
    there alone can be done what the page then advises.

    Args:
        settings: what takes the settings over, by name.
    """

    def take_network(text: str) -> None:
        if "view" not in st.query_params and (text.startswith(OWN) or text == HOST_NAME):
            choose_view(BRING)
        settings["network"](text)

    return {"view": _take, **settings, "network": take_network}


def show_views(settings: Settings) -> str:
    """Show the control that picks a view, and return the view.

    By itself it is the comparison; where a network is asked that somebody brought, or one is
    being brought, it is that.
    """
    view = st.session_state.get(_VIEW)
    if view is None:
        is_own = brought(settings.network) is not None or is_bringing()
        view = BRING if is_own else COMPARE
    st.segmented_control(
        "View",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        required=True,
        label_visibility="collapsed",
        **following("models.view.choice", view, choose_view),
    )
    return str(view)


def choose_view(view: str) -> None:
    """Have the page show another view from the next run on."""
    if view in VIEWS:
        st.session_state[_VIEW] = view


def _take(text: str) -> None:
    if text not in VIEWS:
        raise InvalidInputError("view", expected=f"one of {', '.join(VIEWS)}", received=text)
    choose_view(text)
