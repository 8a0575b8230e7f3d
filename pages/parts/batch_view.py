"""What came of a batch: numbers, filters, the most uncertain images, and the table."""

from __future__ import annotations

import streamlit as st

from core.errors import LabradorError
from core.experiments.batch_decisions import BatchDecisions, summarise_batch
from core.figures import numbers

from .batch_filters import show_filters
from .batch_finding import finding
from .batch_grid import grid_html
from .batch_kept import KeptBatch
from .batch_numbers import numbers_html
from .batch_rows import show_rows
from .batch_take_home import show_take_home
from .settings import Settings


def show_view(kept: KeptBatch, settings: Settings) -> None:
    """Show a batch; verdicts follow the policy of the settings, and no pass is run."""
    result = kept.result
    if (result.num_samples, result.seed) != (settings.num_samples, settings.seed) or (
        kept.network != settings.network
    ):
        st.caption(
            f":material/history: These are answers of {numbers.passes(result.num_samples)}, seed"
            f" {result.seed}, of the network that was chosen then. Run again to follow the"
            " settings."
        )
    try:
        decisions = kept.decide(settings.policy)
    except LabradorError as error:
        st.info(str(error), icon=":material/error:")
        return
    has_limits = bool(settings.policy.limits)
    said = finding(summarise_batch(result, decisions), has_limits=has_limits)
    st.html(f'<p class="lb-finding lb-outcome">{said}</p>')
    st.html(numbers_html(result, decisions))
    _show_items(kept, decisions)


@st.fragment
def _show_items(kept: KeptBatch, decisions: BatchDecisions) -> None:
    with st.container(key="batch-filters", horizontal=True, vertical_alignment="bottom"):
        places, measure, is_filtered = show_filters(kept.result, decisions)
        show_take_home(kept, decisions, places, measure, is_filtered=is_filtered)
    if not len(places):
        st.html(
            '<div class="lb-empty small"><b>No such image.</b>'
            "<span>Take a filter away to see others.</span></div>"
        )
        return
    if kept.result.thumbnails is not None and kept.result.is_read[places].any():
        st.html(grid_html(kept, decisions, places, measure))
    with st.container(key="batch-table"):
        show_rows(kept, decisions, places, measure)
