"""How people write digits: pen strokes through a few points, several ways for each digit.

A template is a tuple of strokes in the order in which they are written, a stroke a tuple of
points (x, y) in the order of the pen. The digit is one unit high, y down. The pen goes smoothly
through the points; a point written twice is a corner, where it turns on the spot.

Below, points are written `x,y` in hundredths of the digit's height, `*` marks a corner and `|`
lifts the pen.
"""

from __future__ import annotations

Stroke = tuple[tuple[float, float], ...]
Template = tuple[Stroke, ...]


def _template(text: str) -> Template:
    """Read the notation above."""
    strokes = []
    for part in text.split("|"):
        points: list[tuple[float, float]] = []
        for word in part.split():
            x, y = word.rstrip("*").split(",")
            points += [(int(x) / 100, int(y) / 100)] * (2 if word.endswith("*") else 1)
        strokes.append(tuple(points))
    return tuple(strokes)


_ZERO = (
    # An upright oval, counter-clockwise from the top, closed with a little overlap.
    "40,3 20,10 5,36 5,66 19,93 38,98 58,80 65,44 56,14 39,2 27,6",
    # A slanted egg that begins at the right and ends inside itself.
    "55,12 38,1 15,20 3,58 12,92 34,97 56,72 63,36 53,10 36,5 28,14",
    # Clockwise, from the upper left, not quite closed.
    "16,17 36,2 60,15 70,50 60,84 36,98 12,84 2,50 11,20",
    # Round and wide.
    "45,4 18,12 2,45 12,80 42,96 72,82 84,48 70,14 44,4",
    # The end runs over the beginning and away to the left.
    "33,8 13,24 3,56 14,89 35,98 57,80 64,43 50,12 27,1 10,5",
    # The pen comes round once more and ends inside, as a spiral does.
    "47,5 26,4 7,30 4,66 21,95 44,94 61,70 63,36 51,14 34,13 22,29",
    # Narrow and tall.
    "27,2 11,16 4,50 9,85 23,98 38,83 43,47 37,13 24,3 17,10",
)

_ONE = (
    # A plain stroke.
    "20,0 19,35 17,70 16,100",
    # A short flag, then down.
    "2,24 14,15 28,1* 28,33 27,67 27,100",
    # A long flag.
    "0,50 20,29 40,1* 38,35 35,68 33,100",
    # With a flag and a foot.
    "12,20 24,12 33,1* 33,33 32,66 32,97 | 8,98 32,98 58,97",
    # A stroke that bows to the right and runs out to the left.
    "27,0 29,30 22,68 3,100",
    # A rounded hook at the top instead of a flag.
    "8,17 17,6 25,5 27,16 25,42 22,72 19,100",
    # A foot that the pen runs into from the stem, no flag.
    "27,0 27,34 25,68 24,97* 8,97* 26,98 50,95",
    # A steep flag, close to the stem.
    "8,47 18,25 27,0* 25,34 21,68 18,100",
)

_TWO = (
    # A hook, a corner at the lower left, a straight base.
    "5,26 16,7 38,2 56,16 52,40 30,70 4,97* 32,96 66,96",
    # A loop at the lower left that runs into the base.
    "6,22 22,3 45,7 52,28 40,58 18,88 5,95 2,85 12,79 28,88 46,97 68,90",
    # A round head, and a base that waves.
    "4,18 22,2 48,8 56,30 38,60 5,93* 20,87 42,96 64,93",
    # Nearly a z: a flat head and a straight diagonal.
    "6,12 26,3 48,5 55,18 42,44 20,76 3,98* 30,99 62,97",
    # A head that curls in on itself, a long neck.
    "17,29 8,20 15,6 34,1 50,12 49,33 34,62 16,86 4,97* 24,95 48,96 70,90",
    # A long flat loop, and a tail that swings out.
    "4,22 18,5 39,3 51,19 45,46 27,76 9,95 -2,93 4,84 24,87 47,98 74,95",
    # Round at the lower left, without corner or loop.
    "6,21 22,3 44,5 54,24 44,52 22,80 10,93 18,99 40,98 66,94",
)

_THREE = (
    # Two bowls that meet in a corner.
    "6,14 24,1 48,8 52,26 38,42 22,46* 44,51 58,70 48,92 24,99 3,88",
    # A small loop in the middle.
    "8,10 28,1 50,12 46,32 28,46 19,50 23,43 40,46 56,62 52,86 30,99 4,92",
    # A flat top and a diagonal to the lower bowl.
    "6,4 30,4 54,3* 38,24 24,40* 46,46 58,66 50,89 27,98 4,89",
    # One flowing line, the lower bowl the larger one.
    "10,12 30,2 46,12 42,30 27,40* 50,46 63,66 52,90 26,97 2,80",
    # The middle hardly drawn in.
    "6,12 24,1 45,8 46,27 33,44 46,56 55,74 43,93 20,99 0,91",
    # A hook to begin with, a small upper bowl, a tail that curls up.
    "13,20 9,8 25,0 42,8 41,25 27,37 18,40* 39,42 55,57 53,82 33,98 10,96 1,85",
    # Narrow, the upper bowl as large as the lower.
    "3,11 20,0 38,9 41,27 30,44 17,49* 36,52 45,69 38,91 19,100 0,93",
)

_FOUR = (
    # Open: an angle, then a long stroke down.
    "16,2 12,26 5,55* 32,55 64,53 | 50,10 48,42 46,72 44,100",
    # Closed: a pointed triangle, then the stem from its top.
    "47,2 26,32 2,66* 34,67 68,66 | 48,3 48,36 47,70 47,100",
    # A round cup and a stem, without lifting the pen.
    "8,5 4,28 10,49 30,52 47,36 54,6* 51,36 46,68 43,100",
    # An angle with a wide bar, and a stem that only crosses it.
    "28,3 18,30 3,60* 36,62 72,58 | 46,34 45,56 43,80 42,99",
    # An angle, and a bar that swings up into the stem without a lift.
    "13,4 9,28 3,54* 24,55 43,48 52,28 56,7* 53,36 49,68 46,100",
    # A leaning arm that bends into the bar, a stem that leans as well.
    "30,2 19,26 6,50 12,58 36,55 66,50 | 55,20 48,48 42,76 37,100",
    # Square: two uprights of nearly the same height and a level bar between.
    "7,4 6,26 6,48* 28,49 54,48 | 53,2 52,34 51,68 51,100",
)

_FIVE = (
    # Down and round, then the roof.
    "14,5 12,22 9,42* 30,36 54,50 56,76 36,96 4,93 | 14,4 36,4 60,2",
    # Without lifting the pen, from the end of the roof.
    "58,3 36,4 16,5* 13,22 9,44* 32,39 54,54 54,80 32,97 3,91",
    # Flowing, almost an s.
    "60,4 38,2 20,10 14,30 28,44 48,58 50,80 32,97 4,93",
    # Angular: a short neck, a wide belly, a long roof.
    "18,3 15,18 12,36* 40,36 62,58 54,86 28,98 2,86 | 18,3 42,5 68,4",
    # The neck bends into the belly; the roof stands a little off.
    "17,7 12,24 13,39 30,40 50,54 51,79 31,97 1,90 | 20,8 40,5 66,0",
    # A long straight roof drawn first, a large belly that curls in.
    "66,1 40,3 17,7* 14,24 12,39* 36,34 58,47 60,74 42,96 16,97 2,86",
    # A narrow belly under a short roof that climbs.
    "13,8 12,26 9,46* 26,41 42,53 43,77 27,97 0,94 | 14,9 30,6 52,-2",
)

_SIX = (
    # A curve down into a round loop.
    "46,2 24,20 7,52 7,82 26,98 50,88 54,66 38,54 18,62 8,78",
    # A straight, leaning neck and a small loop.
    "42,0 28,24 12,54 5,80 20,98 40,92 48,74 36,62 18,70 9,84",
    # A neck that begins with a hook, and a loop that ends inside.
    "54,10 40,1 20,14 5,46 6,80 28,98 52,84 54,60 36,48 16,58 12,68",
    # Upright, with a large loop.
    "26,1 12,26 4,58 12,88 34,98 56,84 56,58 36,44 14,54 6,68",
    # A flat, wide loop under a long neck; it ends beyond the neck.
    "44,0 25,26 9,58 8,87 28,99 55,91 58,74 38,67 15,74 -4,90",
    # Like a b: a straight neck, the loop set against it.
    "17,0 12,30 7,62 9,89 27,99 44,87 45,67 29,57 13,66 9,76",
    # A wide c that closes itself with a small loop.
    "53,9 32,5 12,30 3,62 14,92 37,98 52,84 47,67 30,65 18,77 19,85",
)

_SEVEN = (
    # A bar and a straight leg.
    "4,7 30,6 58,4* 46,32 33,66 22,100",
    # Crossed.
    "6,5 32,5 60,3* 47,30 34,64 26,99 | 20,51 38,50 58,48",
    # A serif at the left, a bar that sags, a leg that bends.
    "5,20 5,5* 28,9 58,3* 44,26 32,58 29,100",
    # Round: the bar turns into the leg without a corner.
    "2,9 20,6 46,4 57,9 51,30 37,65 25,99",
    # A bar that waves, a leg that bows outwards, crossed.
    "3,15 13,5 28,6 44,9 59,2* 53,28 40,62 21,99 | 18,56 36,51 60,50",
    # A hook at the left, round at the right, a leg almost upright.
    "5,19 7,7 24,4 43,3 54,8 54,24 47,58 42,100",
    # A short bar that climbs, a long straight leg.
    "0,13 26,8 52,1* 42,31 30,65 19,100",
)

_EIGHT = (
    # An s from the upper right, and back up through the middle.
    "50,14 32,1 12,12 16,34 36,50 55,70 48,92 26,99 6,86 12,64 34,46 50,28 49,13 38,3",
    # The same from the top, slimmer.
    "36,3 18,5 10,22 24,42 42,58 47,80 32,98 12,90 8,72 24,52 42,34 46,14 34,2",
    # A small circle on a larger one.
    "32,46 13,36 12,14 30,2 48,12 47,34 33,46 | 30,47 8,60 5,84 28,98 54,86 54,62 33,46",
    # From the middle: up and round, then down and round.
    "30,47 48,32 47,10 29,1 12,12 15,32 34,50 54,68 52,90 28,99 7,88 10,66 29,48",
    # The way back is nearly straight and shoots past the beginning.
    "52,11 35,2 16,10 15,29 34,46 49,64 48,87 28,99 9,90 10,72 27,53 45,31 59,6",
    # Open at the top: the way back ends short of the beginning.
    "47,9 29,2 13,14 17,34 38,50 55,69 50,91 27,99 6,89 9,68 28,52 47,38 56,20",
    # Begun at the upper left, clockwise round the top.
    "16,17 30,2 48,9 48,29 30,47 10,67 9,90 29,100 51,88 50,67 32,49 15,32 13,15 22,5",
)

_NINE = (
    # A loop and a straight stem.
    "50,16 32,2 9,14 7,38 27,50 46,36 52,8* 51,40 48,70 46,100",
    # A loop and a tail that curves to the left.
    "52,20 36,2 12,12 7,36 26,50 46,38 54,14* 56,44 48,78 24,98 6,90",
    # One flowing line, the stem leaning.
    "52,10 34,2 12,18 10,40 28,46 46,28 54,8 50,30 38,66 28,99",
    # A closed circle from the top, then a stem of its own.
    "44,6 22,3 6,20 12,44 34,47 48,28 43,6 | 49,6 48,36 45,70 43,100",
    # A wide flat loop left open, a stem that bows.
    "55,13 38,1 14,10 5,30 18,44 40,38 56,14* 55,42 46,74 31,100",
    # Clockwise like a 6 upside down: from inside the loop, round and down in a curve.
    "47,33 30,47 11,41 6,21 22,3 43,5 54,24 52,53 39,82 17,99",
    # A small loop high up, a long straight stem that leans.
    "47,9 33,1 15,11 13,30 27,39 43,26 50,5* 44,38 36,69 29,100",
)

TEMPLATES: tuple[tuple[Template, ...], ...] = tuple(
    tuple(_template(text) for text in ways)
    for ways in (_ZERO, _ONE, _TWO, _THREE, _FOUR, _FIVE, _SIX, _SEVEN, _EIGHT, _NINE)
)  # indexed by digit
