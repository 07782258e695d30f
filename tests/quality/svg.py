"""Plain plots as SVG: a sheet, axes on it, and lines that are named where they end.

One file stands for itself (no script, no font, no link) and follows the reader's light or dark mode: shapes
name their colour, and the sheet's style says what that is. The same input gives the same bytes.

Units: pixels of a sheet that is WIDTH wide, y downwards; axes map values to them.
"""
import math
from xml.sax.saxutils import escape, quoteattr

WIDTH = 760
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"

# Light and dark. The colours of series are Okabe's and Ito's, which colour-blind readers can tell apart;
# dashes tell them apart once more, and show both lines where one lies on the other.
COLOURS = {"paper": ("#ffffff", "#0d1117"), "ink": ("#1f2328", "#e6edf3"), "soft": ("#59636e", "#9198a1"),
           "grid": ("#e4e8ec", "#262c34"), "copy": ("#6e7781", "#9198a1"), "analogy": ("#e69f00", "#e69f00"),
           "draft": ("#b3a000", "#f0e442"),
           "diffusion": ("#d55e00", "#d55e00"),
           "lossless": ("#0072b2", "#56b4e9"), "autoregressive": ("#009e73", "#009e73"),
           "other": ("#cc79a7", "#cc79a7")}
DASHES = {"copy": "2 3", "analogy": "2 3", "draft": "2 3", "autoregressive": "6 6"}


def colour_of(series):
    """A mode that was tried in another way ("lossless-alone") keeps its colour; dash_of tells it apart."""
    mode = series.split("-")[0]
    return mode if mode in COLOURS else "other"


def dash_of(series):
    return DASHES.get(series, "1 5" if "-" in series else None)


def digits(value):
    """Two digits behind the point at most, and no -0: the same on every machine."""
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Svg:
    """A titled sheet with lines of a caption at its foot; `description` is for those who cannot see it."""

    def __init__(self, height, title, description, caption):
        self.height, self.title, self.description, self.parts = height, title, description, []
        self.add("rect", "paper", width=WIDTH, height=height, fill="currentColor")
        self.text(24, 34, title, "ink", size=17, weight="bold")
        for i, line in enumerate(reversed(caption)):
            self.text(24, height - 20 - 17 * i, line)

    def add(self, tag, colour, inside="", **attributes):
        named = "".join(f" {key.replace('_', '-')}={quoteattr(digits(value))}"
                        for key, value in attributes.items() if value is not None)
        self.parts.append(f'<{tag} class="{colour}"{named}' + (f">{inside}</{tag}>" if inside else "/>"))

    def text(self, x, y, text, colour="soft", size=12, anchor="start", weight=None):
        self.add("text", colour, escape(text), x=x, y=y, fill="currentColor", font_size=size,
                 text_anchor=anchor, font_weight=weight)

    def path(self, points, colour, width=1.0, dash=None):
        shape = "M" + "L".join(f"{digits(float(x))} {digits(float(y))}" for x, y in points)
        self.add("path", colour, d=shape, fill="none", stroke="currentColor", stroke_width=width,
                 stroke_dasharray=dash, stroke_linejoin="round")

    def mark(self, x, y, colour, corners=0, turn=0.0, tip=""):
        """A dot, or a regular polygon; `tip` is what a pointer over it shows."""
        inside = tip and f"<title>{escape(tip)}</title>"
        if corners == 0:
            self.add("circle", f"mark {colour}", inside, cx=x, cy=y, r=4.5, fill="currentColor")
            return
        angles = [2 * math.pi * (i / corners - 0.25 + turn) for i in range(corners)]
        points = " ".join(f"{digits(x + 6 * math.cos(a))},{digits(y + 6 * math.sin(a))}" for a in angles)
        self.add("polygon", f"mark {colour}", inside, points=points, fill="currentColor")

    def __str__(self):
        light, dark = ("".join(f".{name}{{color:{pair[i]}}}" for name, pair in COLOURS.items())
                       + f".mark{{stroke:{COLOURS['paper'][i]}}}" for i in (0, 1))
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" width="{WIDTH}" '
            f'height="{self.height}" font-family="{FONT}" role="img" aria-labelledby="title description">',
            f'<title id="title">{escape(self.title)}</title>',
            f'<desc id="description">{escape(self.description)}</desc>',
            f"<style>{light}@media(prefers-color-scheme:dark){{{dark}}}</style>",
            *self.parts, "</svg>\n"])


def round_steps(most, about=5):
    """0, one step, two steps ... to `most` or above, in steps of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(most / about))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power * about >= most * 0.999)
    return [i * step for i in range(math.ceil(most / step - 0.001) + 1)]


def spread(places, gap):
    """The same places, moved up (y grows downwards) as little as keeps them apart; the order stays."""
    moved, last = {}, math.inf
    for i in sorted(range(len(places)), key=lambda i: (-places[i], -i)):
        moved[i] = last = min(places[i], last - gap)
    return [moved[i] for i in range(len(places))]


def thinned(points, least=1.0):
    """Without those that are hardly away from the one before; the last stays."""
    kept = points[:1]
    for x, y in points[1:-1]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= least:
            kept.append((x, y))
    return kept + points[1:][-1:]


class Axes:
    """A rectangle of a sheet in which 0 ... x_most and 0 ... y_most are drawn."""

    def __init__(self, svg, left, top, width, height, x_most, y_most):
        self.svg, self.left, self.top, self.width, self.height = svg, left, top, width, height
        self.x_most, self.y_most = x_most, y_most

    def at(self, x, y):
        return self.left + self.width * x / self.x_most, self.top + self.height * (1 - y / self.y_most)

    def y_axis(self, title, ticks):
        """ticks: [(value, label)], each with a line across."""
        self.svg.text(self.left, self.top - 14, title)
        for value, label in ticks:
            _, y = self.at(0, value)
            self.svg.path([(self.left, y), (self.left + self.width, y)], "grid" if value else "soft")
            self.svg.text(self.left - 8, y + 4, label, anchor="end")

    def x_axis(self, title, ticks):
        """ticks: [(value, label, more lines of it ...)]."""
        bottom = self.top + self.height
        for value, *labels in ticks:
            for i, label in enumerate(labels):
                x, _ = self.at(value, 0)
                self.svg.text(x, bottom + 20 + 16 * i, label, "soft" if i else "ink", anchor="middle")
        n_lines = max(len(labels) for _, *labels in ticks)
        self.svg.text(self.left + self.width / 2, bottom + 27 + 16 * n_lines, title, anchor="middle")

    def line(self, series, points):
        self.svg.path(thinned([self.at(*point) for point in points]), colour_of(series), 2.0, dash_of(series))

    def interval(self, series, x, low, high):
        self.svg.path([self.at(x, low), self.at(x, high)], colour_of(series), 1.25)

    def mark(self, series, x, y, **how):
        self.svg.mark(*self.at(x, y), colour_of(series), **how)

    def name_ends(self, ends):
        """{series: (x, y)}: its name right of the axes, tied to where its line ends."""
        x = self.left + self.width + 22
        places = [self.at(*end) for end in ends.values()]
        for series, place, y in zip(ends, places, spread([y for _, y in places], 18)):
            tie = [(place[0] + 6, place[1]), (x - 14, place[1]), (x, y)]
            self.svg.path(tie, colour_of(series), 0.75)
            self.svg.mark(x, y, colour_of(series))
            self.svg.text(x + 9, y + 4, series, "ink", size=13)
