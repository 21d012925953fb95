"""A real SMTP server that keeps each message as a file.

    mail_sink.py HOST PORT CERTIFICATE KEY FOLDER

Demands STARTTLS, then AUTH with the user `parvis` and the password `sink-password`.
"""

import pathlib
import ssl
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Keep:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.count = 0

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        name = f"{self.count:04}.eml"
        part = self.folder / (name + ".part")
        part.write_bytes(envelope.content)
        part.rename(self.folder / name)
        return "250 Kept"


def authenticate(server, session, envelope, mechanism, data):
    known = (data.login, data.password) == (b"parvis", b"sink-password")
    return AuthResult(success=known, handled=known)


if __name__ == "__main__":
    host, port, certificate, key, folder = sys.argv[1:]
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    Controller(
        Keep(folder),
        hostname=host,
        port=int(port),
        tls_context=tls,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    ).start()
    threading.Event().wait()
