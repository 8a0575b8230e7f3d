"""The network in PyTorch is the shipped one; without PyTorch these tests are skipped."""

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from benchmarks.contenders import torch_calls
from benchmarks.pictures import pictures
from benchmarks.torch_network import is_dropout, torch_network
from core.inference import McSampler
from core.inference.masks import pass_masks
from core.networks import load_network

PASSES = 1000
TURNED = pictures("sweep")[4:7]  # 3 images that the passes disagree about
UNITS = (32, 64, 128)  # of the three dropout layers


@pytest.fixture(scope="module")
def sampler():
    return McSampler(load_network("mc").model)


def test_same_masks_give_the_samplers_samples(sampler):
    passes, seed = 7, 3
    masks = [
        torch.from_numpy(pass_masks(seed, position, units, 0.5, 0, passes)[:, 0])
        for position, units in enumerate(UNITS)
    ]
    for image in TURNED:
        features = _channels_first(image).repeat(passes, 1, 1, 1)
        remaining = iter(masks)
        with torch.inference_mode():
            for layer in torch_network():
                if is_dropout(layer):
                    mask = next(remaining)
                    features = features * mask.reshape(*mask.shape, *[1] * (features.ndim - 2))
                else:
                    features = layer(features)
        expected = sampler.sample(image[None], passes, seed=seed).probs_tnc[:, 0]
        assert np.ptp(expected, axis=0).max() > 0.1
        np.testing.assert_allclose(features.numpy(), expected, atol=1e-5)


def test_tiled_mean_agrees_within_the_monte_carlo_error(sampler):
    torch.manual_seed(0)
    for image in TURNED:
        with torch.inference_mode():
            batch = _channels_first(image).repeat(PASSES, 1, 1, 1)
            theirs = torch_network()(batch).numpy()
        ours = sampler.sample(image[None], PASSES).probs_tnc[:, 0]
        error = np.sqrt((ours.var(axis=0) + theirs.var(axis=0)) / PASSES)
        assert error.max() > 0.004
        assert (np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) <= 4.5 * error + 1e-4).all()


def test_only_dropout_is_in_training_mode():
    assert [layer.training for layer in torch_network()] == [
        is_dropout(layer) for layer in torch_network()
    ]


def test_contenders_run_all_passes():
    for make in (torch_calls.loop, torch_calls.tiled, torch_calls.tiled_in_chunks):
        make("2", 60).run()


def _channels_first(image):
    return torch.from_numpy(image[None].transpose(0, 3, 1, 2))
