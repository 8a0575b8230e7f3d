"""Keeping a policy: what it promises, saved by name, downloaded, uploaded, reset."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import streamlit as st

from core.errors import LabradorError
from core.uncertainty.policy import Policy
from core.uncertainty.policy_file import load_policy, to_document

from .links import plain
from .networks import facts_of
from .policies import (
    PROBLEM,
    current_policy,
    default_policy,
    in_words,
    is_saved,
    save_in_session,
    set_policy,
)
from .settings import Settings


def show_keeping(settings: Settings) -> None:
    """Show what the policy promises, and how to keep it, take it home or bring one."""
    policy = current_policy(settings.network)
    about = policy.provenance
    st.divider()
    told = about.target
    if about.guarantee:
        told += f". Guarantee: {about.guarantee}"
    if about.data:
        told += f". Fitted on {about.data}"
    st.html(
        f'<p class="lb-finding"><b>{html.escape(policy.name)}</b>: accepts'
        f" {html.escape(in_words(policy))}.</p>"
        f'<p class="lb-note">{html.escape(told[:1].upper() + told[1:])}{"." if told else ""}</p>'
    )
    with st.container(key="thresholds-keep", horizontal=True, vertical_alignment="bottom"):
        # A key of its own for each policy: the name of one is not offered for the next.
        field = f"policy.name:{policy.name}"
        name = st.text_input("Name", policy.name, max_chars=80, width=220, key=field)
        st.button(
            "Save policy",
            type="primary",
            icon=":material/save:",
            on_click=_save,
            args=(field, settings.network),
        )
        st.download_button(
            "Download",
            _document(_renamed(policy, name)),
            _file_name(name),
            "application/json",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button(
            "Reset",
            icon=":material/undo:",
            on_click=set_policy,
            args=(default_policy(settings.network), settings.network),
        )
        with st.popover("Upload", icon=":material/upload:"):
            st.file_uploader("A policy (.json)", type="json", key="policy.upload", on_change=_open)
            if refused := st.session_state.get("policy.refused"):
                st.info(refused, icon=":material/error:")
    if is_saved(policy):
        st.caption(
            f":material/check: “{plain(policy.name)}” is saved for this visit, in the sidebar’s"
            " Policy menu. Download it to keep it longer."
        )
    if mismatch := policy.mismatch(facts_of(settings.network).sha256):
        st.info(plain(mismatch), icon=":material/warning:")
    if problem := st.session_state.get(PROBLEM):
        st.info(problem, icon=":material/error:")


def _save(field: str, network: str) -> None:
    # Read at the click: the run that showed the button knew an older name.
    name = str(st.session_state[field])
    try:
        policy = current_policy(network)
        sha256 = facts_of(network).sha256
        save_in_session(replace(policy, name=name.strip(), model_sha256=sha256), network)
    except LabradorError as error:
        st.session_state[PROBLEM] = str(error)


def _renamed(policy: Policy, name: str) -> Policy:
    try:
        return replace(policy, name=name.strip())
    except LabradorError:  # no name that a policy can have
        return policy


def _document(policy: Policy) -> str:
    return json.dumps(to_document(policy), indent=2, ensure_ascii=False)


def _file_name(name: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"{name}.policy.json" if name else "policy.json"


def _open() -> None:
    upload = st.session_state["policy.upload"]
    st.session_state["policy.refused"] = None
    if upload is None:
        return
    try:
        save_in_session(load_policy(upload.getvalue()))
    except LabradorError as error:
        st.session_state["policy.refused"] = f"{upload.name}: {error}"
