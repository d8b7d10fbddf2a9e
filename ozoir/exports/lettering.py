"""How wide a text is, in the font the documents embed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parent / "polices"
FAMILY = "Source Sans Pro"


@lru_cache(maxsize=4)
def _font(is_bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"SourceSansPro-{'Bold' if is_bold else 'Regular'}.ttf"), 100)


@lru_cache(maxsize=50_000)
def text_width(text: str, size: float, is_bold: bool = False) -> float:
    """In the unit of `size`."""
    return _font(is_bold).getlength(text) * size / 100


def wrap_text(text: str, width: float, size: float, is_bold: bool = False) -> list[str]:
    """Lines no wider than `width`, cut between words."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, size, is_bold) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]
