import pytest

from core.figures import numbers


@pytest.mark.parametrize(
    ("value", "text"), [(0.9478, "94.8%"), (0.0, "0.0%"), (1.0, "100.0%"), (-1e-12, "0.0%")]
)
def test_share_has_one_decimal(value: float, text: str) -> None:
    assert numbers.share(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0%"),
        (0.00049, "0%"),
        (0.0005, "<1%"),
        (0.0099, "<1%"),
        (0.01, "1%"),
        (0.948, "95%"),
        (1.0, "100%"),
    ],
)
def test_short_share_says_none_only_under_a_twentieth_of_a_percent(value: float, text: str) -> None:
    assert numbers.short_share(value) == text


def test_softmax_and_entropy_have_two_decimals_variance_three() -> None:
    assert numbers.softmax(0.787) == "0.79"
    assert numbers.entropy(2.302585) == "2.30"
    assert numbers.entropy(-1e-9) == "0.00"
    assert numbers.variance(0.01251) == "0.013"


def test_counts_have_commas() -> None:
    assert numbers.count(1000) == "1,000"
    assert numbers.count(787) == "787"
    assert numbers.some_of(14, 36) == "14 of 36"
    assert numbers.some_of(985, 1000) == "985 of 1,000"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0011, "0.11%"),
        (0.0993, "9.93%"),
        (0.1, "10.0%"),
        (0.0, "0.00%"),
    ],
)
def test_risk_tells_a_false_accept_in_ten_thousand_answers(value: float, text: str) -> None:
    assert numbers.risk(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0011, "1.1"), (0.0, "0.0"), (0.00002, "<0.1"), (0.00006, "0.1"), (0.2, "200.0")],
)
def test_a_rate_that_is_not_none_is_never_said_to_be(value: float, text: str) -> None:
    assert numbers.per_thousand(value) == text


@pytest.mark.parametrize(
    ("degrees", "text"), [(0, "0°"), (90.0, "90°"), (7.5, "7.5°"), (350, "350°")]
)
def test_angle_has_no_needless_zeros(degrees: float, text: str) -> None:
    assert numbers.angle(degrees) == text


@pytest.mark.parametrize(("alpha", "text"), [(0.0, "0"), (0.5, "0.5"), (13 / 35, "0.37"), (1, "1")])
def test_weight_has_no_needless_zeros(alpha: float, text: str) -> None:
    assert numbers.weight(alpha) == text


def test_passes_are_one_or_many() -> None:
    assert numbers.passes(1) == "1 pass"
    assert numbers.passes(1000) == "1,000 passes"
