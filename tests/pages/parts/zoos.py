"""A zoo that is made quickly: copies of the shipped networks under all the names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import streamlit as st

from core.networks import models_folder
from core.networks.zoo_plan import SHIPPED_NETWORKS
from pages.parts import engine, zoo_networks


def made_zoo(folder: Path) -> Path:
    """Return a folder with a network under each name of the zoo, alike but for their titles."""
    folder.mkdir()
    for name in SHIPPED_NETWORKS:
        source = "plain" if name.startswith("plain") else "mc"
        card = json.loads((models_folder() / f"{source}.json").read_text("utf-8"))
        title = card["title"] if name == source else f"Network {name}"
        shutil.copy(models_folder() / card["weights_file"], folder / f"{name}.keras")
        card |= {"name": name, "title": title, "weights_file": f"{name}.keras"}
        (folder / f"{name}.json").write_text(json.dumps(card), "utf-8")
    for file in models_folder().glob("mc.*.*"):
        shutil.copy(file, folder)
    return folder


def use_zoo(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pages find the networks in a folder; the server has loaded none of them."""
    for module in ("networks.zoo", "experiments.rivals", "experiments.reference_scores"):
        monkeypatch.setattr(f"core.{module}.models_folder", lambda: folder)
    monkeypatch.setattr("core.experiments.zoo_table_file.models_folder", lambda: folder)
    monkeypatch.setattr(engine, "_ready", set())
    forget()


def forget() -> None:
    """Let go of all that was loaded."""
    zoo_networks.forget_compared()
    st.cache_resource.clear()
