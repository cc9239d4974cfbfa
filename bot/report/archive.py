"""Office files are zip archives that carry the hour at which they were packed. Here they are packed anew without it."""

import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that a zip archive can tell
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


_END = b"</sheetData>"


def timeless(packed: bytes, day: date, rows: Mapping[str, Iterable[bytes]] | None = None) -> bytes:
    """The same archive, its properties dated `day`, so that the same report gives the same bytes.

    rows: of a workbook, by its sheets' files: what is written below the rows that are there.
    """
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(packed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode(), content)
            head, end, tail = content.partition(_END) if rows and name in rows else (content, b"", b"")
            about = zipfile.ZipInfo(name, _EPOCH)
            about.compress_type = zipfile.ZIP_DEFLATED
            with new.open(about, "w", force_zip64=True) as file:
                file.write(head)
                if rows and end:
                    file.writelines(rows[name])
                file.write(end + tail)
    return out.getvalue()
