"""The section about values alone, as the Models page shows it."""

import streamlit as st

from pages.parts import server, style
from pages.parts.regression import show_regression

if __name__ == "__main__":
    st.set_page_config(layout="wide", page_title="Values")
    style.apply_style()
    show_regression()
else:
    app = st.App(__file__, routes=server.routes(), lifespan=server.lifespan(lambda: None))
