"""The feature maps and units that an answer depends on most, with their pictures."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np

from core.experiments.inside import Inside
from core.figures import numbers
from core.figures.inside_effects_text import UnitEffect, effect_rows
from core.figures.inside_words import NO_UNITS
from core.figures.map_picture import map_uri
from core.uncertainty.classes import Classes

from .inside_section import Section

_MOST = 6  # of a group
# What an image element needs to be one; the map is laid over it in the page's own ink.
_NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
_NOTE = (
    "What each does is measured by the passes themselves: mean softmax of those that dropped it"
    " less that of those that kept it, everything else as it came, with a 95% interval. Pictures:"
    " with nothing dropped, the stronger the more ink, on one scale for all maps of a layer; of a"
    " unit its value, of the largest in its layer. Shown are those with a q up to 0.05, of which"
    " about 1 in 20 at most is chance."
)

_IN_PART = (
    "Maps that are dropped in part go by how the softmax changes from pass to pass with the share"
    " of the map that is dropped."
)


def maps_section(inside: Inside, masked: Sequence[str], classes: Classes) -> Section:
    """Return which maps and units the answer depends on.

    Args:
        inside: of one image.
        masked: for each of `Inside.dropped` the layer whose output it masks.
        classes: of the network.
    """
    if not inside.dropped:
        return Section(f'<p class="lb-finding">{NO_UNITS}</p>')
    said, rows = effect_rows(inside.effects(), inside, masked, classes.quoted)
    maps = [row for row in rows if _has_maps(row, inside)]
    units = [row for row in rows if not _has_maps(row, inside)]
    groups = _group("Feature maps", maps, inside) + _group("Units", units, inside)
    return Section(
        f'<p class="lb-finding">{html.escape(said)}</p>{groups}', note=_note(inside) if rows else ""
    )


def _note(inside: Inside) -> str:
    if not any(inside.by_share):
        return _NOTE
    return f"{_NOTE} {_IN_PART}"


def _has_maps(row: UnitEffect, inside: Inside) -> bool:
    return inside.features[row.layer].ndim > 1


def _group(title: str, rows: Sequence[UnitEffect], inside: Inside) -> str:
    if not rows:
        return ""
    shown = rows[:_MOST]
    some = (
        f"the {len(shown)} of {numbers.count(len(rows))} with the largest effects"
        if len(shown) < len(rows)
        else "the largest effect first"
    )
    cards = "".join(_card(row, inside) for row in shown)
    return (
        f'<div class="lb-head"><b>{title}</b><span>{some}</span></div>'
        f'<ul class="lb-maps">{cards}</ul>'
    )


def _card(row: UnitEffect, inside: Inside) -> str:
    name = html.escape(row.name[:1].upper() + row.name[1:])
    return (
        f'<li class="lb-map-card">{_picture(row, inside)}<div><b>{name}</b>'
        f"<p>{html.escape(row.words)}</p>"
        f"<small>q {html.escape(row.q)}</small></div></li>"
    )


def _picture(row: UnitEffect, inside: Inside) -> str:
    """Return a map as a picture, and a unit, which is one number, as that."""
    features = inside.features[row.layer]
    if features.ndim == 1:
        value, largest = float(features[row.unit]), float(np.abs(features).max())
        return (
            f'<span class="lb-map lb-unit"><b>{value:.2f}</b><small>of {largest:.2f}</small></span>'
        )
    maps = inside.maps(row.layer)
    if maps is None:  # of a sequence, a strip
        maps = features.reshape(1, -1, features.shape[-1])
    one = maps[..., row.unit]
    low, high = min(0.0, float(maps.min())), float(maps.max())
    alt = (
        f"{row.name}: {one.shape[0]} by {one.shape[1]} values from {float(one.min()):.2f} to"
        f" {float(one.max()):.2f}"
    )
    return (
        f'<span class="lb-map"><img alt="{html.escape(alt)}" src="{_NOTHING}"'
        f" style=\"mask-image:url('{map_uri(one, low, high)}')\"></span>"
    )
