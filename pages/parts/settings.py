"""Settings that every page shares: the network, the number of passes, the seed, the policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.errors import InvalidInputError, LabradorError
from core.figures import numbers
from core.limits import DEFAULT_NUM_SAMPLES, MAX_NUM_SAMPLES, MAX_SEED
from core.networks.cards import MEAN_SOFTMAX, ONE_PASS
from core.uncertainty.policy import Policy

from . import engine
from .fields import following, number_field
from .first_page import first_page
from .host_network import HOST_NAME, host_is_awaited, wait_for_host
from .links import forget_ignored, rerun
from .networks import OWN, NetworkFacts, choices, facts_of, in_words
from .plan import show_plan
from .policies import NO_POLICY, policy_in_link, show_policy, take_policy

_NETWORK = "settings.network"
_PATIENCE = 120.0  # seconds that a visitor waits for the server's own model
_DEFAULTS = {"passes": DEFAULT_NUM_SAMPLES, "seed": 0}
_RANGES = {"passes": (1, MAX_NUM_SAMPLES), "seed": (0, MAX_SEED)}


@dataclass(frozen=True)
class Settings:
    """What a result depends on besides its image.

    Attributes:
        network: name in the zoo.
        num_samples: T, the number of passes.
        seed: of the masks.
        policy: under which answers are accepted.
    """

    network: str
    num_samples: int
    seed: int
    policy: Policy = NO_POLICY

    def in_link(self) -> dict[str, object]:
        """Return the parts of a link that reopen these settings."""
        return {
            "passes": self.num_samples,
            "seed": self.seed,
            "network": self.network,
            **policy_in_link(self.policy, self.network),
        }


def settings_of_link() -> Mapping[str, Callable[[str], None]]:
    """Return what takes the settings of a link over, by name."""
    refused: list[str] = []

    def take_network(text: str) -> None:
        refused.append(text)
        _take_network(text)
        refused.clear()

    def take_limits(text: str) -> None:
        if refused:
            raise InvalidInputError(
                "policy",
                expected="limits for the network that is asked",
                received=f"those of {refused[0]}, which is not here",
            )
        take_policy(text)

    return {
        "passes": lambda text: _take_number("passes", text),
        "seed": lambda text: _take_number("seed", text),
        "network": take_network,  # before its policy
        "policy": take_limits,
    }


def show_settings() -> Settings:
    """Show the settings in the sidebar, and return them."""
    network = _network()
    with st.sidebar, st.container(key="settings"):
        _show_network(network)
        passes, seed = st.columns(2)
        values = {
            "passes": _number(passes, "passes", "Passes", "Stochastic forward passes an image."),
            "seed": _number(seed, "seed", "Seed", "The same seed drops the same units."),
        }
        policy = show_policy(network)
        _show_device(network)
    return Settings(network, values["passes"], values["seed"], policy)


def _number(place: st.delta_generator.DeltaGenerator, name: str, label: str, hint: str) -> int:
    low, high = _RANGES[name]
    return int(
        number_field(
            place,
            f"settings.{name}",
            label,
            low=low,
            high=high,
            default=_DEFAULTS[name],
            step=1,
            hint=hint,
        )
    )


def _network() -> str:
    """Return the network that is chosen; by itself the server's own, else the shipped one."""
    chosen = st.session_state.get(_NETWORK)
    if chosen is None and host_is_awaited():
        first_page.note_sent()  # all of it but what waits for the network
        with st.spinner("The model of this server is loading: some ten seconds, once."):
            wait_for_host(_PATIENCE)
    if chosen is None or (chosen != engine.DEFAULT and chosen not in choices()):
        st.session_state.pop(_NETWORK, None)
        return HOST_NAME if HOST_NAME in choices() else engine.DEFAULT
    return str(chosen)


def choose_network(name: str) -> None:
    """Have all pages ask another network from the next run on."""
    st.session_state[_NETWORK] = name
    forget_ignored()  # what an older link wanted is no longer the question


def _show_network(name: str) -> None:
    try:
        facts = facts_of(name)
    except LabradorError as error:
        st.info(str(error), icon=":material/error:")
        return
    titles = _titles(choices())
    if len(titles) > 1:
        st.selectbox(
            "Network",
            list(titles),
            format_func=titles.__getitem__,
            **following("settings.network.choice", name, choose_network),
        )
    if facts.own is not None:
        whose = "This server’s own" if name == HOST_NAME else "Yours, and nobody else’s"
        st.caption(f"{whose}: {in_words(facts)}.")
        return
    st.caption(f"Network: {facts.title}.{_accuracy(facts)}")


def _titles(names: Sequence[str]) -> dict[str, str]:
    """Return what networks are called, by name; two that share a title are told apart."""
    titles: dict[str, str] = {}
    for name in names:
        facts = facts_of(name)
        is_taken = facts.title in titles.values()
        titles[name] = f"{facts.title} ({facts.sha256[:6]})" if is_taken else facts.title
    return titles


def _accuracy(facts: NetworkFacts) -> str:
    metric = facts.card.metric if facts.card else lambda data, method: None
    mean, one = (metric("test", method) for method in (MEAN_SOFTMAX, ONE_PASS))
    if not (mean and one):
        return ""
    return (
        f" Right on {numbers.share(mean.accuracy)} of test {facts.classes.plural},"
        f" its twin on {numbers.share(one.accuracy)}."
    )


@st.fragment(run_every=1.0)
def _show_progress() -> None:
    if engine.is_ready():
        rerun()
    st.caption(":material/hourglass_top: The network is loading…")


def _show_device(network: str) -> None:
    if not engine.is_ready():
        _show_progress()
        return
    st.caption(f"Runs on {engine.device()}.")
    if engine.is_ready(network):
        with st.popover("How the passes run", icon=":material/account_tree:"):
            show_plan(engine.load_engine(network).sampler.plan)


def _take_number(name: str, text: str) -> None:
    low, high = _RANGES[name]
    # isdecimal alone lets other scripts' digits through, which int reads as well.
    if not (text.isascii() and text.isdecimal() and len(text) < 12 and low <= int(text) <= high):
        raise InvalidInputError(
            name, expected=f"a whole number from {low:,} to {high:,}", received=text
        )
    st.session_state[f"settings.{name}"] = int(text)


def _take_network(text: str) -> None:
    names = choices()
    if text.startswith(OWN) and text not in names:
        raise InvalidInputError(
            "network",
            expected=f"one of {', '.join(names)}",
            received=f"{text}, which was brought for one visit only; to reload is another visit",
            advice="Bring the same file on the Models page again.",
        )
    if text not in names:
        raise InvalidInputError("network", expected=f"one of {', '.join(names)}", received=text)
    choose_network(text)
