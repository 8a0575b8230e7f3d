from core.experiments.batch_decisions import BatchSummary
from core.uncertainty.selective import Outcome
from pages.parts.batch_finding import finding


def summary(read, accepted, labelled=0, right=0, let_in=None, items=None):
    twin_risk = None if let_in is None or not let_in.num_accepted else 0.0
    return BatchSummary(items or read, read, accepted, labelled, right, right, let_in, twin_risk)


def test_without_labels_it_says_how_many_are_accepted():
    said = finding(summary(30, 27), has_limits=True)
    assert said == "Of 30 images <b>27</b> are accepted, and <b>3</b> get “I don’t know”."
    assert finding(summary(1, 0), has_limits=True) == (
        "Of 1 image <b>none</b> is accepted, and <b>1</b> gets “I don’t know”."
    )


def test_with_labels_it_says_what_is_wrong_and_the_price():
    said = finding(summary(1000, 930, 1000, 990, Outcome(1000, 930, 2)), has_limits=True)
    assert said == (
        "Of 1,000 images <b>930</b> are accepted, <b>2</b> of them wrong. “I don’t know” goes to"
        " <b>8 of 10</b> wrong answers; the price: <b>62</b> right ones."
    )
    one = finding(summary(3, 2, 3, 2, Outcome(3, 2, 0)), has_limits=True)
    assert one == (
        "Of 3 images <b>2</b> are accepted, <b>none</b> of them wrong. “I don’t know” goes to"
        " <b>the one</b> wrong answer; the price: <b>no</b> right one."
    )


def test_where_no_answer_is_wrong_there_is_only_the_price():
    said = finding(summary(100, 97, 100, 100, Outcome(100, 97, 0)), has_limits=True)
    assert said.endswith("No answer is wrong, and “I don’t know” goes to <b>3</b> right ones all"
                         " the same.")  # fmt: skip
    all_in = finding(summary(9, 9, 9, 9, Outcome(9, 9, 0)), has_limits=True)
    assert all_in.endswith("<b>none</b> of them wrong. No answer is wrong.")


def test_of_few_labels_is_said_how_few():
    said = finding(summary(50, 40, 4, 3, Outcome(4, 3, 0)), has_limits=True)
    assert said == (
        "Of 50 images <b>40</b> are accepted. The true class of 4 is known: of these <b>3</b> are"
        " accepted, <b>none</b> of them wrong. “I don’t know” goes to <b>the one</b> wrong answer;"
        " the price: <b>no</b> right one."
    )


def test_without_a_policy_or_without_an_answer_it_says_that():
    assert finding(summary(5, 5, 5, 4, Outcome(5, 5, 1)), has_limits=False) == (
        "Without a policy every answer to 5 images is accepted, <b>1</b> of them wrong."
    )
    assert finding(summary(5, 5), has_limits=False).endswith(
        "every answer to 5 images is accepted."
    )
    assert finding(summary(0, 0, items=3), has_limits=True).startswith("None of it could be read")
