"""Bar charts as SVG, readable on light and dark pages."""
import pathlib
from html import escape

from bench.targets import number

WIDTH, BAR, GAP, TOP = 760, 22, 10, 64
LABELS, VALUES = 290, 90

STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-size: 15px; font-weight: 600; }
  .note { fill: #57606a; }
  .ours { fill: #0969da; }
  .other { fill: #8c959f; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .note { fill: #9198a1; }
    .ours { fill: #4493f8; }
    .other { fill: #656c76; }
  }
"""


def bars(title: str, note: str, rows: list[tuple[str, float]]) -> str:
    """A bar a row, as long as its value; rows with Gatehouse in their name stand out."""
    height = TOP + len(rows) * (BAR + GAP)
    longest = max((value for _, value in rows), default=0) or 1
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-label="{escape(title, quote=True)}">',
        f"<style>{STYLE}</style>", f'<text class="title" x="0" y="18">{escape(title)}</text>',
        f'<text class="note" x="0" y="40">{escape(note)}</text>',
    ]
    for index, (label, value) in enumerate(rows):
        y = TOP + index * (BAR + GAP)
        length = max(1, value / longest * (WIDTH - LABELS - VALUES))
        kind = "ours" if "Gatehouse" in label else "other"
        lines += [
            f'<text x="{LABELS - 10}" y="{y + 16}" text-anchor="end">{escape(label)}</text>',
            f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{length:.1f}" height="{BAR}" rx="3"/>',
            f'<text x="{LABELS + length + 8:.1f}" y="{y + 16}">{number(value)}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


def write(file: pathlib.Path, title: str, note: str, rows: list[tuple[str, float]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(bars(title, note, rows))
