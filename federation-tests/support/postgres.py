"""A PostgreSQL cluster of the trial's own, in its folder, on a loopback port."""

import os
import pathlib
import pwd
import subprocess

from .checks import wait_until
from .world import free_port


class Postgres:
    def __init__(self, world, fsync="off"):
        binaries = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        data = world.folder / "postgres"
        data.mkdir()
        # The server refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(data, account.pw_uid, account.pw_gid)
        self.port = free_port()
        self._run(binaries / "initdb", "-D", data, "-U", "parvis", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": "", "fsync": fsync}
        command = [binaries / "postgres", "-D", data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        world.start("postgres", command, user=self.user)
        world.ready("postgres", self.port)
        ready = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", self.port]
        wait_until(lambda: subprocess.run([str(part) for part in ready], check=False).returncode == 0)

    def database(self, name):
        """Makes an empty database and says its address."""
        self._run("psql", self._url("postgres"), "-c", f"CREATE DATABASE {name}")
        return self._url(name)

    def _url(self, name):
        return f"postgres://parvis@127.0.0.1:{self.port}/{name}"

    def _run(self, *command):
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, cwd="/", user=self.user, timeout=120
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stderr}")
