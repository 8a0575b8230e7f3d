"""The shipped network in PyTorch, with the same weights.

The weights are read from the network's file, so that the process that runs it loads no TensorFlow.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from benchmarks.contender import LeftOutError

WEIGHTS = Path(__file__).resolve().parent.parent / "models" / "mc.keras"
RATE = 0.5


def torch_network(weights: Path = WEIGHTS) -> Any:
    """Return the network as PyTorch modules in a row: dropout active, all else in evaluation.

    Args:
        weights: Keras' file of the network.

    Raises:
        LeftOutError: PyTorch is not installed.
    """
    try:
        import torch
        from torch import nn
    except ImportError as error:
        raise LeftOutError(
            "PyTorch is not installed here (requirements-bench.txt has it), so its contenders are"
            " left out."
        ) from error
    network = nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout2d(RATE),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout2d(RATE),
        nn.Flatten(),
        nn.Linear(1600, 128),
        nn.ReLU(),
        nn.Dropout(RATE),
        nn.Linear(128, 10),
        nn.Softmax(dim=-1),
    )
    layers = [layer for layer in network if isinstance(layer, (nn.Conv2d, nn.Linear))]
    with torch.no_grad():
        for layer, (kernel, bias) in zip(layers, _weights(weights), strict=True):
            layer.weight.copy_(torch.from_numpy(kernel))
            layer.bias.copy_(torch.from_numpy(bias))
    network.eval()
    for layer in network:
        layer.train(is_dropout(layer))
    return network


def is_dropout(layer: Any) -> bool:
    """Whether a module is one of PyTorch's dropout modules."""
    from torch.nn.modules.dropout import _DropoutNd

    return isinstance(layer, _DropoutNd)


def _weights(path: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    with zipfile.ZipFile(path) as archive:
        file = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(file) as stored:
        pairs = [
            tuple(np.array(stored[f"layers/{name}/vars/{index}"]) for index in (0, 1))
            for name in ("conv2d", "conv2d_1", "dense", "dense_1")
        ]
    (conv1, bias1), (conv2, bias2), (dense1, bias3), (dense2, bias4) = pairs
    # Keras flattens height, width, channels, and PyTorch channels, height, width.
    height, width, channels = 5, 5, conv2.shape[-1]
    flat = dense1.reshape(height, width, channels, -1).transpose(3, 2, 0, 1)
    return [
        (np.ascontiguousarray(conv1.transpose(3, 2, 0, 1)), bias1),
        (np.ascontiguousarray(conv2.transpose(3, 2, 0, 1)), bias2),
        (np.ascontiguousarray(flat.reshape(len(flat), -1)), bias3),
        (np.ascontiguousarray(dense2.T), bias4),
    ]
