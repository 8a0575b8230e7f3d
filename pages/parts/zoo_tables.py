"""The zoo's table on the page: what it says, its panels, its numbers, and what one pass buys."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from core.errors import LabradorError
from core.experiments.zoo_findings import zoo_networks, zoo_one_pass, zoo_overview
from core.experiments.zoo_table import BASE, ZooTable
from core.experiments.zoo_table_file import load_zoo_table, stale_rows, zoo_table_path
from core.figures.zoo_multiples import zoo_multiples_spec
from core.store import file_sha256

from .fields import following
from .links import plain
from .live_figure import live_figure
from .settings import Settings
from .zoo_table_html import figures_html, rivals_html

_ROOM = 880  # CSS pixels, for four panels beside each other
_PASSES, _SCALED, _NETWORK = "zoo.passes", "zoo.scaled", "zoo.network"
_ONE = {"all": "All passes", "one": "One pass"}
_AFTER = {"raw": "As they come", "scaled": "Scaled by a temperature"}
_KEY = (
    "Band and square: the base and its 95% interval. ▲ clearly better than the base, ▼ clearly"
    " worse: the interval of the difference on the same images leaves out zero. Hollow, △ ▽: so it"
    " does, but plain networks that differ in nothing but their seed lie as far apart. ● no clear"
    " difference. Time is not tested: band and lines are the middle half of the runs."
)
_ONE_PASS_KEY = (
    "Band and square: the base and its 95% interval. Of one pass no differences were measured. The"
    " ensemble has no single pass of its own: its networks’ are the plain network’s."
)


@st.fragment
def show_tables(settings: Settings) -> None:
    """Show what was measured of every network of the zoo; without the table, why it is not there.

    Args:
        settings: whose network the second table is of at first.
    """
    st.html('<h2 class="lb-section lb-zoo-next">Over whole data sets</h2>')
    try:
        table = _table(_checksum())
    except LabradorError as error:
        st.info(plain(str(error)), icon=":material/error:")
        return
    stale = stale_rows(table)
    if stale:
        titles = plain(", ".join(table.row(name).title for name in stale))
        st.info(
            f"Measured with other weights than are here now: {titles}. `python -m core evaluate"
            " --zoo` measures them again.",
            icon=":material/history:",
        )
    _say(zoo_overview(table))
    with st.container(key="zoo-choices", horizontal=True):
        one_pass = _choice("Answers", _ONE, _PASSES) == "one"
        scaled = _choice("NLL and ECE", _AFTER, _SCALED) == "scaled"
    live_figure(
        zoo_multiples_spec(table, scaled=scaled, one_pass=one_pass),
        "zoo.multiples",
        label="Every figure in a panel: each network’s point and interval. The table below holds"
        " the same numbers.",
        hover=True,
        narrow=zoo_multiples_spec(table, scaled=scaled, one_pass=one_pass, compact=True),
        narrow_below=_ROOM,
        tag=f"{one_pass}:{scaled}",
    )
    st.html(f'<p class="lb-note">{_ONE_PASS_KEY if one_pass else _KEY}</p>')
    st.html(figures_html(table, scaled=scaled, one_pass=one_pass, stale=stale))
    st.html(f'<p class="lb-note">{html.escape(_made(table))}</p>')
    if networks := zoo_networks(table):
        with st.expander("The same in words, network by network", icon=":material/notes:"):
            _say(networks)
    _show_rivals(table, settings)


def _show_rivals(table: ZooTable, settings: Settings) -> None:
    rows = {row.name: row for row in table.rows if row.rivals and row.num_samples > 1}
    if not rows:
        return
    some = next(iter(rows.values()))
    st.html(
        '<h2 class="lb-section lb-zoo-next">What does one pass buy against'
        f" {some.num_samples:,}?</h2>"
    )
    _say(zoo_one_pass(table))
    first = settings.network if settings.network in rows else BASE if BASE in rows else some.name
    chosen = st.session_state.get(_NETWORK)
    name = st.selectbox(
        "Network",
        list(rows),
        format_func=lambda each: rows[each].title,
        width=280,
        **following("zoo.network.choice", chosen if chosen in rows else first, _take_network),
    )
    st.html(rivals_html(rows[str(name)]))
    st.html(
        '<p class="lb-note">▲ clearly better than the committee of the same weights, ▼ clearly'
        " worse, with 95% intervals of the difference on the same images. Every score was fitted on"
        " training images alone.</p>"
    )


def _say(texts: Sequence[str]) -> None:
    """Show paragraphs about the table."""
    said = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    st.html(f'<div class="lb-zoo-says">{said}</div>')


def _take_network(name: str) -> None:
    st.session_state[_NETWORK] = name


def _choice(label: str, options: dict[str, str], key: str) -> str:
    field = f"{key}.field"
    st.session_state[field] = st.session_state.setdefault(key, next(iter(options)))
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        required=True,
        key=field,
        on_change=lambda: st.session_state.update({key: st.session_state[field]}),
    )
    return str(chosen)


def _made(table: ZooTable) -> str:
    sizes = table.sizes
    digits = f"{sizes['test']:,} test digits" if "test" in sizes else "test digits"
    return (
        "Of so many differences a few leave out zero by chance, and the range of seeds is that of"
        " networks without dropout."
        f" Under each number its 95% interval, by {table.num_resamples:,} resamples of"
        f" {digits}; under a time the middle half of the runs, on {table.machine}. Each network was"
        " trained once."
    )


def _checksum() -> str:
    try:
        return file_sha256(zoo_table_path())
    except OSError:
        return ""


@st.cache_resource(max_entries=2, show_spinner=False)
def _table(checksum: str) -> ZooTable:
    """Load the table, once as it is now."""
    return load_zoo_table()
