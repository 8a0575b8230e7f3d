"""Random small Keras classifiers with dropout in all places, drawn by hypothesis.

The structures that people use are likely and meet all their variations: dropout, then layers
that commute with a mask, then a convolution, then what follows it. All others come as well:
branches, residuals, nested models, layers called twice, several inputs.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any
from unittest import mock

import keras
import numpy as np
from hypothesis import strategies as st

from tests.core.inference import random_layers as pick
from tests.core.inference.chooser import CHOICES, Chooser
from tests.core.inference.random_activations import Shape, activation, commuting_activation
from tests.core.inference.random_maps import convolution, pooled_convolution, pooling
from tests.core.inference.random_weights import randomise

layers = keras.layers
DROPOUTS = (layers.Dropout, layers.GaussianDropout, layers.AlphaDropout)  # and their subclasses

# Distinct sizes for all axes, whatever is permuted.
INPUTS: dict[str, list[Shape]] = {
    "image": [(7, 6, 2), (6, 8, 3), (9, 5, 1)],
    "sequence": [(8, 3), (9, 2)],
    "vector": [(6,), (7,)],
    "volume": [(4, 5, 3, 2)],
}


@st.composite
def random_models(
    draw: Callable[[Any], Any], *, signed: bool = True, several_inputs: bool = True
) -> keras.Model:
    """A classifier of (N, C) with at least one active dropout layer and random weights.

    Args:
        draw: given by hypothesis.
        signed: whether GaussianDropout and AlphaDropout may be in it.
        several_inputs: whether it may have more than one input.
    """
    # Keras takes seeds for its layers from Python's generator, which hypothesis guards.
    state = random.getstate()
    choose = Chooser(draw(CHOICES), signed=signed)
    # All weights are replaced below; under JAX, each shape of a drawn one is compiled anew.
    with mock.patch.object(keras.initializers.VarianceScaling, "__call__", _zeros):
        if choose.yes(50):
            model = _sequential_classifier(choose)
        else:
            model = _functional_classifier(choose, several_inputs and choose.yes(25))
    random.setstate(state)
    randomise(model, np.random.default_rng(choose.whole(0, 255)))
    return model


def _zeros(self: Any, shape: Shape, dtype: Any = None) -> Any:
    return keras.ops.zeros(shape, dtype)


def _input_shape(choose: Chooser) -> Shape:
    kind = choose.of(["image"] * 6 + [*INPUTS])
    return choose.of(INPUTS[kind])


def _classes(choose: Chooser, *, active: bool) -> list[Any]:
    """Dense layers up to the softmax; without an active dropout so far, one is among them."""
    head = [pick.dense(choose)] if choose.yes(60) else []
    if not active:
        rate = choose.of(pick.RATES)
        head.append(layers.Dropout(rate, name=choose.name("last_dropout")))
    elif choose.yes(40):
        head.append(pick.dropout(choose, (1,)))
    classes = choose.of([3, 2, 10])
    head.append(layers.Dense(classes, activation="softmax", name=choose.name("classes")))
    return head


def _to_vector(choose: Chooser, shape: Shape) -> list[Any]:
    """Layers that make a vector of features."""
    dims = len(shape) - 1
    kind = choose.of(["flatten", "average", "max"]) if 1 <= dims <= 3 else "flatten"
    options = {"data_format": "channels_first"} if choose.yes(10) else {}
    if kind == "flatten":
        return [layers.Flatten(name=choose.name("flatten"), **options)]
    keep = choose.yes(10)
    pool = getattr(layers, f"Global{kind.title()}Pooling{dims}D")
    found = [pool(keepdims=keep, name=choose.name(f"global_{kind}"), **options)]
    return found + ([layers.Flatten(name=choose.name("flatten"))] if keep else [])


def _common_chain(choose: Chooser, shape: Shape) -> list[Any]:
    """Dropout, what may commute with its mask, a convolution, and what often follows it."""
    found: list[Any] = []

    def add(layer: Any) -> None:
        grown = layer.compute_output_shape((None, *_after(found, shape)))
        if all(grown[1:]) and math.prod(grown[1:]) <= pick.LARGEST:
            found.append(layer)

    usual = choose.yes(65)  # channels are dropped, and all that follows commutes with it
    if usual:
        add(pick.channel_dropout(choose, shape))
    elif choose.yes(80):
        add(pick.dropout(choose, shape))
    rectified = commuting_activation if usual else activation
    for _ in range(choose.of([0, 1, 1, 2])):
        between = choose.of([rectified, pooling, pick.normalisation])
        add(between(choose, _after(found, shape)))
    if usual and choose.yes(25):
        return found + pooled_convolution(choose, _after(found, shape))
    for kind, percent in [
        (convolution, 100),
        (pick.normalisation, 10 if usual else 25),
        (activation, 20 if usual else 40),
        (pooling, 75),
    ]:
        if choose.yes(percent):
            add(kind(choose, _after(found, shape)))
    return found


def _after(chain: list[Any], shape: Shape) -> Shape:
    """Shape of features after layers."""
    for layer in chain:
        shape = tuple(layer.compute_output_shape((None, *shape))[1:])
    return shape


def _chain(choose: Chooser, shape: Shape) -> list[Any]:
    """Layers in a row: a common structure where it fits, one dropout, or one other layer."""
    kinds = ["common"] * 4 if 2 <= len(shape) <= 4 else []
    kind = choose.of([*kinds, "dropout", "layer", "layer"])
    if kind == "common":
        return _common_chain(choose, shape)
    return [(pick.dropout if kind == "dropout" else pick.any_layer)(choose, shape)]


def _keeping_chain(choose: Chooser, shape: Shape) -> list[Any]:
    """Layers in a row, dropout among them, that leave the shape as it is."""
    return [
        (pick.dropout if choose.yes(45) else pick.keeping_layer)(choose, shape)
        for _ in range(choose.whole(1, 3))
    ]


def _sequential_classifier(choose: Chooser) -> keras.Model:
    shape = _input_shape(choose)
    chain: list[Any] = []
    if len(shape) > 1:
        for kind, percent in [(convolution, 85), (pick.normalisation, 20), (pooling, 30)]:
            if choose.yes(percent):
                chain.append(kind(choose, _after(chain, shape)))
        chain += _common_chain(choose, _after(chain, shape))
    for _ in range(choose.whole(0, 2)):
        chain += _chain(choose, _after(chain, shape))
    if choose.yes(15):
        chain.append(_nested(choose, _after(chain, shape)))
    chain += _to_vector(choose, _after(chain, shape))
    chain += _classes(choose, active=_is_active(chain))
    return keras.Sequential([keras.Input(shape, name=choose.name("images")), *chain])


def _functional_classifier(choose: Chooser, several: bool) -> keras.Model:
    shapes = [_input_shape(choose)]
    if several:
        shapes.append(choose.of([shapes[0], _input_shape(choose)]))
    inputs = [keras.Input(shape, name=choose.name("images")) for shape in shapes]
    ends = []
    for value in inputs:
        for _ in range(choose.whole(0, 3) if several else choose.whole(1, 4)):
            value = _segment(choose, value)
        ends.append(value)
    value = ends[0] if len(ends) == 1 else _join(choose, ends)
    if len(value.shape) > 2 or choose.yes(10):
        value = _run(choose, _to_vector(choose, tuple(value.shape[1:])), value)
    active = _is_active(keras.Model(inputs, value).layers)
    value = _run(choose, _classes(choose, active=active), value)
    return keras.Model(inputs if several else inputs[0], value)


def _segment(choose: Chooser, value: Any) -> Any:
    """A part of a functional model."""
    shape = tuple(value.shape[1:])
    kind = choose.of([*["chain"] * 5, "branches", "branches", "residual", "nested", "twice"])
    if kind == "chain":
        return _run(choose, _chain(choose, shape), value)
    if kind == "residual":
        return layers.Add(name=choose.name("residual"))(
            [value, _run(choose, _keeping_chain(choose, shape), value)]
        )
    if kind == "branches":
        return _branches(choose, value)
    # One layer object, or one nested model, called once or twice.
    shared = pick.dropout(choose, shape) if kind == "twice" else _nested(choose, shape)
    first = shared(value)
    if kind == "nested" and choose.yes(40):
        return first
    second = shared(_run(choose, [pick.keeping_layer(choose, shape)], choose.of([first, value])))
    return second if choose.yes(40) else _merge(choose, [first, second])


def _branches(choose: Chooser, value: Any) -> Any:
    """Two readers of one value, often of what a dropout layer leaves, that meet again."""
    shape = tuple(value.shape[1:])
    chains = [_keeping_chain(choose, shape) if choose.yes(75) else [] for _ in range(2)]
    if len(shape) > 1 and choose.yes(50):
        # A convolution alone would be rewritten; the other reader needs the dropped features.
        chains[choose.of([0, 1])] = [convolution(choose, shape, keep=True)]
        value = _run(choose, [pick.channel_dropout(choose, shape)], value)
    elif choose.yes(60):
        value = _run(choose, [pick.dropout(choose, shape)], value)
    return _merge(choose, [_run(choose, chain, value) for chain in chains])


def _nested(choose: Chooser, shape: Shape) -> Any:
    """A model as a layer that keeps the shape, with a dropout layer and perhaps a model in it."""
    chain = _keeping_chain(choose, shape)
    chain.insert(choose.whole(0, len(chain)), pick.dropout(choose, shape))
    if choose.yes(15):
        chain.append(_nested(choose, shape))
    images = keras.Input(shape)
    if choose.yes(50):
        return keras.Sequential([images, *chain], name=choose.name("nested"))
    inner = _run(choose, chain, images)
    if choose.yes(30):
        inner = layers.Add(name=choose.name("inner_residual"))([images, inner])
    return keras.Model(images, inner, name=choose.name("nested"))


def _merge(choose: Chooser, values: list[Any]) -> Any:
    """Two values of one shape as one."""
    kinds = ["Add", "Concatenate", "Multiply", "Subtract", "Average", "Maximum"]
    kind = choose.of(kinds)
    options = {"axis": choose.of([-1, 1])} if kind == "Concatenate" else {}
    return getattr(layers, kind)(name=choose.name(kind.lower()), **options)(values)


def _join(choose: Chooser, ends: list[Any]) -> Any:
    """The values of several inputs as one."""
    if ends[0].shape == ends[1].shape and choose.yes(70):
        return _merge(choose, ends)
    vectors = [_run(choose, _to_vector(choose, tuple(end.shape[1:])), end) for end in ends]
    return layers.Concatenate(name=choose.name("join"))(vectors)


def _run(choose: Chooser, chain: list[Any], value: Any) -> Any:
    for layer in chain:
        on_purpose = isinstance(layer, DROPOUTS) and choose.yes(15)
        value = layer(value, training=True) if on_purpose else layer(value)
    return value


def _is_active(chain: list[Any]) -> bool:
    found = [inner for layer in chain for inner in layer._flatten_layers()]
    return any(isinstance(layer, DROPOUTS) and layer.rate > 0 for layer in found)
