"""How a visitor's own network gets its scores: from labelled images, or from a file of scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.errors import LabradorError, shorten
from core.experiments.own_scores_file import load_own_scores
from core.images import BatchFile, count_batch, load_kmnist_test
from core.images.frame import MNIST_FRAME
from core.limits import MAX_SCORED_IMAGES, MIN_SCORED_IMAGES
from core.networks.own_network import OwnNetwork
from core.uncertainty.promise import fewest_images

from .engine import load_engine
from .gallery import test_digits
from .jobs import Job, watch_job
from .links import plain, rerun
from .networks import NetworkFacts, own_networks
from .own_scores import OwnScored, keep_scored
from .score_work import Work, brought_work, mnist_work, preparation_of
from .settings import Settings

_JOBS = "scores.jobs"  # by identity of the network
_PROBLEM, _COUNT = "scores.problem", "scores.count"
_DIGITS = (1_000, 4_000, 10_000)
_TYPES = ["zip", "npz", "csv", "png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff"]
_NAMED = 4  # classes whose names are told


def show_scoring(facts: NetworkFacts, network: OwnNetwork, settings: Settings) -> None:
    """Say what scores are for and offer the ways to them, or show how far they are.

    Args:
        facts: of the network.
        network: that has no scores yet.
        settings: passes and seed among them.
    """
    jobs: dict[str, Job[OwnScored]] = st.session_state.setdefault(_JOBS, {})
    for identity in jobs.keys() - {own.identity for own in own_networks().values()}:
        jobs.pop(identity).stop()
    job = jobs.get(network.identity)
    if job is not None and job.is_running:
        watch_job(job, "Scoring", "scores.job")
        st.caption("It goes on while this page is open.")
        return
    if job is not None:
        del jobs[network.identity]
        if job.result is not None:
            keep_scored(network, job.result)
            rerun()
        st.session_state[_PROBLEM] = (network.identity, _why_nothing(job))
    _say_why(network)
    of, problem = st.session_state.get(_PROBLEM, ("", ""))
    if problem and of == network.identity:
        st.info(plain(problem), icon=":material/error:")
    with st.container(key="scores-ways"):
        left, right = st.columns([690, 380], gap="large")
    with left:
        _show_own_images(facts, network, settings)
    with right:
        if network.setup.frame is not None and len(network.setup.classes) == 10:
            _show_mnist(facts, network, settings)
        _show_bring(network)


def _why_nothing(job: Job[OwnScored]) -> str:
    """Say why a job that has ended gave no scores."""
    if job.was_stopped:
        return "The scoring was stopped, and nothing of it is kept."
    if isinstance(job.error, LabradorError):
        return str(job.error)
    # Whatever Keras can raise of a model that was saved elsewhere.
    return f"The network could not be scored: {shorten(str(job.error))}"


def _say_why(network: OwnNetwork) -> None:
    item = "rows" if network.setup.frame is None else "images"
    st.markdown(
        f"**{plain(network.title)} has no scores yet.** To see what a limit costs, Labrador needs"
        f" {item} with their true classes, which the network was not trained on. Half of them fit"
        f" limits, and the other half tells what these are worth. {MIN_SCORED_IMAGES} are the"
        f" least; to promise 1% risk it takes {2 * fewest_images(0.01):,} or more."
    )


def _show_own_images(facts: NetworkFacts, network: OwnNetwork, settings: Settings) -> None:
    setup = network.setup
    names = ", ".join(f"“{plain(name)}”" for name in setup.classes.names[:_NAMED])
    more = "" if len(setup.classes) <= _NAMED else f" and {len(setup.classes) - _NAMED:,} more"
    key = f"scores.{network.identity[:12]}"
    st.subheader("Score images of your own", anchor=False)
    words = preparation_of(network, centred=False).words
    resized = "" if setup.frame is None else "; pictures of other sizes are resized"
    st.caption(
        f"It takes {words}{resized}. Labels are names or numbers of its classes: {names}{more}."
        f" At most {MAX_SCORED_IMAGES:,} at a time."
    )
    is_row = setup.frame is None
    types = ["npz", "csv", "zip"] if is_row else _TYPES
    labelled = st.file_uploader(
        "Labelled rows: .csv or .npz" if is_row else "Labelled images: a ZIP, .npz or .csv",
        types,
        accept_multiple_files=True,
        key=f"{key}.labelled",
        help="A ZIP with a folder for each class, an .npz with x and y, or a .csv with a row of"
        " pixels for each image and a column “label”.",
    )
    strangers = st.file_uploader(
        f"{'Rows' if is_row else 'Images'} it should refuse, if you have some",
        types,
        accept_multiple_files=True,
        key=f"{key}.strangers",
        help="What shows none of the classes. Labels are not needed.",
    )
    centred = False
    if setup.frame is not None and setup.frame.is_small_grey:
        centred = st.checkbox(
            "Find and centre the ink in pictures, as in MNIST",
            setup.frame == MNIST_FRAME,
            key=f"{key}.centred",
            help="For photos and scans of one character each. Pixels in tables stay as they are.",
        )
    count = _count_of(network, [*labelled, *strangers])
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Score them", type="primary", icon=":material/play_arrow:", disabled=not labelled
        ):
            _start(
                network,
                brought_work(
                    network,
                    load_engine(facts.name).sampler,
                    [BatchFile(file.name, file.getvalue()) for file in labelled],
                    [BatchFile(file.name, file.getvalue()) for file in strangers],
                    centred=centred,
                    num_samples=settings.num_samples,
                    seed=settings.seed,
                ),
            )
        if count:
            st.caption(f"{count:,} {_things(network)}{_time(network, count, settings)}.")


def _show_mnist(facts: NetworkFacts, network: OwnNetwork, settings: Settings) -> None:
    frame = network.setup.frame
    digits = test_digits()
    if digits is None or frame is None or frame.channels != 1:
        return
    with st.container(border=True):
        st.subheader("Use MNIST’s test digits", anchor=False)
        st.caption(
            "Their labels are the digits 0 to 9. That is right only if the ten classes are these,"
            " in this order, and if the network was not trained on these images."
        )
        count = st.segmented_control(
            "How many, chosen by chance",
            _DIGITS,
            default=_DIGITS[0],
            required=True,
            format_func=lambda number: f"{number:,}",
            key="scores.digits",
        )
        strangers = _characters()
        number = int(count or _DIGITS[0])
        told = ""
        if strangers is not None:
            told = f" and {number // 4:,} KMNIST characters to refuse"
        whole = number + (number // 4 if strangers is not None else 0)
        st.caption(f"{number:,} digits{told}{_time(network, whole, settings)}.")
        if st.button("Score the digits", icon=":material/play_arrow:"):
            work = mnist_work(
                network,
                load_engine(facts.name).sampler,
                digits,
                strangers,
                number,
                num_samples=settings.num_samples,
                seed=settings.seed,
            )
            _start(network, work)


@st.cache_resource(show_spinner=False)
def _characters() -> Any:
    """Return Kuzushiji-MNIST's test images, None where they are not on this machine."""
    try:
        return load_kmnist_test()
    except LabradorError:
        return None


def _show_bring(network: OwnNetwork) -> None:
    with st.container(border=True):
        st.subheader("Bring scores", anchor=False)
        key = f"scores.{network.identity[:12]}.file"

        def take() -> None:
            upload = st.session_state[key]
            if upload is None:
                return
            st.session_state.pop(_PROBLEM, None)
            try:
                scores = load_own_scores(upload.getvalue(), network)
            except LabradorError as error:
                st.session_state[_PROBLEM] = (network.identity, f"{upload.name}: {error}")
            else:
                keep_scored(network, OwnScored(scores))

        st.file_uploader(
            "Scores of this network (.npz)",
            "npz",
            key=key,
            on_change=take,
            help="As this page lets you download them, or as `python -m core score --model` writes"
            " them.",
        )


def _start(network: OwnNetwork, work: Work) -> None:
    st.session_state.pop(_PROBLEM, None)
    st.session_state[_JOBS][network.identity] = Job(work)
    rerun()


def _things(network: OwnNetwork) -> str:
    return "rows" if network.setup.frame is None else "images"


def _count_of(network: OwnNetwork, files: Sequence[Any]) -> int:
    """Return about how many images the files hold; each is looked into once."""
    if not files:
        return 0
    key = (network.identity, *(file.file_id for file in files))
    kept = st.session_state.get(_COUNT)
    if kept is None or kept[0] != key:
        batch = [BatchFile(file.name, file.getvalue()) for file in files]
        kept = (key, count_batch(batch, preparation_of(network, centred=False)))
        st.session_state[_COUNT] = kept
    return int(kept[1])


def _time(network: OwnNetwork, count: int, settings: Settings) -> str:
    """Return how long so many images take, as far as the inspection could tell."""
    each = network.report.milliseconds
    if each is None:
        return ""
    seconds = count * each / 1000.0 * settings.num_samples / 1000.0
    if seconds < 90:
        return f": some {max(math.ceil(seconds), 1)} s at {settings.num_samples:,} passes"
    return f": some {math.ceil(seconds / 60)} minutes at {settings.num_samples:,} passes"
