"""How timings are compared and read."""

import pytest

from benchmarks.contender import Contender, Task
from benchmarks.table import contender_table, duration, duration_cell, markdown, ratio_cell
from benchmarks.timing import Results, Spread, Timing, ratio, spread


def timing(name, *seconds, group=""):
    contender = Contender(name, Task, group=group)
    return Timing(
        contender, seconds, peak=300 * 2**20, loaded=100 * 2**20, idle_share=0.0, note="n"
    )


def test_ratio_is_taken_round_by_round():
    slow, fast = timing("slow", 10.0, 40.0, 60.0), timing("fast", 1.0, 2.0, 20.0)

    assert ratio(slow, fast) == Spread(10.0, 3.0, 20.0)
    assert ratio(fast, fast) == Spread(1.0, 1.0, 1.0)


def test_spread_of_one_value_is_that_value():
    assert spread([2.5]) == Spread(2.5, 2.5, 2.5)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.00987, "9.87 ms"),
        (0.0123, "12.3 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.00 s"),
        (131.2, "131 s"),
        (4321.0, "4,321 s"),
    ],
)
def test_duration_has_three_digits_and_its_unit(seconds, text):
    assert duration(seconds) == text


def test_range_is_in_the_unit_of_the_median():
    assert duration_cell(Spread(0.5, 0.25, 1.5)) == "500 ms (250 to 1,500)"
    assert ratio_cell(Spread(5.016, 4.8, 10.0)) == "5.02 (4.80 to 10.0)"


def test_table_divides_by_the_reference_and_tells_of_memory():
    slow, fast = timing("slow", 0.030), timing("fast", 0.010)
    lines = contender_table((slow, fast), fast).splitlines()

    assert lines[0].split("|")[1:-1][2].strip() == "times fast"
    assert "3.00 (3.00 to 3.00)" in lines[2] and "300 MiB" in lines[2] and "200 MiB" in lines[2]
    assert lines[3].split("|")[3].strip() == "1"


def test_markdown_aligns_numbers_to_the_right_and_words_to_the_left():
    lines = markdown(["", "time", "chosen"], [["a", "1 s", "x"], ["bb", "20 s", "yy"]]).splitlines()

    assert lines[1] == "| --- | ---: | ------ |"
    assert len({len(line) for line in lines}) == 1


def test_results_are_found_by_name_and_group():
    results = Results((timing("a", 1.0, group="x"), timing("a", 2.0, group="y")), ())

    assert results.of("a", "y") is results.timings[1]
    assert results.of("a") is None
