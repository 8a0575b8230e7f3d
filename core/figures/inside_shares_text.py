"""How much of the passes' disagreement each dropout layer makes, in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..experiments.layer_shares import Estimate, LayerShares

_APART = 2.0  # standard errors
_HARDLY = 0.005  # nats; rounded to two decimals there is nothing to share out


def shares_sentences(shares: LayerShares, names: Sequence[str]) -> tuple[str, ...]:
    """Say which layer makes most of the disagreement, unless errors leave that open.

    Standard errors of two settings are taken as independent. They share masks, so what is called
    apart may be a little less, or more, than two standard errors apart.

    Args:
        shares: of one image.
        names: what each layer drops, in words.

    Returns:
        Plain text.
    """
    whole = shares.whole
    if whole.value < _HARDLY:
        return (
            "The passes hardly disagree, with all layers or with one:"
            f" {_nats(whole)}. There is nothing to share out.",
        )
    if len(names) == 1:
        return (f"There is one dropout layer, so all of the {_nats(whole)} come from it.",)
    return (_most(shares, names), _sum(shares))


def _most(shares: LayerShares, names: Sequence[str]) -> str:
    order = sorted(range(len(names)), key=lambda index: -shares.alone[index].value)
    first = shares.alone[order[0]]
    rivals = [index for index in order[1:] if not _is_above(first, shares.alone[index])]
    whole = _value(shares.whole)
    if rivals:
        listed = [f"{names[i]} ({_with_error(shares.alone[i])})" for i in (order[0], *rivals)]
        return (
            f"No layer clearly makes most of the {whole} nats: alone,"
            f" {_and(listed)} are too close to tell apart."
        )
    left = shares.without[order[0]]
    most = first.value - _APART * first.error > shares.whole.value / 2
    lead = (
        f"Most of the disagreement comes from {names[order[0]]}:"
        if most
        else f"More of the disagreement comes from {names[order[0]]} than from any other layer:"
    )
    return (
        f"{lead} alone it makes {_with_error(first)} of {whole} nats,"
        f" and without it {_with_error(left)} are left."
    )


def _sum(shares: LayerShares) -> str:
    total = Estimate(
        sum(each.value for each in shares.alone),
        math.hypot(*(each.error for each in shares.alone)),
    )
    said = _value(total)
    if _is_above(total, shares.whole):
        return (
            f"The shares do not add up: alone the layers make {said} in all, more than together:"
            " what one of them changes, others change as well."
        )
    if _is_above(shares.whole, total):
        return (
            f"The shares do not add up: alone the layers make {said} in all, less than together:"
            " it takes several of them to change some passes’ minds."
        )
    return f"Alone the layers make {said} in all, about what they make together."


def _is_above(one: Estimate, other: Estimate) -> bool:
    return one.value - other.value > _APART * math.hypot(one.error, other.error)


def _with_error(estimate: Estimate) -> str:
    return f"{_value(estimate)} ± {estimate.error:.3f}"


def _value(estimate: Estimate) -> str:
    # A third decimal, for a layer alone often makes less than 0.01.
    return f"{estimate.value:z.3f}"


def _nats(estimate: Estimate) -> str:
    return f"{_with_error(estimate)} nats"


def _and(texts: Sequence[str]) -> str:
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else texts[0]
