"""The same digit through all compared networks, while it is drawn."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from core.errors import LabradorError
from core.figures import numbers
from core.images import MNIST_FRAME
from core.uncertainty import predictive_entropy
from core.uncertainty.classes import DIGITS

from .answers import Image
from .component import component
from .drawing import Looked, show_image
from .engine import DEFAULT
from .gallery import disputed_image
from .links import plain, rerun, write_link
from .networks import NetworkFacts
from .settings import Settings
from .zoo_answers import Said, said_by
from .zoo_networks import COMPARED, Loading, load_compared, title_of
from .zoo_rivals import committee_scores, rival_scores, unusual_html
from .zoo_rows import ZooLine, rows_html

_DIGITS = NetworkFacts("", "", "", DIGITS, MNIST_FRAME)  # what all of them look at
# Eight networks cost eight answers: 1,000 passes of all take 0.2 s of the processor, 200 a third.
_WHILE_DRAWN = 200
_SOME_DOUBT = 0.1  # nats
_LOOK = 0.5  # seconds between looks at what has been loaded


def show_live(settings: Settings, view: str) -> None:
    """Show the canvas, what each network says of what is on it, and the scores of one pass.

    Args:
        settings: with which they are asked.
        view: of the page, for the link.
    """
    loading = load_compared()
    waits = not loading.is_done
    titles = {name: title_of(name) for name in COMPARED}

    @st.fragment(run_every=_LOOK if waits else None)
    def _live() -> None:
        is_done = loading.is_done  # before the rows, so that they hold all of it
        with st.container(key="zoo-live"):
            left, right = st.columns([364, 716])
        with left:
            looked = show_image(_DIGITS, disputed_image())
            where = {"image": looked.reference} if looked.reference else {}
            if not looked.pen_down:
                write_link({**settings.in_link(), "view": view}, **where)
        with right:
            _show_answers(looked, settings, loading, titles)
        if waits and is_done:
            rerun()  # nothing to look for any more

    _live()


def _show_answers(
    looked: Looked, settings: Settings, loading: Loading, titles: dict[str, str]
) -> None:
    while_drawn = ""
    if looked.pen_down and settings.num_samples > _WHILE_DRAWN:
        settings = replace(settings, num_samples=_WHILE_DRAWN)
        while_drawn = " while the pen moves"
    st.html(
        '<div class="lb-head always"><b>The same digit through all of them</b>'
        f"<span>{numbers.passes(settings.num_samples)} each{while_drawn}, seed {settings.seed}"
        "</span></div>"
    )
    if looked.image is None:
        st.html('<div class="lb-empty">Nothing to look at: draw, and they all look at it.</div>')
        return
    lines, said = [], {}
    for name, varies in COMPARED.items():
        member = loading.member(name)
        if member is not None:
            said[name] = said_by(member, looked.image, settings)
        lines.append(
            ZooLine(
                titles[name],
                varies,
                said.get(name),
                loading.problem(name),
                is_asked=name == settings.network,
            )
        )
    st.html(rows_html(lines, looked.tag))
    _say_most_unsure({titles[name]: each for name, each in said.items()})
    with st.container(key="early-zoo"):
        component("answered")(key="zoo.answered", data={"tag": looked.tag})
    st.html(
        '<p class="lb-note">Entropy and mutual information in nats; their bars end at ln 10 ='
        " 2.30. The plain network has one pass, the ensemble one for each of its networks. A bar"
        " left of a name: the network that the other pages ask.</p>"
    )
    name = settings.network if settings.network in COMPARED else DEFAULT
    if name in said:
        _show_unusual(name, said[name], looked.image, loading, settings)


def _say_most_unsure(said: Mapping[str, Said]) -> None:
    """Say which network is least sure of the image; nothing where all are about as sure."""
    if not said:
        return
    doubt = {title: float(predictive_entropy(each.summary)[0]) for title, each in said.items()}
    most, least = max(doubt, key=doubt.__getitem__), min(doubt, key=doubt.__getitem__)
    if doubt[most] - doubt[least] < _SOME_DOUBT:
        text = "All are about as sure of this."
    else:
        text = (
            f"The least sure of this: {most}, predictive entropy {numbers.entropy(doubt[most])}"
            f" nats. The most sure: {least}, {numbers.entropy(doubt[least])}."
        )
    st.html(f'<p class="lb-zoo-doubt">{html.escape(text)}</p>')


def _show_unusual(
    name: str, said: Said, image: Image, loading: Loading, settings: Settings
) -> None:
    member = loading.member(name)
    if member is None or member.committee is None:
        return
    groups = {}
    try:
        groups["One pass"] = rival_scores(member.committee, image)
    except LabradorError as error:
        st.info(plain(str(error)), icon=":material/error:")
    groups[f"{numbers.passes(settings.num_samples)} of the same weights"] = committee_scores(
        member.committee, said
    )
    st.html(unusual_html(member.committee.facts.title, groups))
