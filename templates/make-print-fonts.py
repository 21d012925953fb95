"""Makes the fonts of the PDF files (templates/messages/fonts) from those of the pages.

    python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools==4.60.1 brotli
    /tmp/fonts/bin/python templates/make-print-fonts.py

Source Sans 3 (SIL Open Font License, see static/LICENCES.md) lies in static/fonts as variable WOFF2 in two parts, Latin
and extended Latin. A PDF wants one TrueType file a weight: both parts at one weight, put together. The narrow space of
French typography, which the fonts lack, gets the glyph of the no-break space.
"""

import pathlib
import tempfile

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = pathlib.Path(__file__).parent
PARTS = ["source-sans-3-latin", "source-sans-3-latin-ext"]

for name, weight in [("regular", 400), ("bold", 700)]:
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for part in PARTS:
            font = TTFont(HERE / "static" / "fonts" / f"{part}.woff2")
            font.flavor = None
            font = instancer.instantiateVariableFont(font, {"wght": weight})
            for table in ("GPOS", "GSUB", "GDEF", "BASE", "STAT", "HVAR", "MVAR", "avar"):
                if table in font:
                    del font[table]
            path = f"{folder}/{part}.ttf"
            font.save(path)
            files.append(path)
        merged = Merger().merge(files)
        for table in merged["cmap"].tables:
            if table.isUnicode() and 0xA0 in table.cmap:
                table.cmap.setdefault(0x202F, table.cmap[0xA0])
        merged["head"].modified = merged["head"].created
        merged.recalcTimestamp = False
        merged.save(HERE / "messages" / "fonts" / f"source-sans-3-{name}.ttf")
