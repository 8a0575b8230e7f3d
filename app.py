"""The app: page config, navigation, warm-up. Start it with `streamlit run app.py`.

Streamlit imports this file once as a server (`app` below) and runs it as a script for each
visitor's run.
"""

import streamlit as st

from pages.parts import live_figure, server, style
from pages.parts.first_page import first_page


def main() -> None:
    """Show the page that the visitor has chosen."""
    st.set_page_config(
        page_title="Labrador",
        page_icon=str(style.LOGO_ICON),
        layout="wide",
        initial_sidebar_state=240,
    )
    style.apply_style()
    st.logo(str(style.LOGO), size="large", icon_image=str(style.LOGO_ICON))
    pages = {
        "Look": [
            st.Page("pages/draw.py", title="Draw", icon=":material/draw:", default=True),
            st.Page("pages/rotate.py", title="Rotate", icon=":material/rotate_left:"),
            st.Page("pages/blend.py", title="Blend", icon=":material/layers:"),
            st.Page("pages/noise.py", title="Noise", icon=":material/grain:"),
            st.Page("pages/inside.py", title="Inside", icon=":material/biotech:"),
        ],
        "Decide": [
            st.Page("pages/thresholds.py", title="Thresholds", icon=":material/tune:"),
        ],
        "Bring": [
            st.Page("pages/models.py", title="Models", icon=":material/deployed_code:"),
            st.Page("pages/batch.py", title="Batch", icon=":material/table_view:"),
        ],
    }
    page = st.navigation(pages)
    live_figure.load_plotly_early()
    page.run()
    first_page.note_sent()


if __name__ == "__main__":
    main()
else:
    app = st.App(
        __file__,
        routes=server.routes(),
        middleware=server.middleware(),
        lifespan=server.lifespan(server.warm_up_engine),
    )
