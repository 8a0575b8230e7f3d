"""Comparing sweeps: one is pinned, or opened from a file, and the next ones lie over it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.errors import LabradorError
from core.experiments.recipe import SweepKind
from core.experiments.sweep import SweepResult
from core.experiments.sweep_file import load_sweep
from core.figures import Overlay, numbers
from core.limits import MAX_SWEEP_FILE_BYTES


@dataclass(frozen=True, eq=False)
class _Pinned:
    """A sweep to compare with, and what its images are called."""

    result: SweepResult
    title: str


def show_compare(page: str, result: SweepResult, title: str) -> tuple[Overlay, ...]:
    """Show what can be compared with behind a button, and return what is to be laid over.

    Args:
        page: of the session's keys.
        result: the sweep that is shown.
        title: what its images are called.
    """
    pinned: _Pinned | None = st.session_state.get(f"{page}.pinned")
    label = "Compare" if pinned is None else f"Beside: {pinned.title}"
    with st.popover(label, icon=":material/push_pin:"):
        if pinned is not None:
            st.button("Take the pin out", key=f"{page}.unpin", on_click=_unpin, args=(page,))
        else:
            st.caption("A pinned sweep stays, as thin lines; then pick another image or seed.")
        st.button(
            "Pin this sweep",
            key=f"{page}.pin",
            icon=":material/push_pin:",
            on_click=_pin,
            args=(page, _Pinned(result, title)),
            disabled=not result.is_complete,
        )
        st.file_uploader(
            "Or lay a saved sweep (.npz) beside",
            type="npz",
            key=f"{page}.open",
            on_change=_open,
            args=(page, result.kind),
        )
        if refused := st.session_state.get(f"{page}.refused"):
            st.info(refused, icon=":material/error:")
    return () if pinned is None else (Overlay.of(pinned.result, _name(pinned, result)),)


def _pin(page: str, pinned: _Pinned) -> None:
    st.session_state[f"{page}.pinned"] = pinned
    st.session_state[f"{page}.refused"] = None


def _unpin(page: str) -> None:
    st.session_state[f"{page}.pinned"] = None


def _open(page: str, kind: SweepKind) -> None:
    upload = st.session_state[f"{page}.open"]
    if upload is None:
        st.session_state[f"{page}.refused"] = None
        return
    try:
        st.session_state[f"{page}.refused"] = None
        loaded = load_sweep(_content(upload), upload.name)
        if loaded.kind != kind:
            st.session_state[f"{page}.refused"] = (
                f"{upload.name} is a sweep of {loaded.kind}, and this page shows {kind}."
                " Open it on the page of its own kind."
            )
            return
        _pin(page, _Pinned(loaded, upload.name))
    except LabradorError as error:
        st.session_state[f"{page}.refused"] = str(error)


def _content(upload: st.runtime.uploaded_file_manager.UploadedFile) -> bytes:
    # A file that is larger packed than it may be unpacked is not read at all.
    return b"" if upload.size > MAX_SWEEP_FILE_BYTES else upload.getvalue()


def _name(pinned: _Pinned, shown: SweepResult) -> str:
    """Say what was pinned, and what else of it is different."""
    ours, theirs = shown.recipe, pinned.result.recipe
    name = pinned.title
    if theirs.seed != ours.seed:
        name += f", seed {theirs.seed}"
    if theirs.noise_seed != ours.noise_seed:
        name += f", grains {theirs.noise_seed}"
    if theirs.num_samples != ours.num_samples:
        name += f", {numbers.passes(theirs.num_samples)}"
    if pinned.result.weights_checksum != shown.weights_checksum:
        name += f", network {theirs.network or 'another'}"
    return name
