"""What came out of a sweep, in sentences."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.experiments.recipe import SweepRecipe
from core.experiments.sweep import SweepResult
from core.inference.samples import McSummary
from core.uncertainty import predictive_entropy
from core.uncertainty.classes import Classes
from core.uncertainty.policy import Policy
from pages.parts.finding import compared, entropy_finding, finding

LABEL = 2


def result(
    said: list[int],
    sure: list[float],
    twin_said: list[int],
    twin_sure: list[float],
    labels: tuple[int | None, ...] = (LABEL,),
) -> Any:
    """A committee and a twin that say this, as surely as that, of a 2, or of two images."""

    def softmax(answers: list[int], shares: list[float]) -> np.ndarray:
        rows = np.repeat((1 - np.array(shares))[:, None] / 9, 10, axis=1)
        rows[np.arange(len(answers)), answers] = shares
        return rows

    steps = len(said)
    return SweepResult(
        recipe=SweepRecipe(
            kind="blending" if len(labels) > 1 else "rotation",
            images=(np.zeros((28, 28, 1), dtype=np.float32),) * max(len(labels), 1),
            labels=labels,
            num_steps=steps,
            num_samples=4,
        ),
        images=np.zeros((steps, 28, 28, 1), dtype=np.float32),
        summary=McSummary.from_samples(np.tile(softmax(said, sure), (4, 1, 1))),
        twin=softmax(twin_said, twin_sure).astype(np.float32),
    )


NO_POLICY = Policy()
HALF = Policy({"confidence": 0.5}, name="half")
QUANTILES: Any = SimpleNamespace(
    share_below=lambda measure, value: 0.999 if value > 1.0 and measure else 0.5
)


def test_both_mistakes_are_counted_of_the_committee_and_of_the_twin() -> None:
    # The committee: accepts 7 at 1, refuses 7 at 2 and a right 2 at 3. The twin: refuses a right
    # 2 at 0 and accepts 7 at 1 and 2.
    sweep = result([2, 7, 7, 2], [0.99, 0.97, 0.4, 0.4], [2, 7, 7, 2], [0.4, 0.9, 0.8, 0.9])
    assert finding(sweep, 0.5, "angles", HALF) == (
        "The committee accepts a wrong answer at <b>1 of 4 angles</b> and refuses <b>1 of its 2</b>"
        " right ones; the twin, at a softmax over 0.50, accepts a wrong answer at <b>2</b> and"
        " refuses <b>1 of its 2</b> right ones."
    )


def test_where_nothing_wrong_is_accepted_it_is_none() -> None:
    sweep = result([2, 7, 7], [0.9, 0.4, 0.4], [2, 7, 7], [0.9] * 3)
    text = finding(sweep, 0.95, "angles", HALF)
    assert "at <b>none of 3 angles</b> and refuses <b>none of its 1</b> right one;" in text
    assert "accepts a wrong answer at <b>none</b> and refuses <b>1 of its 1</b> right one." in text


@pytest.mark.parametrize(("threshold", "count"), [(0.5, "2"), (0.8, "1"), (0.96, "none")])
def test_a_higher_threshold_has_the_twin_accept_less(threshold: float, count: str) -> None:
    sweep = result([7, 7, 2], [0.4, 0.4, 0.9], [7, 7, 2], [0.6, 0.95, 0.9])
    text = finding(sweep, threshold, "angles", HALF)
    assert (
        f"the twin, at a softmax over {threshold:.2f}, accepts a wrong answer at <b>{count}" in text
    )


def test_without_a_policy_every_answer_is_accepted() -> None:
    sweep = result([7, 7, 2], [0.4, 0.4, 0.9], [7, 7, 2], [0.6, 0.95, 0.9])
    assert finding(sweep, 0.8, "angles", NO_POLICY).startswith(
        "Without a policy, the committee accepts every answer, a wrong one at <b>2 of 3 angles</b>;"
        " the twin, at a softmax over 0.80, accepts a wrong answer at <b>1</b>"
    )


def test_a_blending_follows_the_policy_too_and_either_digit_is_right() -> None:
    sweep = result([2, 7, 7], [0.9, 0.4, 0.9], [2, 7, 7], [0.9] * 3, labels=(2, 7))
    assert finding(sweep, 0.5, "blends", NO_POLICY) == (
        "Without a policy and with either digit counted as right, the committee accepts every"
        " answer and is right at all 3 blends; the twin, at a softmax over 0.50, is right at all 3"
        " and refuses <b>none</b>."
    )
    assert finding(sweep, 0.5, "blends", HALF).startswith(
        "With either digit counted as right, the committee is right at all 3 blends and refuses"
        " <b>1</b> of them;"
    )
    assert entropy_finding(sweep, None, HALF).endswith(
        "; to refuse where two digits show is no mistake."
    )
    assert "no mistake" not in entropy_finding(sweep, None, NO_POLICY)
    same = result([2, 2], [0.9] * 2, [2, 2], [0.9] * 2, labels=(2, 2))
    assert "either digit" not in finding(same, 0.5, "blends", HALF)


def test_a_committee_that_is_always_wrong() -> None:
    sweep = result([7] * 3, [0.9, 0.4, 0.4], [7] * 3, [0.9, 0.9, 0.4])
    assert finding(sweep, 0.5, "angles", HALF) == (
        "The committee is wrong at all 3 angles and accepts <b>1</b> of them; the twin, at a"
        " softmax over 0.50, is wrong at all 3 and accepts <b>2</b>."
    )
    assert "against" not in entropy_finding(sweep, None, HALF)


def test_the_plain_network_is_counted_likewise() -> None:
    sweep = result([2, 2], [0.9, 0.9], [2, 2], [0.9, 0.9])
    plain = np.zeros((2, 10), dtype=np.float32)
    plain[0, 5] = plain[1, LABEL] = 1.0
    assert finding(sweep.with_plain(plain), 0.5, "angles", NO_POLICY).endswith(
        " The plain network, at a softmax over 0.50, accepts a wrong answer at <b>1</b> and refuses"
        " <b>none of its 1</b> right one."
    )


@pytest.mark.parametrize("labels", [(), (2, None)])
def test_without_a_label_only_what_is_accepted_is_counted(labels: tuple[int | None, ...]) -> None:
    sweep = result([2, 7, 7], [0.9, 0.9, 0.4], [2] * 3, [0.9, 0.9, 0.4], labels=labels)
    assert finding(sweep, 0.5, "steps", HALF) == (
        "The committee accepts its answer at <b>2 of 3 steps</b>; the twin, at a softmax over 0.50,"
        " accepts its own at <b>2</b>."
    )
    assert finding(sweep, 0.5, "steps", NO_POLICY).startswith(
        "Without a policy, the committee accepts its answer at all 3 steps;"
    )
    said = "say which digits they are." if labels else "say which digit it is."
    assert entropy_finding(sweep, QUANTILES, HALF).endswith(said)


def test_entropy_is_compared_where_the_committee_is_wrong_and_right() -> None:
    sweep = result([2, 2, 7, 7], [0.99, 0.9, 0.4, 0.3], [2] * 4, [0.9] * 4)
    entropy = predictive_entropy(sweep.summary)
    for quantiles, policy in ((QUANTILES, HALF), (None, NO_POLICY)):
        assert entropy_finding(sweep, quantiles, policy) == (
            f"The committee’s mean entropy is {entropy[2:].mean():.2f} nats where it is wrong,"
            f" against {entropy[:2].mean():.2f} where it is right."
        )


def test_without_a_policy_an_unusual_entropy_is_counted() -> None:
    # Unsure at 2, where it is wrong, and at 3, where it is right.
    sweep = result([2, 7, 7, 2], [0.99, 0.97, 0.4, 0.4], [2] * 4, [0.9] * 4)
    assert entropy_finding(sweep, QUANTILES, NO_POLICY) == (
        "The committee’s entropy is above that of 99% of test digits at <b>1 of its 2</b> wrong"
        " answers and at <b>1 of its 2</b> right ones."
    )


def test_a_pinned_sweep_is_counted_beside_the_shown_one() -> None:
    shown = result([2, 2, 7], [0.9] * 3, [2] * 3, [0.9] * 3)
    pinned = result([2, 7, 7], [0.9] * 3, [2] * 3, [0.9] * 3)
    text = compared(shown, pinned, "<mine>", "angles")
    assert "&lt;mine&gt;" in text and "<mine>" not in text
    assert "is wrong at 2 of them and gives the same answer at 2 of 3 angles" in text
    assert compared(shown, result([2] * 4, [0.9] * 4, [2] * 4, [0.9] * 4), "x", "angles") == ""


def named(sweep: SweepResult, *names: str, noun: str = "class") -> SweepResult:
    recipe = replace(
        sweep.recipe, classes=Classes((*names, *map(str, range(10 - len(names)))), noun)
    )
    return replace(sweep, recipe=recipe)


def test_of_other_classes_than_digits_nothing_is_said_of_digits() -> None:
    unknown = named(result([2, 7], [0.9, 0.9], [2, 7], [0.9, 0.9], labels=(None,)), "cat")
    said = entropy_finding(unknown, None, NO_POLICY)
    assert "say which class it is" in said and "digit" not in said
    both = named(result([2, 1], [0.4, 0.4], [2, 1], [0.9, 0.9], labels=(2, 1)), "cat")
    said = finding(both, 0.5, "blends", HALF) + entropy_finding(both, None, HALF)
    assert "either class counted as right" in said and "two classes show" in said
    assert "digit" not in said


def test_answers_of_other_classes_are_not_compared() -> None:
    sweep = result([2, 7], [0.9, 0.9], [2, 7], [0.9, 0.9])
    said = compared(sweep, named(sweep, "cat"), "<b>mine</b>", "angles")
    assert "same answer" not in said and "something else" in said
    assert "&lt;b&gt;mine" in said
