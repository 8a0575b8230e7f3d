"""The comparison alone, of the networks in the folder that LABRADOR_TEST_MODELS names."""

import os
from pathlib import Path

import streamlit as st

from core.networks import zoo

zoo.models_folder = lambda: Path(os.environ["LABRADOR_TEST_MODELS"])

# Only now: these take the folder's name over as they are imported.
from pages.parts import server, style  # noqa: E402
from pages.parts.settings import show_settings  # noqa: E402
from pages.parts.zoo_compare import show_compare  # noqa: E402

if __name__ == "__main__":
    st.set_page_config(layout="wide", page_title="Compare")
    style.apply_style()
    show_compare(show_settings())
else:
    app = st.App(__file__, routes=server.routes(), lifespan=server.lifespan(lambda: None))
