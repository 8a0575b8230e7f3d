from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.experiments.study_answers import Answers
from core.experiments.study_limits import POINTS, WHOS
from core.experiments.study_report import Rates, Study, report_study
from core.networks import load_card
from core.uncertainty import MEASURES
from tests.core.experiments.studies import answers_of, study, study_answers


@pytest.fixture(scope="module")
def report() -> Study:
    return study()


def test_all_accepted_is_coverage_1_and_false_accepts_are_the_errors() -> None:
    answers = study_answers()
    sure = np.ones((40, 6))
    right = np.random.default_rng(0).random((40, 6)) < 0.6
    twin_right = np.random.default_rng(1).random((40, 6)) < 0.5
    upright = answers_of(np.full((300, 1), 0.9), np.ones((300, 1), np.bool_))

    got = report_study(
        replace(
            answers,
            upright=upright,
            test=answers_of(sure, twin_right, 1.0 - sure, right),
        ),
        load_card("mc"),
    )

    for outcome in got.outcomes:
        if outcome.rule.point == "best":
            continue
        expected = twin_right if outcome.rule.who == "twin" else right
        assert outcome.coverage.overall.value == 1.0
        assert outcome.false_accepts.overall.value == pytest.approx(1.0 - expected.mean())
        np.testing.assert_allclose(
            outcome.false_accepts.by_step.value, 1.0 - expected.mean(axis=0), atol=1e-12
        )
        assert outcome.right_accepted.value == pytest.approx(expected.mean())


def test_rates_are_plain_means_by_step_and_by_digit(report: Study) -> None:
    answers = study_answers()

    for outcome in report.outcomes:
        accepted = outcome.rule.accepts(answers.test)
        wrong = accepted & ~answers.test.is_right(outcome.rule.who)
        for rates, hits in ((outcome.coverage, accepted), (outcome.false_accepts, wrong)):
            assert rates.overall.value == pytest.approx(hits.mean())
            np.testing.assert_allclose(rates.by_step.value, hits.mean(axis=0), atol=1e-12)
            for place, digit in enumerate(report.digits):
                expected = hits[answers.digits == digit].mean()
                assert rates.by_digit[place].value == pytest.approx(expected)
        right = accepted & answers.test.is_right(outcome.rule.who)
        assert outcome.right_accepted.value == pytest.approx(right.mean())
    assert report.accuracy["twin"].overall.value == pytest.approx(answers.test.twin_right.mean())
    assert report.digits == tuple(range(10)) and report.images_of_digit == (4,) * 10


def test_differences_are_measure_minus_twin_at_the_same_point(report: Study) -> None:
    for point in POINTS:
        twin = report.outcome(point, "twin")
        assert twin.more_false_accepts is None
        for who in MEASURES:
            outcome = report.outcome(point, who)
            assert outcome.more_coverage is not None and outcome.more_false_accepts is not None
            assert outcome.more_right_accepted is not None
            for more, its, ours in (
                (outcome.more_coverage, twin.coverage, outcome.coverage),
                (outcome.more_false_accepts, twin.false_accepts, outcome.false_accepts),
            ):
                assert more.overall.value == pytest.approx(
                    ours.overall.value - its.overall.value, abs=1e-12
                )
                np.testing.assert_allclose(
                    more.by_digit.value, ours.by_digit.value - its.by_digit.value, atol=1e-12
                )
            assert outcome.more_right_accepted.value == pytest.approx(
                outcome.right_accepted.value - twin.right_accepted.value, abs=1e-12
            )


def test_intervals_hold_the_estimate(report: Study) -> None:
    several: list[Rates] = [*report.accuracy.values()]
    for outcome in report.outcomes:
        several += [outcome.coverage, outcome.false_accepts]
    for rates in several:
        for each in (rates.overall, rates.by_step[0], rates.by_step[5], rates.by_digit[3]):
            assert each.low - 1e-9 <= each.value <= each.high + 1e-9


def test_intervals_are_of_images_not_of_steps() -> None:
    answers = study_answers()
    # All steps of an image alike: as if there were one step.
    right = np.repeat(np.random.default_rng(4).random((40, 1)) < 0.5, 6, axis=1)
    one = replace(answers.test, twin_right=right, right=right)

    got = report_study(replace(answers, test=one), load_card("mc")).accuracy["twin"].overall

    # Within digits of 4 images each, each with its own share.
    shares = right[:, 0].reshape(4, 10).mean(axis=0)
    deviation = np.sqrt((shares * (1 - shares)).sum() / 4) / 10
    assert got.high - got.low == pytest.approx(2 * 1.96 * deviation, rel=0.2)


def test_few_upright_images_make_a_limit_that_is_little_known() -> None:
    answers = study_answers(num_images=400)
    widths = []
    for copies in (50, 1):  # the same 60 images, so the same limits, but known less well
        upright = Answers(
            **{
                each.name: np.tile(getattr(answers.upright, each.name)[:60].T, copies).T
                for each in fields(Answers)
            }
        )
        got = report_study(replace(answers, upright=upright), load_card("mc"))
        interval = got.outcome("c95", "variance").coverage.overall
        widths.append(interval.high - interval.low)

    assert widths[1] > 1.5 * widths[0]


def test_committee_that_knows_more_comes_out_ahead_and_the_same_one_does_not() -> None:
    ahead, same = study(gain=0.4), study_answers()
    softmax = same.test.softmax.astype(np.float64)
    upright, swept = same.upright, same.validation
    twins_own = replace(
        same,
        upright=answers_of(upright.softmax.astype(np.float64), upright.twin_right),
        validation=answers_of(swept.softmax.astype(np.float64), swept.twin_right),
        test=answers_of(softmax, same.test.twin_right),
    )

    gain = ahead.more_ranking["variance"]
    assert gain is not None and gain.low > 0
    fewer = ahead.outcome("c95", "predictive_entropy").more_false_accepts
    assert fewer is not None and fewer.overall.high < 0
    # The softmax itself as a measure: no difference but that of rounding to float32.
    nothing = report_study(twins_own, load_card("mc"))
    for point in ("c99", "c95"):
        more = nothing.outcome(point, "confidence").more_false_accepts
        assert more is not None and more.overall.value == pytest.approx(0.0, abs=0.005)


def test_report_is_the_same_every_time(report: Study) -> None:
    again = study()

    assert again.outcomes[5].false_accepts.overall == report.outcomes[5].false_accepts.overall
    assert again.ranking == report.ranking


def test_study_without_a_wrong_answer_has_no_ranking() -> None:
    answers = study_answers()
    all_right = np.ones((40, 6), np.bool_)

    got = report_study(
        replace(answers, test=replace(answers.test, right=all_right, twin_right=all_right)),
        load_card("mc"),
    )

    assert set(got.ranking.values()) == set(got.more_ranking.values()) == {None}
    assert got.accuracy["committee"].overall.value == 1.0


def test_unknown_rules_are_refused(report: Study) -> None:
    assert len(report.outcomes) == len(POINTS) * len(WHOS)
    with pytest.raises(InvalidInputError, match="point"):
        report.outcome("c50", "twin")
    with pytest.raises(InvalidInputError, match="who"):
        report.outcome("best", "doubt")
