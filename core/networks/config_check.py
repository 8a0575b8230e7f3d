"""A model's `config.json`, read as plain JSON, and every class in it held against a list.

Keras builds what a config names, and its safe mode alone has been got round: by modules and
functions that a config names (CVE-2025-1550), by Keras' own functions that do harm
(CVE-2025-8747), by a config that turns safe mode off (CVE-2025-9906), by layers that load
programs (CVE-2025-49655, CVE-2026-1462) or read files (CVE-2025-12058), and by the older format
that safe mode does not know (CVE-2025-9905). So nothing reaches Keras here but a copy of what was
understood:

* each object, at any depth, is a class of `allowed_classes`, by the module that Keras itself
  writes; a class without a module, which Keras would look up in the older, unguarded way, is none;
* a word at a key that Keras looks up is one of Keras' own activations, initialisers and so on;
* no text looks like a path or an address, though nothing on the list would open one;
* `compile_config` is left out everywhere. Loading with `compile=False` leaves it out of the
  outermost model only: that of a model inside a model is built all the same.

Policies of half precision become float32, in which such a model's weights are kept.
"""

from __future__ import annotations

import json
from typing import Any

from ..errors import DamagedFileError
from ..limits import MAX_MODEL_DEPTH
from .allowed_classes import MODELS
from .archive_check import SAVE_IT
from .config_copy import MAX_TEXT, ConfigCopy, class_advice, class_of, refuse_file, told_class


def check_config(content: bytes) -> bytes:
    """Return a model's config as Keras may see it: what was understood of it, and no more.

    Args:
        content: of `config.json`.

    Raises:
        InvalidInputError: it names a class that is not on the list, or is no model's.
        DamagedFileError: it is no JSON.
    """
    config = _parsed("config.json", content)
    if not isinstance(config, dict) or class_of(config) not in MODELS:
        refuse_file(
            "the config of a sequential or functional model",
            told_class(config),
            class_advice(config) if isinstance(config, dict) else SAVE_IT,
        )
    return json.dumps(ConfigCopy().instance(config, 0)).encode()


def check_metadata(content: bytes) -> bytes:
    """Return a model's metadata: the version of Keras and the date, as short texts.

    Args:
        content: of `metadata.json`.

    Raises:
        InvalidInputError: it is no such thing.
        DamagedFileError: it is no JSON.
    """
    metadata = _parsed("metadata.json", content)
    if not isinstance(metadata, dict):
        refuse_file("metadata.json with the version of Keras", type(metadata).__name__, SAVE_IT)
    kept = {key: metadata.get(key) for key in ("keras_version", "date_saved")}
    for key, value in kept.items():
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            refuse_file(f"metadata.json with a text for {key}", value, SAVE_IT)
    return json.dumps(kept).encode()


def _parsed(name: str, content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError:
        refuse_file(f"{name} of at most {MAX_MODEL_DEPTH} levels", "a deeper one")
    except ValueError as error:  # of JSON, of UTF-8, and of whole numbers with too many digits
        raise DamagedFileError(
            f"The model file is damaged: {name} is no JSON, or breaks off. {SAVE_IT}"
        ) from error
