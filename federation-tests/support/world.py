"""One trial: a temporary folder, names with certificates, and the processes started in it.

Everything listens on loopback. Each process is stopped by the id it was started with when
the trial ends, however it ends.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request

from .checks import wait_until

TESTS = pathlib.Path(__file__).resolve().parent.parent
INSTALLED = pathlib.Path(os.environ.get("PARVIS_CACHE", pathlib.Path.home() / ".cache/parvis")) / "peers"
ADDRESS = "127.44.0.1"
BEGIN, END = "# parvis federation tests: begin", "# parvis federation tests: end"
CLONE_NEWNET = 0x40000000
KEEP = os.environ.get("PARVIS_KEEP_TRIALS")


def free_port(address="127.0.0.1"):
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def _die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class World:
    def __init__(self, title):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"parvis-{title}-"))
        self.folder.chmod(0o755)
        self.processes = {}
        self._names = {}
        self._closing = contextlib.ExitStack()
        self.at_end(_write_names, {})

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for name in list(self.processes):
            self.stop(name)
        self._closing.close()
        if KEEP:
            print(f"        kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def at_end(self, act, *arguments):
        self._closing.callback(act, *arguments)

    # Processes

    def start(self, name, command, env=None, cwd=None, user=None):
        """Starts a process whose output goes to NAME.log in the folder."""
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(part) for part in command],
                env={**os.environ, **(env or {})},
                cwd=cwd or self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
                user=user,
            )
        return self.processes[name]

    def stop(self, name, how=signal.SIGTERM, patience=10):
        process = self.processes.pop(name, None)
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def log(self, name):
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def ready(self, name, port, address="127.0.0.1", seconds=60):
        """Waits until the process listens; says what it wrote if it never does."""

        def answer():
            if self.processes[name].poll() is not None:
                raise RuntimeError(f"{name} ended:\n{self.log(name)[-3000:]}")
            with contextlib.suppress(OSError), socket.create_connection((address, port), 1):
                return True

        if not wait_until(answer, seconds):
            raise RuntimeError(f"{name} does not listen on {address}:{port}:\n{self.log(name)[-3000:]}")

    # Names and certificates

    def publish(self, sites):
        """Serves each `name: port` as https://name; the port is one of 127.0.0.1."""
        self._certificates(sites)
        self.names({name: ADDRESS for name in sites})
        blocks = "".join(
            f"https://{name} {{\n  tls {self.folder}/leaf.pem {self.folder}/leaf.key\n"
            f"  log\n  reverse_proxy 127.0.0.1:{port}\n}}\n"
            for name, port in sites.items()
        )
        (self.folder / "Caddyfile").write_text(
            "{\n  auto_https off\n  admin off\n"
            f"  default_bind {ADDRESS}\n  storage file_system {self.folder}/caddy\n"
            f"  log {{\n    output file {self.folder}/access.json\n    format json\n  }}\n}}\n" + blocks
        )
        self.start("caddy", ["caddy", "run", "--config", self.folder / "Caddyfile", "--adapter", "caddyfile"])
        self.ready("caddy", 443, ADDRESS)

    def names(self, addresses):
        """Makes names lead to addresses, in the hosts file, until the trial ends."""
        self._names.update(addresses)
        _write_names(self._names)

    def isolate(self, *addresses):
        """Moves this trial into a network of its own, where these addresses are ours.

        Only there may a server be tempted to call a private address: nothing can leave.
        """
        libc = ctypes.CDLL(None, use_errno=True)
        before = os.open("/proc/self/ns/net", os.O_RDONLY)
        if libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "a network namespace of our own")
        self.at_end(lambda: (libc.setns(before, CLONE_NEWNET), os.close(before)))
        for words in ["link set lo up", *(f"addr add {address} dev lo" for address in addresses)]:
            subprocess.run(["ip", *words.split()], check=True)

    def _certificates(self, names):
        def openssl(*arguments):
            subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=self.folder)

        alternatives = ",".join(f"DNS:{name}" for name in [*names, "localhost"]) + ",IP:127.0.0.1"
        (self.folder / "leaf.ext").write_text(f"subjectAltName={alternatives}\nbasicConstraints=CA:FALSE\n")
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Trial CA")
        openssl("req", *curve, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=trial")
        openssl(
            "x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "leaf.pem", "-days", "2", "-extfile", "leaf.ext",
        )  # fmt: skip
        system = pathlib.Path("/etc/ssl/certs/ca-certificates.crt").read_text()
        (self.folder / "bundle.pem").write_text(system + self.ca.read_text())

    @property
    def ca(self):
        return self.folder / "ca.pem"

    def trust(self):
        """The environment by which Node, Python and curl programs believe our CA."""
        bundle = str(self.folder / "bundle.pem")
        return {"NODE_EXTRA_CA_CERTS": str(self.ca), "SSL_CERT_FILE": bundle, "REQUESTS_CA_BUNDLE": bundle}

    def exchanges(self, site, method="POST", path=""):
        """What the proxy saw arrive at a site: a witness that is neither of the two servers."""
        log = self.folder / "access.json"
        for line in log.read_text().splitlines() if log.exists() else []:
            entry = json.loads(line)
            request = entry.get("request", {})
            if request.get("host") != site or request.get("method") != method or path not in request["uri"]:
                continue
            headers = {name.lower(): ", ".join(values) for name, values in request["headers"].items()}
            scheme = "rfc9421" if "signature-input" in headers else "cavage" if "signature" in headers else "unsigned"
            yield {"uri": request["uri"], "scheme": scheme, "status": entry["status"], "headers": headers}


def _write_names(addresses):
    """Rewrites our own block of the hosts file; an empty block is removed."""
    path = pathlib.Path("/etc/hosts")
    before = text = path.read_text()
    if BEGIN in text:
        kept, rest = text.split(BEGIN, 1)
        text = kept + rest.split(END + "\n", 1)[1]
    if addresses:
        lines = [BEGIN, *(f"{address} {name}" for name, address in addresses.items()), END]
        text = text.rstrip("\n") + "\n" + "\n".join(lines) + "\n"
    if text != before:
        path.write_text(text)


def post_json(address, value, seconds=60):
    """Gives an order to a peer's control address."""
    request = urllib.request.Request(address, json.dumps(value).encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{value}: {error.code} {error.read().decode()[:1500]}") from None
