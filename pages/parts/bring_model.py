"""Bringing a model: the upload, its inspection, and what only its owner can say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import streamlit as st

from core.errors import LabradorError
from core.limits import MAX_MODEL_BYTES, MAX_OWN_NETWORKS
from core.networks.inspection import inspect_model
from core.networks.model_report import ModelReport

from .jobs import Job, watch_job
from .links import plain
from .model_card import facts_html
from .model_setup import show_setup
from .networks import own_networks

_JOB = "bring.job"
_SEEN = "bring.seen"  # the upload that was inspected last
_MAX_MB = MAX_MODEL_BYTES // 2**20


@dataclass(frozen=True, eq=False)
class Brought:
    """A file that is being looked at.

    Attributes:
        name: of the file.
        data: its bytes.
    """

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


def is_bringing() -> bool:
    """Return whether a file of this visitor's is being looked at."""
    return _SEEN in st.session_state


def show_bringing() -> None:
    """Show the upload and, once there is a file, what was found out about it."""
    st.subheader("Bring your own", anchor=False)
    is_full = len(own_networks()) >= MAX_OWN_NETWORKS
    if is_full:
        st.caption(f"You have brought {MAX_OWN_NETWORKS}, all there is room for: remove one first.")
    file = st.file_uploader(
        "A Keras model (.keras)",
        type="keras",
        key="bring.file",
        max_upload_size=_MAX_MB,
        disabled=is_full and _SEEN not in st.session_state,
        help="Save it with model.save('name.keras'). Functional or sequential, images or rows,"
        " any number of classes, a softmax or logits at the end.",
    )
    st.caption(
        "The file is checked before it is opened, and first tried in a process of its own. It is"
        " yours alone, for this visit: it goes when you leave or reload the page, and with it what"
        " you told and scored. Download policies and scores to keep them."
    )
    if file is None:
        st.session_state.pop(_JOB, None)
        st.session_state.pop(_SEEN, None)
        return
    brought = Brought(file.name, file.getvalue())
    if st.session_state.get(_SEEN) != file.file_id:
        st.session_state[_SEEN] = file.file_id
        st.session_state[_JOB] = Job(lambda _note: inspect_model(brought.data, brought.name))
    job: Job[ModelReport] = st.session_state[_JOB]
    job.wait(0.3)
    if job.is_running:
        watch_job(
            job, f"Looking at {brought.name} in a process of its own", "bring", can_stop=False
        )
        return
    if job.error is not None:
        _say_refused(brought, job.error)
        return
    if job.result is not None:
        _show_report(brought, job.result)


def _say_refused(brought: Brought, error: Exception) -> None:
    if not isinstance(error, LabradorError):
        raise error
    st.info(
        f"**{plain(brought.name)} is not opened.** {plain(str(error))}", icon=":material/block:"
    )
    st.caption("Everything else is as it was.")


def _show_report(brought: Brought, report: ModelReport) -> None:
    with st.container(border=True, key="bring-card"):
        st.markdown(f"**{plain(report.name)}**, from {plain(brought.name)}")
        if report.refusal:
            why = plain(report.refusal[:1].upper() + report.refusal[1:])
            st.info(f"**It cannot be used here.** {why}", icon=":material/help:")
        kept = any(report.sha256 == each.sha256 for each in own_networks().values())
        if not kept:
            st.html(facts_html(report))
        if kept:
            with st.expander("Kept: change its names or pixels", icon=":material/check:"):
                show_setup(brought.data, brought.name, report)
        elif not report.refusal:
            show_setup(brought.data, brought.name, report)
