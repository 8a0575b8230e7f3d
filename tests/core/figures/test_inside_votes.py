"""How the passes behind a bar vote, beside the rest."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures.inside_votes import votes_spec
from tests.core.figures.insides import PASSES, made_up


def test_chosen_stand_solid_beside_the_rest():
    inside = made_up(matters=True)
    bar = int(np.flatnonzero(inside.summary.histogram[0, 0])[0])
    behind = inside.behind(0, bar)
    spec = votes_spec(behind, ("a", "b", "c"))
    assert spec is not None
    chosen, rest = spec["data"]
    probs = inside.samples.probs_tnc[:, 0]
    low, high = bar / 10, (bar + 1) / 10
    which = (probs[:, 0] >= low) & (probs[:, 0] < high)
    assert chosen["y"] == pytest.approx(probs[which].mean(axis=0), abs=1e-4)
    assert rest["y"] == pytest.approx(probs[~which].mean(axis=0), abs=1e-4)
    assert chosen["name"] == f"{which.sum()} passes of the bar"
    assert rest["name"] == f"the other {PASSES - which.sum()}"


def test_one_group_is_no_figure():
    assert votes_spec(made_up(matters=False).behind(2, 9), ("a", "b", "c")) is None
