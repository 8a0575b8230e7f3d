"""Canvas and live figure without the network: ink density stands in for the passes."""

import time

import numpy as np
import streamlit as st

from core.figures.palette import TOKENS, fade
from core.images import Ink, write_digit
from pages.parts import server, style
from pages.parts.canvas import canvas, set_ink
from pages.parts.live_figure import live_figure

SEVEN = write_digit(7, 1)  # crossed: two strokes
ENGINE_TIME = 0.05  # seconds of work a run; matrix products as the engine's, not sleep


def work(seconds: float) -> None:
    """Keep a core as busy as the engine would."""
    a = np.ones((250, 1600), np.float32)
    b = np.ones((1600, 128), np.float32)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        a @ b


def histograms(image: np.ndarray | None) -> dict:
    """Ten cells of bars that depend on every pixel, with a number and a frame that move."""
    counts = np.zeros((10, 10), int)
    if image is not None:
        pixels = image[..., 0]
        for digit in range(10):
            part = pixels[2 * digit + 2 : 2 * digit + 10]
            counts[digit] = np.histogram(part, bins=10, range=(0, 1))[0] * 4
    favourite = int(counts[:, -1].argmax())
    layout: dict = {
        "height": 320,
        "margin": {"l": 4, "r": 4, "t": 20, "b": 20},
        "bargap": 0,
        "showlegend": False,
        "annotations": [],
        "shapes": [],
    }
    traces = []
    for digit in range(10):
        row, column = divmod(digit, 5)
        x0, y0 = column * 0.205, 0.55 * (1 - row)
        number = digit + 1 if digit else ""
        axis = {
            "domain": [x0, x0 + 0.18],
            "range": [0, 1],
            "anchor": f"y{number}",
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "tickvals": [0, 0.5, 1] if row else [],
        }
        layout[f"xaxis{number}"] = axis
        layout[f"yaxis{number}"] = {
            "domain": [y0, y0 + 0.4],
            "range": [0, 1000],
            "anchor": f"x{number}",
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "showticklabels": False,
        }
        solid = digit == favourite and image is not None
        traces.append(
            {
                "type": "bar",
                "x": [round(0.05 + 0.1 * k, 2) for k in range(10)],
                "y": [int(c) for c in counts[digit]],
                "width": 0.1,
                "xaxis": f"x{number}",
                "yaxis": f"y{number}",
                "hoverinfo": "skip",
                "marker": {
                    "color": TOKENS.others if solid else fade(TOKENS.others, 0.32),
                    "line": {"color": fade(TOKENS.others, 0.75), "width": 1},
                },
            }
        )
        layout["shapes"].append(
            {
                "type": "rect",
                "xref": "paper",
                "yref": "paper",
                "x0": x0,
                "x1": x0 + 0.18,
                "y0": y0,
                "y1": y0 + 0.4,
                "layer": "below",
                "fillcolor": TOKENS.surf,
                "line": {"width": 2 if solid else 0, "color": TOKENS.ink},
            }
        )
        share = int(100 * counts[digit][-1] / 1000)
        for text, at, anchor in ((str(digit), x0, "left"), (f"{share}%", x0 + 0.18, "right")):
            layout["annotations"].append(
                {
                    "text": text,
                    "x": at,
                    "y": y0 + 0.4,
                    "xref": "paper",
                    "yref": "paper",
                    "xanchor": anchor,
                    "yanchor": "bottom",
                    "showarrow": False,
                    "font": {"color": TOKENS.ink if solid else TOKENS.ink2, "size": 13},
                }
            )
    return {"data": traces, "layout": layout}


@st.fragment
def live() -> None:
    """The canvas beside its figure."""
    left, right = st.columns([364, 716], gap="large")
    with left:
        drawing = canvas("draw", write=lambda: SEVEN)
    with right:
        work(ENGINE_TIME)
        live_figure(
            histograms(drawing.image), "histograms", label="Ten histograms", tag=drawing.tag
        )
        strokes, down = len(drawing.ink.strokes), "down" if drawing.pen_down else "up"
        st.html(
            f"<p id='state' data-tag='{drawing.tag}'>{strokes} strokes,"
            f" {drawing.ink.num_points} points, pen {down}</p>"
        )


def page_draw() -> None:
    st.title("Draw")
    if st.button("Put a one"):
        set_ink("draw", Ink((((0.5, 0.2), (0.5, 0.8)),)))
    live()


def page_sweep() -> None:
    """A figure whose steps can be picked."""
    st.title("Sweep")
    points = st.session_state.get("points", 36)
    st.session_state["points"] = st.number_input("Points", 2, 50, points)
    spec = {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [10 * k for k in range(st.session_state["points"])],
                "y": [k % 7 for k in range(st.session_state["points"])],
                "line": {"color": TOKENS.ink},
                "customdata": list(range(st.session_state["points"])),
            }
        ],
        "layout": {
            "height": 300,
            "meta": {"select": "x"},
            "margin": {"l": 40, "r": 10, "t": 10, "b": 30},
            "xaxis": {"range": [-5, 355]},
            "yaxis": {"range": [-1, 8]},
        },
    }
    live_figure(spec, "sweep", label="A sweep", hover=True, on_select=_pick)
    st.html(f"<p id='picked'>Picked {st.session_state.get('picked', 'none')}</p>")


def _pick(selection: dict) -> None:
    st.session_state["picked"] = selection["customdata"]


if __name__ == "__main__":
    st.set_page_config(layout="wide", page_title="Live", initial_sidebar_state=240)
    style.apply_style()
    st.navigation([st.Page(page_draw, title="Draw"), st.Page(page_sweep, title="Sweep")]).run()
else:
    app = st.App(__file__, routes=server.routes(), lifespan=server.lifespan(lambda: None))
