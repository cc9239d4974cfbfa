"""The quarterly report as files: html, docx, xlsx and pdf from one outline, so that all four tell the same."""

from pathlib import Path

from bot.report.errors import ReportError
from bot.report.files import write_whole
from bot.report.outline import outline
from rules.report import QuarterReport

FORMS = ("html", "docx", "xlsx", "pdf")

__all__ = ["FORMS", "ReportError", "content", "file_name", "write"]


def write(report: QuarterReport, form: str, folder: Path) -> Path:
    """Writes the report and gives the file's path; a former one of that name is replaced. form: one of FORMS.

    The file is whole or not there, and only its owner may read it. Raises ReportError where a library is missing or the folder refuses.
    """
    path = folder / file_name(report, form)
    write_whole(path, content(report, form))
    return path


def file_name(report: QuarterReport, form: str) -> str:
    """ "ej-verkstallda-beslut-2023Q4-fullmaktige.docx": made of the quarter and the reader, never of a received text."""
    return f"ej-verkstallda-beslut-{report.quarter}-{report.reader.value}.{form}"


def content(report: QuarterReport, form: str) -> bytes:
    """The bytes of the file; the same report gives the same. A format's library is imported here, when the format is chosen."""
    try:
        match form:
            case "html":
                from bot.report.page import page as make
            case "docx":
                from bot.report.document import document as make
            case "xlsx":
                from bot.report.workbook import workbook as make
            case "pdf":
                from bot.report.pdf import pdf as make
            case _:
                raise ReportError(f"There is no format {form!r}; the formats are: {', '.join(FORMS)}.")
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("bot", "rules"):
            raise
        raise ReportError(
            f"The format {form} needs the package {error.name}, which is not installed; install ivobot with the extra report: "
            "pip install 'ivobot[report]'."
        ) from None
    return make(outline(report))
