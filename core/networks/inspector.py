"""The process that opens a stranger's model file first: `python -m core.networks.inspector`.

Started by `inspection`. Reads one request from its input, `{"path", "sha256", "num_bytes",
"cpu_seconds", "memory_bytes"}`, and writes one answer to its output: `{"report"}`, or what was
refused. Whatever TensorFlow says goes nowhere.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ..errors import DamagedFileError, InvalidInputError
from .process_limits import is_out_of_memory, limit_memory, limit_process

_MAX_REQUEST = 2**16


def main() -> int:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.read(_MAX_REQUEST))
    # Of what libraries print, nothing may come between the answer and its reader.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    limit_process(request["cpu_seconds"])
    json.dump(_answer(request), answer)
    answer.flush()
    # Without what libraries do at an exit, which takes a second and serves nobody.
    os._exit(0)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"report": _inspect(request)}
    except InvalidInputError as error:
        told = ("argument", "expected", "received", "advice")
        return {"refused": {name: getattr(error, name) for name in told}}
    except Exception as error:
        if is_out_of_memory(error):
            return {"out_of_memory": True}
        if isinstance(error, DamagedFileError):
            return {"damaged": str(error)}
        return {"failed": type(error).__name__}


def _inspect(request: dict[str, Any]) -> dict[str, Any]:
    from .checked_model import check_model, load_file
    from .report_json import report_as_json

    path = Path(request["path"])
    # Once more: the file has come by way of a disk.
    checked = check_model(path)

    import keras

    from .weights_check import check_weights_file

    keras.ops.zeros(())  # threads and pools are made here, before memory is counted
    limit_memory(request["memory_bytes"])
    check_weights_file(checked.archive.weights)
    model = load_file(path)

    from .probe import probe_model

    return report_as_json(probe_model(model, request["sha256"], request["num_bytes"]))


if __name__ == "__main__":
    sys.exit(main())
