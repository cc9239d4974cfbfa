"""The report as a Word document: real heading styles, header rows that repeat, alternative texts, Swedish throughout."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from bot.report.archive import timeless
from bot.report.document_tables import table_xml
from bot.report.drawing import png
from bot.report.parts import Bullets, Facts, Heading, Outline, Paragraph, Picture, Table, WaitList
from bot.report.show import cut, waits_table

_FONT = "Arial"
_SIZES = {"Title": 22, "Heading 1": 16, "Heading 2": 12.5, "Normal": 10.5, "Caption": 10}
_INK = RGBColor(0x1B, 0x1B, 0x1B)


def document(outline: Outline) -> bytes:
    """The file. The same outline gives the same bytes."""
    made = Document()
    _styles(made)
    _page(made)
    _properties(made, outline)
    lying = False
    for section in outline.sections:
        if section.wide != lying:
            _turn(made, wide=section.wide)
            lying = section.wide
        for part in section.parts:
            _add(made, part)
    out = BytesIO()
    made.save(out)
    return timeless(out.getvalue(), outline.made)


def _styles(made: Any) -> None:
    for name, size in _SIZES.items():
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb, style.font.italic = _FONT, Pt(size), _INK, False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font goes before a named one
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), _FONT)
    made.styles["Title"].font.bold = True
    made.styles["Normal"].paragraph_format.space_after = Pt(6)
    made.styles["Caption"].paragraph_format.keep_with_next = True
    made.styles["Caption"].paragraph_format.space_before = Pt(8)
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "sv-SE")
        language.set(qn("w:eastAsia"), "sv-SE")


def _page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    _number(section.footer.paragraphs[0])


def _number(paragraph: Any) -> None:
    """ "Sida 1 av 9": fields that Word fills in."""
    for words, field in (("Sida ", "PAGE"), (" av ", "NUMPAGES")):
        paragraph.add_run(words)
        simple = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        paragraph._p.append(simple)


def _properties(made: Any, outline: Outline) -> None:
    core = made.core_properties
    core.title, core.subject, core.author = outline.title[:255], outline.subject[:255], outline.author[:255]
    core.last_modified_by, core.comments, core.keywords, core.language = outline.author[:255], "", "", "sv-SE"


def _add(made: Any, part: object) -> None:
    match part:
        case Heading():
            made.add_heading(part.text, part.level - 1)
        case Paragraph():
            _words(made.add_paragraph(), part)
        case Bullets():
            for item in part.items:
                _words(made.add_paragraph(style="List Bullet"), item)
        case Facts():
            for label, value in part.lines:
                paragraph = made.add_paragraph()
                paragraph.paragraph_format.space_after = Pt(2)
                _words(paragraph, Paragraph(value, f"{label}:"))
        case Picture():
            _picture(made, part)
        case WaitList():
            _add(made, waits_table(part))
        case Table():
            _table(made, part)


def _words(paragraph: Any, words: Paragraph) -> None:
    if words.label:
        paragraph.add_run(f"{words.label} ").bold = True
    paragraph.add_run(words.text)


def _picture(made: Any, part: Picture) -> None:
    caption = made.add_paragraph(style="Caption")
    caption.add_run(part.title)
    shape = made.add_picture(BytesIO(png(part.chart)), width=Mm(163))
    about = shape._inline.docPr
    about.set("descr", part.alt)
    about.set("title", part.title)
    about.set("name", part.title)


def _table(made: Any, part: Table) -> None:
    rows, told = cut(part)
    made.add_paragraph(part.caption + (f". {told}" if told else ""), style="Caption")
    body = made.element.body
    body.insert(len(body) - 1, parse_xml(table_xml(part, rows, nsdecls("w"))))  # before the page's own settings, which end the body
    made.add_paragraph().paragraph_format.space_after = Pt(0)  # Word joins tables that touch, and asks for a paragraph after each


def _turn(made: Any, *, wide: bool) -> None:
    """A new page, lying or standing."""
    section = made.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    sides = sorted((section.page_width, section.page_height))
    section.page_height, section.page_width = sides if wide else sides[::-1]
