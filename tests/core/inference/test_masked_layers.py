"""Which layer a dropout call masks: the last one with weights before it."""

from __future__ import annotations

import keras
import pytest

from core.inference import McSampler

layers = keras.layers


def masked(model: keras.Model) -> tuple[str, ...]:
    return McSampler(model).plan.masked


def test_pooling_activations_and_normalization_are_passed_over():
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3, name="edges"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(),
            layers.SpatialDropout2D(0.5),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(5, activation="relu", name="mix"),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax"),
        ]
    )
    assert masked(model) == ("edges", "edges", "mix")


@pytest.mark.parametrize("flatten", [True, False])
def test_dropout_on_the_images_masks_no_layer(flatten):
    inputs = keras.Input((6,))
    features = layers.Reshape((6,))(inputs) if flatten else inputs
    outputs = layers.Dense(3, activation="softmax")(layers.Dropout(0.2)(features))
    assert masked(keras.Model(inputs, outputs)) == ("",)


def test_a_sum_is_what_puts_branches_together():
    inputs = keras.Input((6,))
    both = layers.Add(name="both")([layers.Dense(4)(inputs), layers.Dense(4)(inputs)])
    outputs = layers.Dense(3, activation="softmax")(layers.Dropout(0.2)(layers.ReLU()(both)))
    assert masked(keras.Model(inputs, outputs)) == ("both",)


def test_layers_of_a_nested_model_are_named():
    inside = keras.Sequential([keras.Input((6,)), layers.Dense(4, name="within")], name="nested")
    model = keras.Sequential(
        [keras.Input((6,)), inside, layers.Dropout(0.5), layers.Dense(3, activation="softmax")]
    )
    assert masked(model) == ("within",)
