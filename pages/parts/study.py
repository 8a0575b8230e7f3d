"""Not just this image: what came out of the same sweep over a thousand test digits."""

from __future__ import annotations

import html

import streamlit as st

from core.errors import LabradorError, MissingDataError
from core.experiments.recipe import SweepKind
from core.experiments.study_file import load_study
from core.experiments.study_report import Study
from core.figures import study_spec
from core.figures.study_text import UNTOUCHED, findings, study_sentence

from .live_figure import live_figure


@st.cache_resource(max_entries=12, show_spinner=False)
def _study(kind: SweepKind, network: str) -> Study:
    return load_study(kind, network)


@st.fragment
def show_study(page: str, kind: SweepKind, network: str) -> None:
    """Show the study of a kind of sweep, where there is one for the network."""
    try:
        study = _study(kind, network)
    except MissingDataError:
        return  # a network of somebody's own has none
    except LabradorError as error:
        st.info(str(error), icon=":material/error:")
        return
    st.divider()
    with st.container(key=f"{page}-study"):
        st.html('<h2 class="lb-section">Not just this image</h2>')
        key, field = f"{page}.point", f"{page}.point.field"
        st.session_state[field] = st.session_state.setdefault(key, "best")

        def keep() -> None:
            st.session_state[key] = st.session_state[field]

        digits = UNTOUCHED[kind]
        points = {
            "best": "its best threshold",
            "c99": f"99% of {digits} accepted",
            "c95": "95% accepted",
            "half": "0.5",
        }
        point = st.segmented_control(
            "Threshold of the twin in this study",
            list(points),
            format_func=points.__getitem__,
            required=True,
            key=field,
            on_change=keep,
            help=(
                "The softmax over which the twin is believed. The committee’s limit accepts as"
                f" many {digits}. All limits come from validation images, not from these."
            ),
        )
        point = str(point)
        st.html(f'<p class="lb-finding">{html.escape(study_sentence(study, point))}</p>')
        live_figure(
            study_spec(study, point=point),
            f"{page}.study",
            label="False accepts and coverage of twin and committee over the steps, with bands.",
            hover=True,
            narrow=study_spec(study, point=point, compact=True),
        )
        with st.expander("All findings"):
            for paragraph in findings(study):
                st.markdown(f"* {paragraph}")
            st.caption(
                f"{study.num_images:,} test digits, {study.num_samples:,} passes a step. Bands and"
                " intervals: 95%, bootstrap over images. Computed again by"
                f" `python -m core study {kind}`, which also writes docs/study.md, with every step"
                " and digit."
            )
