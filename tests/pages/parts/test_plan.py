from __future__ import annotations

from streamlit.testing.v1 import AppTest


def test_show_plan_says_what_is_dropped_and_what_runs_once_or_in_every_pass() -> None:
    def page() -> None:
        from core.inference import McSampler
        from core.networks import load_network
        from pages.parts.plan import show_plan

        show_plan(McSampler(load_network("mc").model).plan)

    (shown,) = AppTest.from_function(page).run(timeout=60).get("html")
    assert "dropout1: 50% of 32 feature maps; dropout2" in shown.proto.body
    assert "dropout3: 50% of 128 units." in shown.proto.body
    assert "responses of conv2." in shown.proto.body
    assert "times less work" in shown.proto.body
