"""Policies as JSON, to be saved, shared and taken home."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from ..errors import DamagedFileError, InvalidInputError
from ..store import write_json
from .policy import Policy, Provenance

KIND = "labrador policy"
SCHEMA_VERSION = 1
MAX_POLICY_BYTES = 100_000  # a whole one has 3,000 at most
_FIELDS = ("kind", "schema_version", *(one.name for one in dataclasses.fields(Policy)))
_ADVICE = "Download the policy again, or set its limits anew."


def to_document(policy: Policy) -> dict[str, Any]:
    """Return the policy as an object for JSON."""
    return {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "name": policy.name,
        "num_classes": policy.num_classes,
        "model_sha256": policy.model_sha256,
        "limits": dict(policy.limits),
        "provenance": dataclasses.asdict(policy.provenance),
    }


def from_document(document: Any) -> Policy:
    """Return the policy of an object from JSON.

    Raises:
        InvalidInputError: it is no policy, one of another schema version, or holds a value that
            cannot be.
    """
    if not (isinstance(document, dict) and document.get("kind") == KIND):
        raise InvalidInputError(
            "policy",
            expected=f'a JSON object with "kind": "{KIND}"',
            received=document,
            advice=_ADVICE,
        )
    version = document.get("schema_version")
    if version != SCHEMA_VERSION or isinstance(version, bool):
        raise InvalidInputError(
            "schema_version",
            expected=f"{SCHEMA_VERSION}, the one that this Labrador reads",
            received=version,
            advice="Use the version of Labrador that wrote the policy, or set its limits anew.",
        )
    # A limit under a misspelt name would be no limit: nothing is passed over.
    if set(document) != set(_FIELDS):
        raise InvalidInputError(
            "policy",
            expected=f"the fields {', '.join(_FIELDS)}",
            received=", ".join(document),
            advice=_ADVICE,
        )
    provenance = document["provenance"]
    words = {one.name for one in dataclasses.fields(Provenance)}
    if not (isinstance(provenance, dict) and set(provenance) <= words):
        raise InvalidInputError(
            "provenance",
            expected=f"an object with {', '.join(sorted(words))}",
            received=provenance,
            advice=_ADVICE,
        )
    return Policy(
        limits=document["limits"],
        name=document["name"],
        model_sha256=document["model_sha256"],
        provenance=Provenance(**provenance),
        num_classes=document["num_classes"],
    )


def save_policy(policy: Policy, path: Path) -> None:
    """Write the policy as JSON, atomically."""
    write_json(path, to_document(policy))


def load_policy(source: Path | str | bytes) -> Policy:
    """Read a policy.

    Args:
        source: where its file is, or its JSON as text or bytes, as an upload has it.

    Raises:
        DamagedFileError: not JSON, no policy, another schema version, or a value that cannot be.
        FileNotFoundError: there is no such file.
    """
    what = f"The policy {source.name}" if isinstance(source, Path) else "This policy"
    try:
        return from_document(_parse(source))
    except (InvalidInputError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise DamagedFileError(f"{what} cannot be used. {error}") from error


def _parse(source: Path | str | bytes) -> Any:
    if isinstance(source, Path):
        with source.open("rb") as file:
            source = file.read(MAX_POLICY_BYTES + 1)
    if len(source) > MAX_POLICY_BYTES:
        raise InvalidInputError(
            "policy", expected=f"at most {MAX_POLICY_BYTES:,} bytes", received="more than that"
        )
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        return json.loads(text, object_pairs_hook=_without_repetition)
    except InvalidInputError:
        raise
    # Also UnicodeDecodeError, numbers of too many digits, and brackets nested without end.
    except (ValueError, RecursionError):
        start = source[:40].decode(errors="replace") if isinstance(source, bytes) else source[:40]
        raise InvalidInputError("policy", expected="JSON", received=start, advice=_ADVICE) from None


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that says one thing twice, of which Python would believe the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidInputError(
            "policy",
            expected="each name once",
            received=", ".join(name for name, _ in pairs),
            advice=_ADVICE,
        )
    return found
