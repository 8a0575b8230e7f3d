"""Policies come back from JSON as they were; everything else is refused in a sentence."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DamagedFileError, InvalidInputError
from core.uncertainty import (
    MEASURES,
    Policy,
    Provenance,
    from_document,
    load_policy,
    save_policy,
    to_document,
)

LINES = st.text(st.characters(codec="utf-8"), max_size=40).filter(str.isprintable)
POLICIES = st.builds(
    Policy,
    st.fixed_dictionaries(
        {}, optional={name: st.floats(0.0, one.upper(10)) for name, one in MEASURES.items()}
    ),
    LINES.filter(str.strip),
    st.sampled_from(["", "0123456789abcdef" * 4]),
    st.builds(Provenance, LINES, LINES, LINES),
)


def document(**changes: Any) -> dict[str, Any]:
    whole = to_document(
        Policy({"confidence": 0.8}, "Strict", provenance=Provenance(data="validation"))
    )
    return {**whole, **changes}


@given(POLICIES)
def test_policy_comes_back_from_json_as_it_was(policy):
    text = json.dumps(to_document(policy))
    assert load_policy(text) == load_policy(text.encode()) == policy


def test_policy_comes_back_from_a_file(tmp_path):
    policy = Policy({"variance": 0.05}, "größer", provenance=Provenance("validation", "1%", "95%"))
    save_policy(policy, tmp_path / "policy.json")
    assert load_policy(tmp_path / "policy.json") == policy
    assert json.loads((tmp_path / "policy.json").read_text())["schema_version"] == 1


def test_policy_with_a_byte_order_mark_is_read():
    assert load_policy(b"\xef\xbb\xbf" + json.dumps(document()).encode()).name == "Strict"


def test_missing_file_raises_file_not_found(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_policy(tmp_path / "policy.json")


def test_folder_in_place_of_a_file_is_refused(tmp_path):
    with pytest.raises(DamagedFileError, match="cannot be used"):
        load_policy(tmp_path)


def test_damaged_file_is_named(tmp_path):
    (tmp_path / "mine.json").write_text("{")
    with pytest.raises(DamagedFileError, match=r"The policy mine\.json cannot be used\..*JSON"):
        load_policy(tmp_path / "mine.json")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "Expected JSON. Received: nothing"),
        (b"\xff\xfe\x00", "Expected JSON"),
        (b"\x89PNG\r\n", "Expected JSON"),
        ("[" * 50_000, "Expected JSON"),
        ("1" * 5_000, "Expected JSON"),
        (" " * 100_001, "at most 100,000 bytes"),
        ("[]", "labrador policy"),
        ("null", "labrador policy"),
        ('{"limits": {"confidence": 0.5}}', "labrador policy"),
        ('{"kind": "labrador policy", "kind": "labrador policy"}', "each name once"),
    ],
)
def test_source_that_is_no_policy_is_refused(source, message):
    with pytest.raises(DamagedFileError, match=message):
        load_policy(source)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema_version": 2}, "for schema_version. Expected 1.*Received: 2"),
        ({"schema_version": "1"}, "schema_version"),
        ({"schema_version": True}, "schema_version"),
        ({"schema_version": None}, "schema_version"),
        ({"limits": {"entropy": 0.5}}, "for limits.*Received: entropy"),
        ({"limits": {"confidence": float("nan")}}, "confidence.*from 0 to 1.*nan"),
        ({"limits": {"confidence": float("inf")}}, "confidence.*from 0 to 1.*inf"),
        ({"limits": {"confidence": 1.5}}, "confidence.*from 0 to 1.*1.5"),
        ({"limits": {"confidence": -0.1}}, "confidence.*from 0 to 1.*-0.1"),
        ({"limits": {"confidence": [0.5]}}, "confidence.*from 0 to 1"),
        ({"limits": [0.5]}, "for limits"),
        ({"limits": None}, "for limits"),
        ({"limit": {}}, "the fields"),
        ({"name": None}, "for name"),
        ({"num_classes": 0}, "for num_classes"),
        ({"model_sha256": 5}, "for model_sha256"),
        ({"provenance": "validation"}, "for provenance"),
        ({"provenance": {"date": "today"}}, "for provenance"),
        ({"provenance": {"data": 3}}, "for data"),
    ],
)
def test_document_with_a_wrong_value_is_refused(changes, message):
    with pytest.raises(InvalidInputError, match=message):
        from_document(document(**changes))
    with pytest.raises(DamagedFileError, match=message):
        load_policy(json.dumps(document(**changes)))


def test_document_without_a_field_is_refused():
    incomplete = document()
    del incomplete["limits"]
    with pytest.raises(InvalidInputError, match="the fields"):
        from_document(incomplete)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(document())), JSON), JSON)
def test_any_json_is_a_policy_or_a_sentence(changes, other):
    for value in (document(**changes), other):
        with contextlib.suppress(InvalidInputError):
            assert isinstance(from_document(value), Policy)


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_upload_is_refused_in_a_sentence(source):
    with pytest.raises(DamagedFileError, match="This policy cannot be used"):
        load_policy(source)
