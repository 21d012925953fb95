"""Makes the fonts of the PDF files (templates/messages/fonts) from those of the pages.

    python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools==4.68.0 brotli
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
        # The licence keeps the name "Source" for the unaltered fonts.
        for record in list(merged["name"].names):
            if record.nameID not in (0, 13, 14):
                merged["name"].removeNames(nameID=record.nameID)
        family, style = "Papiers de Parvis", "Bold" if weight == 700 else "Regular"
        for number, text in [(1, family), (2, style), (4, f"{family} {style}"), (6, f"PapiersDeParvis-{style}")]:
            merged["name"].setName(text, number, 3, 1, 0x409)
        merged["head"].modified = merged["head"].created
        merged.recalcTimestamp = False
        merged.save(HERE / "messages" / "fonts" / f"papiers-{name}.ttf")
