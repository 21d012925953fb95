"""Our server, started from the binary in PARVIS_BIN, and its two doors for programs: the
command line and the Mastodon client API.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import sqlite3
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request
import uuid

from .world import TESTS, free_port

EZE = "06059"


def binary():
    path = pathlib.Path(os.environ.get("PARVIS_BIN") or TESTS.parent / "target/debug/parvis")
    if not path.is_file():
        raise RuntimeError(f"no parvis at {path}: build it, or set PARVIS_BIN")
    return path.resolve()


class Parvis:
    """One server. Without a host name it lives at its own plain loopback address."""

    def __init__(self, world, name, host=None, database=None, port=None, **settings):
        self.world, self.name, self.host = world, name, host
        self.port = port or free_port()
        self.base = f"https://{host}" if host else f"http://127.0.0.1:{self.port}"
        self.authority = self.base.split("//")[1]
        self.folder = world.folder / name
        self.folder.mkdir(exist_ok=True)
        self.database = database or f"sqlite://{self.folder}/parvis.sqlite"
        self.env = {
            "PARVIS_SERVER__LISTEN": f"127.0.0.1:{self.port}",
            "PARVIS_SERVER__BASE_URL": self.base,
            "PARVIS_DATABASE__URL": self.database,
            "PARVIS_FEDERATION__ALLOW_LOOPBACK": "true",
            "RUST_BACKTRACE": "1",
            **settings,
        }
        if host:
            self.env["PARVIS_FEDERATION__CA_FILE"] = str(world.ca)

    # The process

    def start(self, wait=True):
        self.process = self.world.start(self.name, [binary(), "serve"], env=self.env, cwd=self.folder)
        if wait:
            self.world.ready(self.name, self.port, seconds=90)
        return self

    def stop(self):
        self.world.stop(self.name, patience=30)

    def kill(self):
        """As the power cut does it."""
        self.world.stop(self.name, how=signal.SIGKILL)

    def at(self, days):
        """The next start believes that so many days have passed."""
        library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
        self.env.update({"LD_PRELOAD": str(library), "FAKETIME": f"+{days}d", "DONT_FAKE_MONOTONIC": "1"})

    @property
    def log(self):
        return re.sub(r"\x1b\[[0-9;]*m", "", self.world.log(self.name))

    def cli(self, *arguments, check=True):
        done = subprocess.run(
            [binary(), *arguments], env={**os.environ, **self.env}, cwd=self.folder,
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip
        if check and done.returncode:
            raise RuntimeError(f"parvis {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout if check else done

    # People

    def claim(self, name="mireille", commune=EZE, role="mayor"):
        self.account(name, commune, role)

    def account(self, name, commune=EZE, role="citizen"):
        return self.cli(
            "account", "create", name, "--email", f"{name}@example.org", "--commune", commune, "--role", role
        )

    def set_password(self, name, password):
        """By the command line, which reads it from its input."""
        done = subprocess.run(
            [binary(), "account", "password", name],
            env={**os.environ, **self.env},
            cwd=self.folder,
            input=password + "\n",
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"parvis account password {name}: {done.stdout} {done.stderr}")
        return done.stdout

    def api(self, account):
        """The client API as this account: a citizen, or an office such as `maire-eze`."""
        printed = self.cli("account", "token", account)
        return Api(self, printed.split()[-1])

    def anyone(self):
        return Api(self, None)

    def actor(self, handle):
        """The id of a local actor, by WebFinger."""
        resource = urllib.parse.quote(f"acct:{handle}@{self.authority}", safe="")
        found = self.get(f"/.well-known/webfinger?resource={resource}")
        if found.status != 200:
            return None
        return next(link["href"] for link in found.json["links"] if link["rel"] == "self")

    def inbox(self, handle="maire-eze"):
        return self.get(self.actor(handle), accept="application/activity+json").json["inbox"]

    def get(self, path, accept=None, **headers):
        if accept:
            headers["Accept"] = accept
        return fetch(self, "GET", path, headers=headers)

    # What it holds

    def rows(self):
        """How many rows each table has: a trial compares before and after."""
        with contextlib.closing(self._open()) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {
                name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]
                for name in names
                if not re.search(r"_fts_|^sqlite_|_data$|_idx$|_docsize$|_config$", name)
            }

    def ask(self, sql, *values):
        """For what no door shows; plain SQL that both engines understand."""
        if self.database.startswith("postgres"):
            done = subprocess.run(
                ["psql", "-At", "-F", "\t", self.database, "-c", sql], capture_output=True, text=True, check=True
            )
            return [tuple(line.split("\t")) for line in done.stdout.splitlines()]
        with contextlib.closing(self._open()) as database:
            return database.execute(sql, values).fetchall()

    def _open(self):
        path = self.database.removeprefix("sqlite://")
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)

    def complaints(self):
        """Lines of the log that tell of a fault of ours."""
        fault = re.compile(r"panicked|Inconsistent|\bERROR\b|status=5\d\d")
        return [line for line in self.log.splitlines() if fault.search(line)]


class Answered:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode(errors="replace")

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.text[:500]}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def fetch(server, method, path, body=None, headers=None):
    address = path if path.startswith("http") else server.base + path
    trust = ssl.create_default_context(cafile=server.world.ca) if address.startswith("https") else None
    opener = urllib.request.build_opener(
        _NoRedirect, urllib.request.HTTPSHandler(context=trust), urllib.request.ProxyHandler({})
    )
    wanted = urllib.request.Request(address, body, headers or {}, method=method)
    try:
        with opener.open(wanted, timeout=30) as answer:
            return Answered(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answered(error.code, error.headers, error.read())


class Api:
    """The client API with one bearer token."""

    def __init__(self, server, token):
        self.server, self.token = server, token

    def call(self, method, path, value=None, **headers):
        headers = {"Accept": "application/json", **headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = None
        if isinstance(value, bytes):
            body = value
        elif value is not None:
            body = json.dumps(value).encode()
            headers["Content-Type"] = "application/json"
        return fetch(self.server, method, path, body, headers)

    def _good(self, method, path, value=None, **headers):
        answer = self.call(method, path, value, **headers)
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer!r}")
        return answer.json

    def get(self, path):
        return self._good("GET", path)

    def post(self, path, value=None, **headers):
        return self._good("POST", path, value or {}, **headers)

    def put(self, path, value):
        return self._good("PUT", path, value)

    def delete(self, path):
        return self._good("DELETE", path)

    # The deeds of the scenarios

    def me(self):
        return self.get("/api/v1/accounts/verify_credentials")

    def publish(self, text, **more):
        return self.post("/api/v1/statuses", {"status": text, **more}, **{"Idempotency-Key": uuid.uuid4().hex})

    def upload(self, picture, description, name="photo.png", kind="image/png"):
        line = f"trial{uuid.uuid4().hex}"
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="description"\r\n\r\n{description}\r\n'.encode(),
            f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'.encode(),
            picture,
            f"\r\n--{line}--\r\n".encode(),
        ]
        return self._good(
            "POST", "/api/v2/media", b"".join(parts), **{"Content-Type": f"multipart/form-data; boundary={line}"}
        )

    def resolve(self, address):
        """A remote account or status by handle or address, fetched if need be."""
        query = urllib.parse.urlencode({"q": address, "resolve": "true"})
        return self.get(f"/api/v2/search?{query}")

    def status(self, id):
        return self.get(f"/api/v1/statuses/{id}")

    def replies(self, id):
        return self.get(f"/api/v1/statuses/{id}/context")["descendants"]

    def find_reply(self, id, words):
        return next((reply for reply in self.replies(id) if words in reply["content"]), None)

    def followers(self):
        return self.get(f"/api/v1/accounts/{self.me()['id']}/followers")
