from core.commands.text_table import text_table


def test_first_column_is_to_the_left_and_the_others_to_the_right() -> None:
    table = text_table([["", "image", "a long name", "b"], ["mean", "softmax", "0.5", "0.25"]])

    assert table.splitlines() == [
        "                mean",
        "image        softmax",
        "a long name      0.5",
        "b               0.25",
    ]
