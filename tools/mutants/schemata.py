"""One source text that holds all mutants of a file; which one it is, is chosen at run time.

Every point reads `(holdfast_mutant(N) ? mutated : original)`. Lines stay where they are, so that
what the compiler says of the text is said of the source as well.
"""

import dataclasses
import re

from sources import without_comments


@dataclasses.dataclass
class Range:
    begin: int
    end: int
    points: list  # (number, Point)
    inside: list


# Ranges of a tree of expressions lie in each other or apart.
def nested(points, size):
    top = Range(0, size, [], [])
    open_ranges = [top]
    for number, point in sorted(points, key=lambda one: (one[1].begin, -one[1].end)):
        while point.begin >= open_ranges[-1].end:
            open_ranges.pop()
        now = open_ranges[-1]
        if (now.begin, now.end) != (point.begin, point.end) or now is top:
            now.inside.append(Range(point.begin, point.end, [], []))
            open_ranges.append(now.inside[-1])
        open_ranges[-1].points.append((number, point))
    return top


def on_one_line(text):
    return re.sub(r"\s*\n\s*", " ", without_comments(text))


def written(text, one):
    """The text of a range, with the points inside it."""
    parts, at = [], one.begin
    for inside in one.inside:
        parts += [text[at:inside.begin], written(text, inside)]
        at = inside.end
    original = "".join(parts) + text[at:one.end]
    if not one.points:
        return original
    if any(point.kind == "statement" for _, point in one.points):
        return f"if (!holdfast_mutant({one.points[0][0]})) {original}"
    as_truth = any(point.kind == "truth" for _, point in one.points)
    cast = "static_cast<bool>" if as_truth else ""
    choices = "".join(f"holdfast_mutant({number}) ? {cast}({on_one_line(point.text)}) : "
                      for number, point in one.points)
    return f"({choices}{cast}({original}))"


def mutated(text, points):
    """`points` are pairs of a number and a Point of this text."""
    return written(text, nested(points, len(text)))
