"""A batch to take home: CSV for a spreadsheet, Parquet for a program."""

from __future__ import annotations

import shlex
from functools import partial

import numpy as np
import numpy.typing as npt
import streamlit as st

from core.experiments.batch_decisions import BatchDecisions
from core.experiments.batch_table import (
    batch_columns,
    batch_csv,
    batch_metadata,
    batch_parquet,
)
from core.figures import numbers
from core.limits import DEFAULT_NUM_SAMPLES

from .batch_kept import KeptBatch
from .engine import DEFAULT
from .policies import default_policy

_ALL, _SHOWN = "all", "shown"


def show_take_home(
    kept: KeptBatch,
    decisions: BatchDecisions,
    places: npt.NDArray[np.int64],
    measure: str,
    *,
    is_filtered: bool,
) -> None:
    """Show what a batch can be saved as, behind a button; a file is made when it is asked for.

    Args:
        kept: the batch.
        decisions: on it.
        places: of the rows that pass the filters, in order.
        measure: that they are in order of.
        is_filtered: whether these are not all.
    """
    with st.popover("Take home", icon=":material/download:"):
        chosen = kept.result.order(measure)
        if is_filtered:
            words = {
                _ALL: f"All {numbers.count(len(chosen))}",
                _SHOWN: f"The {numbers.count(len(places))} shown",
            }
            which = st.segmented_control(
                "Rows",
                [_ALL, _SHOWN],
                default=_ALL,
                required=True,
                format_func=lambda name: words[name],
                key="batch.which",
            )
            chosen = places if which == _SHOWN else chosen
        rows = f"{numbers.count(len(chosen))} row{'s' if len(chosen) != 1 else ''}"
        st.download_button(
            f"Table, CSV: {rows}",
            partial(_csv, kept, decisions, chosen),
            "labrador-batch.csv",
            "text/csv",
            key="batch.csv",
            help="For a spreadsheet. A name that it would take for a formula has a ’ in front.",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            f"Table, Parquet: {rows}",
            partial(_parquet, kept, decisions, chosen),
            "labrador-batch.parquet",
            "application/vnd.apache.parquet",
            key="batch.parquet",
            help="For pandas and the like, with the network’s sha256, passes, seed and policy.",
            on_click="ignore",
            width="stretch",
        )
        st.caption("Of a folder, from a terminal:")
        st.code(_command(kept, decisions), language="bash", wrap_lines=True)


def _command(kept: KeptBatch, decisions: BatchDecisions) -> str:
    """Return what makes such a table of a folder; files of one's own are named in capitals."""
    words = ["python -m core predict FOLDER"]
    if kept.facts.own is not None:
        words.append("--model MODEL.keras")
    elif kept.network != DEFAULT:
        words.append(f"--network {shlex.quote(kept.network)}")
    if kept.result.num_samples != DEFAULT_NUM_SAMPLES:
        words.append(f"--num-samples {kept.result.num_samples}")
    if kept.result.seed:
        words.append(f"--seed {kept.result.seed}")
    if decisions.policy.limits:
        is_default = decisions.policy == default_policy(kept.network)
        words.append(f"--policy {'default' if is_default else 'POLICY.json'}")
    return " ".join([*words, "--out scores.parquet"])


def _csv(kept: KeptBatch, decisions: BatchDecisions, places: npt.NDArray[np.int64]) -> bytes:
    return batch_csv(batch_columns(kept.result, decisions, places)).encode()


def _parquet(kept: KeptBatch, decisions: BatchDecisions, places: npt.NDArray[np.int64]) -> bytes:
    metadata = batch_metadata(kept.result, decisions, kept.origin)
    return batch_parquet(batch_columns(kept.result, decisions, places), metadata)
