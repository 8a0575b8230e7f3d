"""Comparing sweeps: one is pinned, or opened from a file, and the next ones lie over it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.errors import LabradorError
from core.experiments.recipe import SweepKind
from core.experiments.sweep import SweepResult
from core.experiments.sweep_file import load_sweep
from core.figures import numbers
from core.limits import MAX_SWEEP_FILE_BYTES

from .gallery import resolved


@dataclass(frozen=True, eq=False)
class _Pinned:
    """A sweep to compare with, and what its images are called."""

    result: SweepResult
    title: str


@dataclass(frozen=True, eq=False)
class Beside:
    """A sweep that lies beside the one that is shown, and how it is told from it."""

    result: SweepResult
    name: str


def show_compare(page: str, result: SweepResult, title: str) -> Beside | None:
    """Show what can be compared with behind a button, and return what lies beside.

    Args:
        page: of the session's keys.
        result: the sweep that is shown.
        title: what its images are called.
    """
    pinned: _Pinned | None = st.session_state.get(f"{page}.pinned")
    label = "Compare" if pinned is None else f"Beside: {pinned.title}"
    turn = st.session_state.setdefault(f"{page}.open.turn", 0)
    with st.popover(label, icon=":material/push_pin:"):
        if pinned is not None:
            st.button(
                "Remove",
                key=f"{page}.unpin",
                icon=":material/close:",
                on_click=_unpin,
                args=(page,),
            )
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
            key=f"{page}.open.{turn}",
            on_change=_open,
            args=(page, f"{page}.open.{turn}", result.kind),
        )
        if refused := st.session_state.get(f"{page}.refused"):
            st.info(refused, icon=":material/error:")
    return None if pinned is None else Beside(pinned.result, _name(pinned, result))


def _pin(page: str, pinned: _Pinned) -> None:
    st.session_state[f"{page}.pinned"] = pinned
    st.session_state[f"{page}.refused"] = None


def _unpin(page: str) -> None:
    st.session_state[f"{page}.pinned"] = st.session_state[f"{page}.refused"] = None
    st.session_state[f"{page}.open.turn"] += 1  # a new uploader holds no file


def _open(page: str, field: str, kind: SweepKind) -> None:
    upload = st.session_state[field]
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
        _pin(page, _Pinned(loaded, _title(loaded) or upload.name))
    except LabradorError as error:
        st.session_state[f"{page}.refused"] = str(error)


def _title(loaded: SweepResult) -> str:
    """Return what the images of a saved sweep are called, "" where that is not to be found out."""
    try:
        return " + ".join(resolved(each).title for each in loaded.recipe.references)
    except LabradorError:
        return ""


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
