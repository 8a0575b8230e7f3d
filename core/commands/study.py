"""`study`: run a sweep over many test images, and count."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import MissingDataError
from ..experiments.recipe import DEFAULT_NUM_STEPS, KINDS
from ..experiments.study_plan import (
    DEFAULT_NUM_IMAGES,
    DEFAULT_NUM_UPRIGHT,
    DEFAULT_STUDY_SAMPLES,
    StudyPlan,
)
from ..networks import DEFAULT_NETWORK, models_folder
from .interruption import kept_in
from .progress import work_bar

if TYPE_CHECKING:
    from ..experiments import Study, StudyData

TRIAL_FOLDER = "study-trial"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's arguments."""
    parser.description = (
        "Run a sweep over many test images and report accuracy, coverage and false accepts of twin"
        " and committee, by step and by digit, with limits set on validation images. A study that"
        " was interrupted goes on where it was when the same command is given again."
    )
    parser.add_argument("kind", choices=KINDS, help="what is done to the images")
    for name, default, meaning in (
        ("--images", DEFAULT_NUM_IMAGES, "test images, as many of each digit as goes"),
        ("--num-samples", DEFAULT_STUDY_SAMPLES, "passes at each step"),
        ("--steps", DEFAULT_NUM_STEPS, "steps of each sweep"),
        ("--validation", DEFAULT_NUM_UPRIGHT, "upright validation images that limits are set on"),
    ):
        parser.add_argument(
            name,
            type=int,
            default=default,
            metavar="N",
            help=f"{meaning} (default: {default:,})",
        )
    parser.add_argument(
        "--seed", type=int, default=0, help="of the choice of images and the passes (default: 0)"
    )
    parser.add_argument("--network", default=DEFAULT_NETWORK)
    parser.add_argument(
        "--folder", type=Path, help="where the network is (default: the shipped networks' folder)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="where to write (default: beside the network; a trial with other numbers than the"
        f" defaults goes into the folder {TRIAL_FOLDER}, so that it replaces no real study)",
    )
    parser.add_argument(
        "--page",
        type=Path,
        metavar="FILE",
        help="the page to write from all studies in that folder (default: docs/study.md for the"
        " shipped networks' folder, else study.md in it)",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="what is kept of an interrupted study (default: beside the result)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the study, write the result and the page, print what comes out."""
    plan = StudyPlan(
        kind=arguments.kind,
        num_images=arguments.images,
        num_samples=arguments.num_samples,
        num_steps=arguments.steps,
        seed=arguments.seed,
        num_upright=arguments.validation,
    )
    from .quiet import start_tensorflow

    start_tensorflow()
    from ..experiments.study_file import read_study, save_study, study_path

    folder = arguments.folder or models_folder()
    is_trial = plan != StudyPlan(kind=plan.kind)
    out = arguments.out or (Path(TRIAL_FOLDER) if is_trial else folder)
    path = study_path(plan.kind, arguments.network, out)
    state = arguments.state or path.with_suffix(".partial.npz")
    save_study(path, _study(plan, arguments.network, folder, state))
    # As the file has it, so that what is printed and what the page says never differ.
    study = read_study(path)
    page = arguments.page or _page_of(path.parent)
    write_page(page, study, path.parent)
    state.unlink(missing_ok=True)  # only now that the result is safe
    print(describe(study))
    print(f"\nWritten: {path} and {page}.")
    return 0


def write_page(page: Path, newest: Study, folder: Path) -> None:
    """Write the page about all studies of a network that there are.

    Args:
        page: the file.
        newest: the study that was just made; one of other weights is left out, and said.
        folder: where the results are.
    """
    from ..errors import LabradorError
    from ..experiments.study_file import read_study, study_path
    from ..store import write_atomically
    from .study_page import study_page

    studies = []
    for kind in KINDS:
        try:
            study = read_study(study_path(kind, newest.network, folder))
        except FileNotFoundError:
            continue
        except LabradorError as error:
            print(f"Left out of the page: {error}", file=sys.stderr)
            continue
        if study.weights_sha256 == newest.weights_sha256:
            studies.append(study)
        else:
            print(f"Left out of the page: the study of {kind}, of other weights.", file=sys.stderr)
    write_atomically(page, study_page(studies))


def describe(study: Study) -> str:
    """Return the rules' table at each operating point, and the findings."""
    from ..figures.study_text import findings, point_name, study_sentence
    from .study_page import outcome_rows

    lines = []
    for point in dict.fromkeys(each.rule.point for each in study.outcomes):
        name = point_name(study, point)
        rows = outcome_rows(study, point)
        widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
        lines.append(f"{name[0].upper()}{name[1:]}:")
        lines += ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        lines.append("")
    return "\n".join([*lines, study_sentence(study), "", "\n\n".join(findings(study))])


def _study(plan: StudyPlan, name: str, folder: Path, state: Path) -> Study:
    from ..experiments.checkpoint import Checkpoint
    from ..experiments.study import PART_NAMES, run_study, study_identity
    from ..experiments.study_report import report_study
    from ..inference import McSampler
    from ..networks.zoo import load_network

    network = load_network(name, folder)
    sampler = McSampler(network.model)
    data = _data()
    bar = work_bar()
    checkpoint = Checkpoint.open(state, "study", study_identity(plan, sampler, data))
    with kept_in(state, checkpoint):
        answers = run_study(
            plan,
            sampler,
            data,
            state=checkpoint,
            progress=lambda part, done, total: bar(PART_NAMES[part], done, total),
        )
    return report_study(answers, network.card)


def _data() -> StudyData:
    from ..experiments.study import StudyData
    from ..images.sources import MISSING_ADVICE, load_mnist_test, load_mnist_train
    from ..networks.training import split_training_data

    held = split_training_data(*load_mnist_train())
    test = load_mnist_test()
    if test is None:  # the training set was there a moment ago, in the same file
        raise MissingDataError(f"MNIST is not on this machine. {MISSING_ADVICE}")
    # A copy: a view would keep the 50,000 other images in memory.
    return StudyData(held.validation_images.copy(), held.validation_labels, test.x, test.y)


def _page_of(folder: Path) -> Path:
    docs = models_folder().parent / "docs"
    is_shipped = folder.resolve() == models_folder() and docs.is_dir()
    return docs / "study.md" if is_shipped else folder / "study.md"
