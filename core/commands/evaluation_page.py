"""The document on what "I don't know" is worth, all of it computed from an evaluation."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from ..figures.evaluation_image import PICTURES
from .evaluation_default import default_section, paragraph
from .evaluation_findings import findings
from .evaluation_rule_tables import promise_table, rule_table, turned_overall_table, turned_table
from .evaluation_table import markdown
from .evaluation_tables import (
    accuracy_table,
    calibration_difference_table,
    calibration_table,
    difference_table,
    ranking_table,
    stranger_table,
    target_table,
)

if TYPE_CHECKING:
    from ..experiments.evaluation import Evaluation
    from ..uncertainty import Policy

_ALTERNATIVES = {
    "evaluation-risk-coverage.png": "Risk over coverage on MNIST's test digits and on pen digits,"
    " committee and twin, with 95% bands",
    "evaluation-turned.png": "False accepts of turned digits by angle, committee and twin, and the"
    " intervals of their difference",
    "evaluation-reliability.png": "Accuracy less confidence in 15 bins of equal mass, before and"
    " after temperature scaling, committee and twin",
}

_DEFINITIONS = (
    "**Committee and twin.** The committee's answer is the class of largest mean softmax over T"
    " Monte-Carlo-dropout passes. The twin is the same weights with dropout off: one pass.",
    "**Coverage and selective risk.** The share of answers that is accepted, and the share of"
    " wrong ones among these.",
    "**AURC.** Area under the risk-coverage curve, per 1,000; lower is better. **Excess AURC** is"
    " what it is above that of the ideal ranking of the same answers, all right ones first, so"
    " that it compares rankings and not accuracies.",
    "**AUROC.** How often a stranger is less certain than a test digit. **FPR at 95% TPR**: the"
    " share of test digits refused where 95% of the strangers are. **Strangers accepted at 95%"
    " coverage**: the same in the other direction.",
    "**False accept.** A wrong answer that is accepted; its rate is over all images.",
    "**NLL**, in nats, **Brier score** over all classes, and **ECE**, the expected calibration"
    " error over 15 bins of equal mass, whose interval allows for the noise of the bins.",
    "**Temperature scaling.** One temperature for the mean softmax and one for the twin's, each"
    " fitted on validation, measured on test.",
    "**Validation, test.** Validation are the last 10,000 training images of MNIST, which the"
    " network was not trained on; thresholds and temperatures are fitted there and nowhere else."
    " The epoch that the network was kept from was chosen by their NLL as well, so they are a"
    " little easier for it than others. The pen digits were written on a tablet and are drawn as"
    " the app's canvas draws; KMNIST are Kuzushiji characters, none of which is a digit.",
)


def page(made: Evaluation, default: Policy | None, command: str) -> str:
    """Return the document as Markdown.

    Args:
        made: everything computed.
        default: the policy that comes with the network.
        command: that makes the document again.
    """
    parts = [
        "# What “I don't know” is worth",
        paragraph(
            "A classifier that may say “I don't know” is measured by what it still answers, by how"
            " much of that is wrong, and by what it refuses. Here the committee stands beside its"
            " twin, the same weights in one pass, on data that were kept from training."
        ),
        f"    {command}",
        paragraph(
            "makes this page and its pictures from the network's reference scores; nothing in it is"
            f" written by hand. The network is `{made.network}`, the sha256 of its weights"
            f" `{made.weights_sha256}`, with T = {made.num_samples:,} passes an image and seed"
            f" {made.seed}. Intervals are of {made.num_resamples} bootstrap resamples of the"
            " images, 95%, and of differences they are paired: committee and twin on the same"
            " resamples. There are several dozen; of so many a few miss by chance. They say nothing"
            " about training the network again: it was trained once."
        ),
        "## The figures to reach",
        markdown(target_table(made)),
        "## What comes out",
        *(f"**{head}.** {text}" for head, text in findings(made)),
        paragraph(
            "So for digits like those it was trained on, a threshold on one pass does as well, and"
            " for the pen digits better. The passes pay for strangers most. For digits turned far"
            " they let in fewer wrong answers, in part because they let in fewer of any kind; in"
            " their order alone the gain is small."
        )
        if _is_mixed(made)
        else "",
        "## Words",
        "\n".join(
            textwrap.fill(f"* {text}", 100, subsequent_indent="  ", break_on_hyphens=False)
            for text in _DEFINITIONS
        ),
        "## Accuracy",
        markdown(accuracy_table(made)),
        "## Selective prediction",
        "On MNIST's test digits:",
        markdown(ranking_table(made, "test")),
        "On pen digits:",
        markdown(ranking_table(made, "pen-digits")),
        _picture("evaluation-risk-coverage.png"),
        paragraph(
            "The committee by predictive entropy, the twin by its measure of lowest AURC on these"
            " images. Bands are 95%, of each curve on its own; the paired differences below are"
            " what tells them apart."
        ),
        "## Strangers",
        markdown(stranger_table(made)),
        "## Committee against the twin's best",
        markdown(difference_table(made)),
        paragraph(
            "All measures are in the tables above. Fixed beforehand were mutual information and"
            " predictive entropy for strangers, predictive entropy otherwise. A measure with a star"
            " was named afterwards as the committee's best for this figure, on these same images,"
            " which flatters it; the interval does not allow for that choice. The twin's is always"
            " its best on them, so that it is flattered too."
        ),
        "## Turned digits",
        markdown(turned_table(made)),
        _picture("evaluation-turned.png"),
        paragraph(
            "A thousand test digits, turned counter-clockwise; thresholds accept 95% of upright"
            " validation digits. The twin is accepted by its entropy, the committee by predictive"
            " entropy (entropy, and in the picture) or by mutual information. A turned 6 is still a"
            " 6, though at 180° it looks like a 9. The thresholds are kept as they are; the turned"
            " images are resampled."
        ),
        paragraph(
            "A rule can accept fewer wrong answers by accepting fewer of any kind. So here, for all"
            " angles together and by predictive entropy, are the right answers accepted too, and"
            " without a threshold how often a wrong answer is less certain than a right one:"
        ),
        markdown(turned_overall_table(made)),
        "## Calibration",
        markdown(calibration_table(made)),
        markdown(calibration_difference_table(made)),
        _picture("evaluation-reliability.png"),
        paragraph(
            "Points above 0 are answers that are right more often than the network is sure of;"
            " points below, those it is too sure of. A temperature under 1 makes answers surer, one"
            " over 1 less sure. Lines are 95% Wilson intervals of the accuracy. Nearly all answers"
            " have a confidence over 99%, so that accuracy over confidence itself would show a dot"
            " in a corner."
        ),
        "## A threshold with a promise",
        markdown(promise_table(made)),
        paragraph(
            "Found on validation with 95% confidence, by entropy. The promise holds for images"
            f" like those of validation, and for no others.{_broken_elsewhere(made)} What it turns"
            " away of KMNIST is as it happens. Where nearly all validation answers are right, a"
            " promise of 1% accepts nearly everything: it is kept, and of little use to someone who"
            " draws what is no digit."
        ),
        "## The default policy",
        default_section(made, default),
        markdown(rule_table(made)),
    ]
    return "\n\n".join(_wrapped(part) for part in parts if part) + "\n"


def _broken_elsewhere(made: Evaluation) -> str:
    broken = [
        f"{each.outcomes['pen-digits'].risk:.2%} where at most {100 * each.target:g}% was promised"
        for each in made.promises
        if each.who == "committee"
        and each.outcomes
        and (each.outcomes["pen-digits"].risk or 0.0) > each.target
    ]
    return f" On pen digits the risk is {', and '.join(broken)}." if broken else ""


def _is_mixed(made: Evaluation) -> bool:
    """Whether the sentence on where passes pay is true of these figures."""
    test, pens = (
        next(row for row in made.ranking_differences if (row.figure, row.data) == ("aurc", data))
        for data in ("test", "pen-digits")
    )
    return (
        made.turned_overall[0].better == "committee"
        and made.turned_overall[1].better == "twin"
        and test.better != "committee"
        and pens.better == "twin"
        and made.stranger_differences[0].better == "committee"
    )


def _picture(name: str) -> str:
    assert name in PICTURES
    return f"![{_ALTERNATIVES[name]}]({name})"


def _wrapped(part: str) -> str:
    return paragraph(part) if part.startswith("**") else part
