"""What came out of a sweep, in sentences."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult
from core.inference.samples import McSummary
from core.uncertainty import predictive_entropy
from core.uncertainty.policy import Policy
from pages.parts.finding import compared, finding, twin_finding

LABEL = 2


def result(said: list[int], sure: list[float], twin_said: list[int], twin_sure: list[float]) -> Any:
    """A committee and a twin that say this, as surely as that, of a 2."""

    def softmax(answers: list[int], shares: list[float]) -> np.ndarray:
        rows = np.repeat((1 - np.array(shares))[:, None] / 9, 10, axis=1)
        rows[np.arange(len(answers)), answers] = shares
        return rows

    steps = len(said)
    return SweepResult(
        recipe=SweepRecipe(
            kind="rotation",
            images=(np.zeros((28, 28, 1), dtype=np.float32),),
            labels=(LABEL,),
            num_steps=steps,
            num_samples=4,
        ),
        images=np.zeros((steps, 28, 28, 1), dtype=np.float32),
        summary=McSummary.from_samples(np.tile(softmax(said, sure), (4, 1, 1))),
        twin=softmax(twin_said, twin_sure).astype(np.float32),
    )


NO_POLICY = Policy()
QUANTILES: Any = SimpleNamespace(
    share_below=lambda measure, value: 0.999 if value > 1.0 and measure else 0.5
)


def test_finding_counts_where_the_committee_is_wrong_and_how_unsure_it_is_there() -> None:
    sweep = result([2, 2, 7, 7], [0.99, 0.9, 0.4, 0.3], [2] * 4, [0.9] * 4)
    entropy = predictive_entropy(sweep.summary)
    text = finding(sweep, "angles")
    assert "At <b>2 of 4</b> angles the committee’s answer is wrong" in text
    assert f"<b>{entropy[2:].mean():.2f} nats</b>" in text
    assert f"against <b>{entropy[:2].mean():.2f}</b>" in text


def test_finding_of_an_always_right_committee() -> None:
    text = finding(result([2] * 3, [0.9] * 3, [2] * 3, [0.9] * 3), "blends")
    assert text.startswith("The committee’s answer is right at all 3 blends.")


def test_twin_finding_counts_what_it_would_have_passed_on_and_who_saw_it() -> None:
    # Wrong and believed at 1 and 2; the committee is unsure at 2 and, needlessly, at 3.
    sweep = result([2, 7, 7, 2], [0.99, 0.97, 0.4, 0.4], [2, 7, 7, 2], [0.9, 0.9, 0.8, 0.9])
    text = twin_finding(sweep, 0.5, "angles", QUANTILES, NO_POLICY)
    assert "The twin alone, believed at a softmax over 0.50, would have passed on" in text
    assert "at <b>2 of 4</b> angles" in text
    assert "The committee flags <b>1 of the 2</b>, its entropy being above that of 99%" in text
    assert "so it does at 1 of the 2 at which the twin is believed and right" in text


def test_the_price_counts_only_where_the_twin_is_believed() -> None:
    # Right at 2, 3 and 4, but believed at 2 and 3 only; the committee is unsure everywhere.
    sweep = result([7, 2, 2, 2], [0.4] * 4, [7, 2, 2, 2], [0.9, 0.9, 0.9, 0.4])
    text = twin_finding(sweep, 0.5, "angles", QUANTILES, NO_POLICY)
    assert "so it does at all 2 of them at which the twin is believed and right" in text


def test_a_higher_threshold_passes_on_less() -> None:
    sweep = result([7, 7, 2], [0.4, 0.4, 0.9], [7, 7, 2], [0.6, 0.95, 0.9])
    assert "<b>2 of 3</b>" in twin_finding(sweep, 0.5, "angles", None, NO_POLICY)
    assert "<b>1 of 3</b>" in twin_finding(sweep, 0.8, "angles", None, NO_POLICY)
    assert "at none of 3 angles" in twin_finding(sweep, 0.96, "angles", QUANTILES, NO_POLICY)


def test_the_plain_network_is_counted_likewise() -> None:
    sweep = result([2, 2], [0.9, 0.9], [2, 2], [0.9, 0.9])
    plain = np.zeros((2, 10), dtype=np.float32)
    plain[0, 5] = plain[1, LABEL] = 1.0
    text = twin_finding(sweep.with_plain(plain), 0.5, "angles", None, NO_POLICY)
    assert "The plain network, believed at a softmax over 0.50, would have passed on" in text
    assert "at <b>1 of 2</b>" in text


@pytest.mark.parametrize("threshold", [0.1, 0.5])
def test_without_a_label_nobody_is_right_or_wrong(threshold: float) -> None:
    recipe = SweepRecipe(
        "rotation", (np.zeros((28, 28, 1), np.float32),), num_steps=3, num_samples=4
    )
    known = result([2] * 3, [0.9] * 3, [2] * 3, [0.9] * 3)
    sweep = SweepResult(recipe, known.images, known.summary, known.twin)
    assert twin_finding(sweep, threshold, "angles", QUANTILES, NO_POLICY) == ""
    assert finding(sweep, "angles").startswith("The entropy is lowest at")


def test_a_pinned_sweep_is_counted_beside_the_shown_one() -> None:
    shown = result([2, 2, 7], [0.9] * 3, [2] * 3, [0.9] * 3)
    pinned = result([2, 7, 7], [0.9] * 3, [2] * 3, [0.9] * 3)
    text = compared(shown, pinned, "<mine>", "angles")
    assert "&lt;mine&gt;" in text and "<mine>" not in text
    assert "is wrong at 2 of them and gives the same answer at 2 of 3 angles" in text
    assert compared(shown, result([2] * 4, [0.9] * 4, [2] * 4, [0.9] * 4), "x", "angles") == ""


def test_a_policy_decides_what_the_committee_does_not_know() -> None:
    sweep = result([7, 7, 2, 2], [0.99, 0.4, 0.4, 0.99], [7, 7, 2, 2], [0.9] * 4)
    policy = Policy({"confidence": 0.5}, name="half")
    text = twin_finding(sweep, 0.5, "angles", None, policy)
    assert "The committee says “I don’t know” at <b>1 of the 2</b>; the price" in text
    assert "so it does at 1 of the 2 at which the twin is believed and right" in text
