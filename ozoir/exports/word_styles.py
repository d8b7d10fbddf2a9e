"""How a Word file looks: page, styles, shading, and the fields Word computes."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

FONT = "Arial"  # on every machine, or a font of the same widths
BLUE, MUTED, PALE = RGBColor(0x0B, 0x57, 0xD0), RGBColor(0x4B, 0x55, 0x63), "EEF3FB"
_AFTER_SHADING = [
    "tabs",
    "suppressAutoHyphens",
    "contextualSpacing",
    "spacing",
    "ind",
    "jc",
    "outlineLvl",
    "noWrap",
    "tcMar",
    "vAlign",
    "rPr",
]


def set_page(word: WordDocument) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.9)


def set_styles(word: WordDocument, size: float, is_long: bool) -> None:
    """size: of the text. A short document has smaller headings, so as to hold on its page or two."""
    styles = word.styles
    for name, points, colour, before, after in (
        ("Title", 22 if is_long else 18, BLUE, 0, 4),
        ("Subtitle", 12 if is_long else 10.5, MUTED, 0, 12 if is_long else 6),
        ("Heading 1", 18 if is_long else 13, BLUE, 18 if is_long else 6, 8 if is_long else 3),
        ("Heading 2", 13.5 if is_long else 12, None, 14 if is_long else 8, 6 if is_long else 3),
        ("Heading 3", 11.5, None, 10, 4),
    ):
        style = styles[name]
        _set_font(style, points, is_bold=name != "Subtitle", colour=colour)
        style.font.italic = False
        for spacing in style.element.get_or_add_rPr().findall(qn("w:spacing")):
            style.element.rPr.remove(spacing)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = True
        _drop_border(style)
    _set_font(styles["Normal"], size)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    styles["Normal"].paragraph_format.widow_control = True
    for name, points, is_italic, colour in (
        ("Lecture", size, True, None),
        ("Source", size - 1.5, False, MUTED),
        ("Clause", size - 1.5, False, MUTED),
        ("Encadré", size, False, None),
        ("À compléter", size, False, RGBColor(0x9A, 0x34, 0x12)),
        ("Cellule", size - 1.2, False, None),
    ):
        style = styles.add_style(name, 1)
        style.base_style = styles["Normal"]
        _set_font(style, points, colour=colour)
        style.font.italic = is_italic
    styles["Source"].paragraph_format.space_after = Pt(10 if is_long else 3)
    styles["Clause"].paragraph_format.keep_with_next = True
    styles["Cellule"].paragraph_format.space_after = Pt(0)
    styles["Caption"].font.color.rgb = None
    _set_font(styles["Caption"], size - 0.5, is_bold=True)
    styles["Caption"].font.italic = False
    styles["Caption"].paragraph_format.keep_with_next = True
    shade(styles["Encadré"].element.get_or_add_pPr(), PALE)
    language = styles.element.find(f".//{qn('w:lang')}")
    language.set(qn("w:val"), "fr-FR")


def _set_font(style, points: float, is_bold: bool = False, colour: RGBColor | None = None) -> None:
    font = style.font
    font.name, font.size, font.bold = FONT, Pt(points), is_bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if "Theme" in name or "theme" in name:
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    font.color.rgb = colour or RGBColor(0x1F, 0x29, 0x37)


def _drop_border(style) -> None:
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def shade(properties, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        shading.set(qn(name), value)
    later = [properties.find(qn(f"w:{name}")) for name in _AFTER_SHADING]
    following = next((element for element in properties if element in later), None)
    if following is None:
        properties.append(shading)
    else:
        following.addprevious(shading)


def add_field(paragraph: Paragraph, code: str, shown: str, is_dirty: bool = False) -> None:
    """A field Word computes (page number, table of contents, caption number)."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run()
        if paragraph.part.element.tag == qn("w:ftr"):
            set_run(run)
        if kind == "shown":
            run.text = text
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            if kind == "begin" and is_dirty:
                mark.set(qn("w:dirty"), "true")
            run._r.append(mark)
        else:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {text} "
            run._r.append(instruction)


def set_run(run, is_bold: bool = False) -> None:
    run.font.size, run.font.bold, run.font.color.rgb = Pt(8.5), is_bold, MUTED


def mark_field(run, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run.append(mark)
