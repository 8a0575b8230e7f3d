"""The Models page's views, and the comparison: live rows, scores of one pass, the table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.experiments.zoo_table import BASE, ENSEMBLE
from core.experiments.zoo_table_file import save_zoo_table, zoo_table_path
from core.networks.zoo import load_card
from core.networks.zoo_plan import ENSEMBLE_MEMBERS, ZOO_NETWORKS
from pages.parts.gallery import disputed_image
from pages.parts.zoo_networks import load_compared
from tests.core.experiments.zoo_tables import around, made_table, with_difference, with_row
from tests.pages.parts.zoos import forget, made_zoo, use_zoo
from tests.pages.test_pages import APP, THREE, texts


@pytest.fixture(scope="module")
def whole_zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A whole zoo, loaded once for the tests that leave it as it is; they come first."""
    folder = made_zoo(tmp_path_factory.mktemp("zoo") / "models")
    with pytest.MonkeyPatch.context() as patch:
        use_zoo(folder, patch)
        yield folder
        load_compared().wait(120)
    forget()


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A zoo that a test may damage."""
    folder = made_zoo(tmp_path / "models")
    use_zoo(folder, monkeypatch)
    yield folder
    load_compared().wait(120)
    forget()


def opened(**link: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=120)
    app.switch_page("pages/models.py")
    for name, value in link.items():
        app.query_params[name] = value
    return app.run()


def compared(**link: str) -> AppTest:
    """The comparison, once all networks have been loaded."""
    app = opened(**link)
    assert not app.exception
    load_compared().wait(120)
    app.run()
    assert not app.exception
    return app


def rows(app: AppTest) -> dict[str, str]:
    """The HTML of the live rows, by the networks' titles."""
    (table,) = (each.proto.body for each in app.get("html") if 'class="lb-zoo"' in each.proto.body)
    parts = table.split('<th role="rowheader" scope="row">')[1:]
    return {part.split("<")[0]: part for part in parts}


def test_every_network_and_the_ensemble_answer_to_the_same_drawing(whole_zoo):
    app = compared(image=THREE, passes="50", seed="3")
    found = rows(app)
    assert len(found) == len(ZOO_NETWORKS) + 1
    assert all('class="says">3</td>' in row for row in found.values())
    assert "50 passes each, seed 3" in texts(app)
    # The made networks have the same weights: they say the same, the plain ones something else.
    committees = {row.split("<small>")[1].split("</small>", 1)[1] for row in found.values()}
    assert len(committees) == 3
    plain, ensemble = found["Plain network"], found["Ensemble of 5 plain networks"]
    assert "one pass has none" in plain and "one pass has none" not in ensemble
    assert 'class="twin"></td>' in plain and 'class="twin"></td>' in ensemble
    assert "<i>3</i>" in found["Network tanh"]
    assert dict(app.query_params) == {
        "image": THREE, "passes": "50", "seed": "3", "network": "mc", "view": "compare",
    }  # fmt: skip


def test_rows_say_that_they_load_and_the_page_is_there_meanwhile(whole_zoo, monkeypatch):
    monkeypatch.setattr("pages.parts.zoo_networks.Loading.member", lambda *_: None)
    app = opened(image=THREE)
    assert not app.exception
    found = rows(app)
    assert len(found) == 9 and all("loading …" in row for row in found.values())
    assert "Over whole data sets" in texts(app)


def test_without_a_drawing_they_look_at_an_example_and_the_link_holds_it(whole_zoo):
    app = compared(passes="20")
    assert all('class="says">' in row for row in rows(app).values())
    assert app.query_params["image"] == disputed_image()


def test_scores_of_one_pass_stand_beside_the_committees_of_the_same_weights(whole_zoo):
    app = compared(image=THREE, passes="50")
    said = texts(app)
    assert "How unusual is that to “MC-dropout network”?" in said
    for label in ("Max softmax", "Energy", "Mahalanobis distance", "Orthonormal certificates"):
        assert label in said
    assert said.count("of validation digits</div>") + said.count("validation digits</div>") >= 6


def test_scores_are_of_the_network_that_is_asked_and_their_absence_is_said(whole_zoo):
    app = compared(image=THREE, passes="50", network="tanh")
    said = texts(app)
    assert "How unusual is that to “Network tanh”?" in said
    assert "expected tanh.rivals.npz" in said.replace("\\", "")
    assert "Mutual information" in said and "where that lies was not measured" in said


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("compare", "The same digit through all of them"),
        ("bring", "Shipped with Labrador"),
        ("values", "Values instead of classes"),
    ],
)
def test_a_link_opens_its_view_and_no_other(whole_zoo, view, words):
    app = opened(view=view, passes="20")
    assert not app.exception and app.query_params["view"] == view
    said = texts(app)
    heads = ("The same digit through all of them", "Shipped with Labrador", "lb-figure")
    assert words in said
    assert sum(head in said for head in heads[:2]) == (view != "values")
    assert (view == "bring") == bool(app.get("file_uploader")[:1] and "Shipped" in said)


def test_the_views_are_switched_and_the_drawing_stays(whole_zoo):
    app = compared(image=THREE, passes="20")
    app.button_group[0].set_value("bring").run()
    assert not app.exception and app.query_params["view"] == "bring"
    assert "Shipped with Labrador" in texts(app)
    app.button_group[0].set_value("compare").run()
    assert app.query_params["image"] == THREE
    assert 'class="says">3</td>' in rows(app)["Network tanh"]


def test_a_damaged_view_is_named_and_the_comparison_opens(whole_zoo):
    app = opened(view="all", passes="20")
    assert not app.exception
    assert "`view`" in app.info[0].value and len(rows(app)) == 9


def test_a_link_to_somebody_elses_network_opens_where_one_brings_it(whole_zoo):
    app = opened(network="own-0123456789ab")
    assert not app.exception
    assert "which was brought for one visit only" in texts(app)
    assert app.query_params["view"] == "bring" and "Shipped with Labrador" in texts(app)


def test_damaged_and_missing_networks_say_so_in_their_rows_and_the_rest_stays(zoo):
    (zoo / "rate-01.keras").unlink()
    (zoo / "tanh.json").write_text("{")
    weights = zoo / "elu.keras"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    (zoo / "plain-3.json").unlink()
    app = compared(image=THREE, passes="20")
    found = rows(app)
    assert "expected rate-01.keras" in found["Network rate-01"]
    assert "python -m core train --network rate-01" in found["Network rate-01"]
    assert "tanh.json" in found["tanh"]  # whose title nobody can read
    assert "weights of the network elu were changed" in found["Network elu"]
    assert "plain-3.json" in found["Ensemble of 5 plain networks"]
    broken = {"Network rate-01", "tanh", "Network elu", "Ensemble of 5 plain networks"}
    for title in found.keys() - broken:
        assert 'class="says">3</td>' in found[title]
    assert {app.selectbox[0].options[k] for k in range(2)}.isdisjoint({"tanh"})


def test_the_list_is_short_and_has_no_network_that_cannot_be_asked(zoo):
    (zoo / "elu.json").write_text("{")
    app = opened(view="bring")
    said = texts(app)
    assert "Network tanh" in said and "instead of ReLU" in said
    assert "Plain network" not in said
    assert "elu.json" in said.replace("\\", "")
    app.button(key="use-tanh").click().run()
    assert not app.exception
    assert app.query_params["network"] == "tanh"
    assert not [each for each in app.button if each.key == "use-tanh"]


def write_table(folder: Path, **weights: str) -> None:
    """Write a made-up table of the networks that are there, some with other weights."""
    table = made_table()
    for row in table.rows:
        names = ENSEMBLE_MEMBERS if row.name == ENSEMBLE else (row.name,)
        now = tuple(load_card(name, folder).weights_sha256 for name in names)
        table = with_row(
            table, row.name, weights_sha256=(weights[row.name],) if row.name in weights else now
        )
    table = with_difference(table, "rate-01", "accuracy", around(0.004, 0.001))
    table = with_row(table, BASE, twin=dict.fromkeys(table.row(BASE).twin, around(0.5, 0.01)))
    save_zoo_table(table, zoo_table_path(folder))


def test_the_table_is_shown_with_what_it_says_and_its_other_sides(zoo):
    write_table(zoo)
    app = opened(passes="20")
    assert not app.exception
    said = texts(app)
    assert "Each network was trained once." in said
    assert "A dropout rate of 0.1 is better than 0.5 in accuracy" in said
    assert "▲ better" in said and "99.10%" in said and "NLL, nats" in said
    assert "What does one pass buy against 100?" in said
    app.button_group(key="zoo.scaled.field").set_value("scaled").run()
    assert "NLL, scaled" in texts(app)
    app.button_group(key="zoo.passes.field").set_value("one").run()
    said = texts(app)
    assert not app.exception
    assert "50.00%" in said and "▲ better" not in said
    assert ">none</td>" in said  # the ensemble
    choice = next(each for each in app.selectbox if str(each.key).startswith("zoo.network"))
    choice.set_value("elu").run()
    assert "Scores of one pass beside the committee of Elu" in texts(app)


def test_without_its_table_the_page_says_how_to_make_it(zoo):
    app = opened(passes="20")
    assert "zoo.table.json" in texts(app).replace("\\", "")
    assert "python -m core evaluate --zoo" in texts(app).replace("\\", "")
    zoo_table_path(zoo).write_text('{"format": 1}')
    app.run()
    assert not app.exception
    assert "zoo.table.json is damaged" in texts(app).replace("\\", "")
    assert len(rows(app)) == 9


def test_rows_that_were_measured_with_other_weights_are_named(zoo):
    write_table(zoo, tanh="0" * 64)
    app = opened(passes="20")
    assert not app.exception
    assert any("Measured with other weights" in each.value for each in app.info)
    assert any("Activation tanh" in each.value for each in app.info)
    assert texts(app).count("of other weights") == 1
