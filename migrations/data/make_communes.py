#!/usr/bin/env python3
"""Makes communes.tsv.gz, the table of the communes of France that is built into the program.

    python3 migrations/data/make_communes.py            writes the table
    python3 migrations/data/make_communes.py --check    compares it with what the source gives

The source is the npm package named below, fetched with npm into a temporary folder and checked
against the digest written here. See README.md for the format, the corrections and the licence.
"""

import argparse
import base64
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from pathlib import Path

PACKAGE = "@etalab/decoupage-administratif"
VERSION = "6.0.0"
INTEGRITY = "sha512-XavYsFlbcM/prKr8hNHPKER94IHw/dsxNM4nxjWMYk6PLFACpEedvn/7wK8Baozm0dCYhWWcf+7bcWpA5pmCaQ=="
MILLESIME = "2026"
PUBLISHED = "2026-03-09"

TABLE = Path(__file__).resolve().parent / "communes.tsv.gz"

# INSEE's article codes (TNCC) and the article with which a name of that kind begins.
ARTICLES = {2: "Le ", 3: "La ", 4: "Les ", 5: "L'", 6: "Aux ", 7: "Las ", 8: "Los "}

# The source gives the code 0 ("de") to every collectivity overseas; French says otherwise of these.
REGION_ARTICLES = {"984": 4, "987": 3, "988": 3, "989": 5}

# Rows of the source that are no commune with a municipal council and a mayor.
COLLECTIVITIES = {"97701", "97801"}  # Saint-Barthélemy, Saint-Martin: a territorial council
TERRITORIES = {"984", "986", "989"}  # districts of the TAAF, Wallis-et-Futuna, Clipperton


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="compare with the table in the tree, write nothing")
    arguments.add_argument("--archive", type=Path, help="use this downloaded package instead of asking npm")
    chosen = arguments.parse_args()

    text = render(read_package(chosen.archive))
    if chosen.check:
        with gzip.open(TABLE, "rt", encoding="utf-8", newline="") as table:
            same = table.read() == text
        print("the table is what the source gives" if same else "the table is NOT what the source gives")
        return 0 if same else 1
    TABLE.write_bytes(compress(text))
    print(f"{TABLE.name}: {text.count(chr(10))} lines, {len(text.encode())} bytes, {TABLE.stat().st_size} compressed")
    return 0


def read_package(archive):
    """The package's JSON files by name, once its digest is the one expected."""
    with tempfile.TemporaryDirectory() as folder:
        if archive is None:
            subprocess.run(
                ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"], cwd=folder, check=True, stdout=subprocess.DEVNULL
            )
            (archive,) = Path(folder).glob("*.tgz")
        content = archive.read_bytes()
    digest = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if digest != INTEGRITY:
        sys.exit(f"{PACKAGE} {VERSION} is not the package this script was written for: {digest}")
    files = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        for name in ("communes", "departements", "regions", "arrondissements", "epci"):
            files[name] = json.load(package.extractfile(f"package/data/{name}.json"))
    return files


def render(files):
    """The whole table as text."""
    out = io.StringIO()
    records = files["communes"]
    current = {r["code"]: r for r in records if r["type"] == "commune-actuelle"}
    epci_of = {m["code"]: e["code"] for e in files["epci"] for m in e["membres"]}

    section(out, "source", ["cle", "valeur"], [
        ["format", "1"],
        ["millesime", MILLESIME],
        ["publication", PUBLISHED],
        ["paquet", f"{PACKAGE} {VERSION}"],
        ["licence", "Licence Ouverte 2.0"],
    ])
    section(out, "regions", ["code", "nom", "article", "chef_lieu"], (
        [r["code"], r["nom"], REGION_ARTICLES.get(r["code"], r["typeLiaison"]), r["chefLieu"]]
        for r in by_code(files["regions"])
    ))
    section(out, "departements", ["code", "nom", "article", "region", "chef_lieu"], (
        [d["code"], d["nom"], REGION_ARTICLES.get(d["code"], d["typeLiaison"]), d["region"], d["chefLieu"]]
        for d in by_code(files["departements"])
    ))
    section(out, "arrondissements", ["code", "nom", "departement", "chef_lieu"], (
        [a["code"], a["nom"], a["departement"], a["chefLieu"]] for a in by_code(files["arrondissements"])
    ))
    section(out, "epci", ["code", "nom", "type"], (
        [e["code"], e["nom"], e["type"]] for e in by_code(files["epci"])
    ))
    columns = [
        "code", "nom", "article", "statut", "departement", "region", "arrondissement",
        "epci", "siren", "population", "codes_postaux",
    ]
    section(out, "communes", columns, (
        [
            c["code"], c["nom"], article(c), status(c), c["departement"], c["region"], c.get("arrondissement", ""),
            epci_of.get(c["code"], ""), c.get("siren", ""), c.get("population", ""),
            " ".join(sorted(c.get("codesPostaux", []))),
        ]
        for c in by_code(current.values())
    ))
    section(out, "anciennes", ["code", "nom", "genre", "commune"], former(records, current))
    return out.getvalue()


def former(records, current):
    """Codes that lead to a commune of today: merged communes, and districts of the three largest towns.

    A merged commune that kept a town hall of its own has a name; of the others only the code is known.
    Where the two lists of the source disagree, the one that names the commune is right.
    """
    rows = {}
    for c in current.values():
        for code in c.get("anciensCodes", []):
            rows[code] = [code, "", "ancienne", c["code"]]
    for r in records:
        if r["type"] == "commune-actuelle":
            continue
        kind = {"commune-deleguee": "deleguee", "commune-associee": "associee", "arrondissement-municipal": "arrondissement"}
        rows[r["code"]] = [r["code"], r["nom"], kind[r["type"]], r.get("chefLieu") or r["commune"]]
    return [rows[code] for code in sorted(rows)]


def article(commune):
    """INSEE's article code; worked out from the name where the source has none, or contradicts the name."""
    name = commune["nom"]
    given = commune.get("typeLiaison")
    written = [code for code, word in ARTICLES.items() if name.startswith(word)]
    if given in (None, 0, 1) and written:
        return written[0]
    if given is None:
        first = unicodedata.normalize("NFD", name)[0].upper()
        return 1 if first in "AEIOU" and not name.startswith("Ua-") else 0  # "d'Uturoa", but "de Hao", "de Ua-Pou"
    return given


def status(commune):
    if commune["code"] in COLLECTIVITIES:
        return "collectivite"
    return "territoire" if commune["departement"] in TERRITORIES else "commune"


def by_code(records):
    return sorted(records, key=lambda r: r["code"])


def section(out, name, columns, rows):
    out.write("\t".join([f"@{name}", *columns]) + "\n")
    for row in rows:
        fields = [unicodedata.normalize("NFC", str(field)) for field in row]
        if any(ch in field for field in fields for ch in "\t\r\n") or len(fields) != len(columns):
            sys.exit(f"{name}: a row that does not fit a table: {fields}")
        out.write("\t".join(fields) + "\n")


def compress(text):
    """gzip without name and without date, so that the same text gives the same file."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", compresslevel=9, mtime=0) as stream:
        stream.write(text.encode())
    return packed.getvalue()


if __name__ == "__main__":
    sys.exit(main())
