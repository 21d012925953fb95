"""A backup made while people write, restored in another folder: it starts and its counts agree.

On SQLite and on PostgreSQL; a second server beside a running one and a wrong base URL are refused.
"""

import json
import shutil
import threading

from support.parvis import Parvis
from support.pictures import png
from support.postgres import Postgres

WRITERS = 4


def run(world, see):
    postgres = Postgres(world)
    for engine, first, second in (
        ("SQLite", None, None),
        ("PostgreSQL", postgres.database("avant"), postgres.database("apres")),
    ):
        see.guard(one, world, see, engine, first, second)


def one(world, see, engine, first, second):
    parvis = Parvis(world, f"avant-{engine.lower()}", database=first)
    parvis.claim()
    parvis.start()
    mayor = parvis.api("maire-eze")
    for number in range(3):
        picture = mayor.upload(png(), f"Photo {number}")["id"]
        mayor.publish(f"Avant la sauvegarde, {number}", media_ids=[picture])
    told, over = write(parvis)
    folder = world.folder / f"sauvegarde-{engine.lower()}"
    while sum(map(len, told)) < 20:
        over.wait(0.05)
    sure = [text for texts in told for text in list(texts)]
    parvis.cli("backup", folder)
    over.set()
    made = json.loads((folder / "manifest.json").read_text())
    see(f"{engine}: people were writing meanwhile", sum(map(len, told)) > len(sure), (len(sure), told))
    see(f"{engine}: nobody but the owner reads the backup", folder.stat().st_mode & 0o077 == 0)
    parvis.stop()
    restored(world, see, engine, parvis, second, folder, made, sure)


def write(parvis):
    """Several programs publish until told to stop; each notes what was acknowledged."""
    over, told = threading.Event(), [[] for _ in range(WRITERS)]
    apis = [parvis.api("maire-eze") for _ in range(WRITERS)]

    def go(number):
        count = 0
        while not over.is_set():
            text = f"Pendant la sauvegarde, {number}, {count}"
            apis[number].publish(text)
            told[number].append(text)
            count += 1

    for number in range(WRITERS):
        threading.Thread(target=go, args=(number,), daemon=True).start()
    return told, over


def restored(world, see, engine, before, database, folder, made, sure):
    after = Parvis(world, f"apres-{engine.lower()}", database=database, port=before.port)
    after.cli("restore", folder)
    counts = {name: after.ask(f'SELECT COUNT(*) FROM "{name}"')[0][0] for name in made["tables"]}
    counts = {name: int(count) for name, count in counts.items()}
    see.equal(f"{engine}: every table has the rows of the manifest", counts, made["tables"])
    after.start()
    see.equal(f"{engine}: the restored server answers", after.get("/eze-06").status, 200)
    kept = {text for (text,) in after.ask("SELECT source FROM news_post")}
    see.equal(f"{engine}: what was acknowledged before the backup is there", [t for t in sure if t not in kept], [])
    public = after.anyone().get("/api/v1/accounts/lookup?acct=maire-eze")
    shown = after.anyone().get(f"/api/v1/accounts/{public['id']}/statuses?only_media=true")
    see(f"{engine}: the pictures are there", shown and fetched(after, shown), shown)
    again = after.cli("restore", folder, check=False)
    see(f"{engine}: a place that is in use is left alone", again.returncode != 0, again.stdout + again.stderr)
    after.stop()
    again = after.cli("restore", folder, check=False)
    see(f"{engine}: and one that holds a database", again.returncode != 0, again.stdout + again.stderr)
    other = Parvis(world, f"ailleurs-{engine.lower()}", database=database and after.database)
    if engine == "SQLite":
        shutil.copytree(after.folder, other.folder, dirs_exist_ok=True)
    refused = other.cli("serve", check=False)
    see(f"{engine}: another base URL refuses to start", refused.returncode not in (0, None), refused.stderr)
    see.equal(f"{engine}: no fault in the log", before.complaints() + after.complaints(), [])


def fetched(parvis, statuses):
    pictures = [media["url"] for status in statuses for media in status["media_attachments"]]
    return pictures and all(parvis.get(url).status == 200 for url in pictures)
