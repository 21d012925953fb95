"""Signs HTTP requests by draft-cavage-12 and by RFC 9421, rightly or in any wrong way.

Written from the two documents and on the `cryptography` package, so that it shares nothing
with the code under test. A request is a value: sign it, then alter it, then send it.
"""

import base64
import dataclasses
import hashlib
import http.client
import ssl
import time
from email.utils import formatdate
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

ACTIVITY = "application/activity+json"
CAVAGE_POST = ("(request-target)", "host", "date", "digest", "content-type")
CAVAGE_GET = ("(request-target)", "host", "date")
RFC9421_POST = ("@method", "@target-uri", "content-digest")
RFC9421_GET = ("@method", "@target-uri")


class Key:
    """An RSA-2048 key pair, or an Ed25519 one."""

    def __init__(self, kind="rsa", bits=2048):
        self.kind = kind
        self.private = (
            ed25519.Ed25519PrivateKey.generate()
            if kind == "ed25519"
            else rsa.generate_private_key(public_exponent=65537, key_size=bits)
        )

    def pem(self, form="spki"):
        forms = {"spki": serialization.PublicFormat.SubjectPublicKeyInfo, "pkcs1": serialization.PublicFormat.PKCS1}
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, forms[form]).decode()

    def multibase(self):
        raw = self.private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return "z" + base58(b"\xed\x01" + raw)

    def sign(self, text):
        data = text.encode()
        if self.kind == "ed25519":
            return self.private.sign(data)
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())


@dataclasses.dataclass
class Request:
    method: str
    url: str
    headers: dict
    body: bytes = b""

    @property
    def target(self):
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def send(self, ca=None, seconds=30):
        """Sends exactly these headers and this body; answers (status, headers, body)."""
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            trust = ssl.create_default_context(cafile=ca)
            wire = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=seconds, context=trust)
        else:
            wire = http.client.HTTPConnection(parts.hostname, parts.port, timeout=seconds)
        try:
            wire.putrequest(self.method, self.target, skip_host=True, skip_accept_encoding=True)
            headers = dict(self.headers)
            if self.method == "POST":
                headers.setdefault("Content-Length", str(len(self.body)))
            for name, value in headers.items():
                wire.putheader(name, value)
            wire.endheaders(self.body or None)
            answer = wire.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            wire.close()


def request(method, url, body=b"", content_type=ACTIVITY, date=None):
    """An unsigned request with what a server would send; `date` is seconds since 1970."""
    headers = {
        "Host": urlsplit(url).netloc,
        "User-Agent": "raw-signer/1 (trial)",
        "Date": formatdate(time.time() if date is None else date, usegmt=True),
        "Accept": ACTIVITY,
    }
    if method == "POST":
        headers["Content-Type"] = content_type
    return Request(method, url, {k: v for k, v in headers.items() if v is not None}, body)


def sha256(body):
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def cavage(req, key, key_id, signed=None, algorithm="rsa-sha256", digest=True, created=None, expires=None):
    """Signs by draft-cavage-12. `digest` may also be the value to claim."""
    if req.method == "POST" and digest:
        req.headers["Digest"] = digest if isinstance(digest, str) else f"SHA-256={sha256(req.body)}"
    signed = signed or (CAVAGE_POST if req.method == "POST" else CAVAGE_GET)
    given = {name.lower(): value for name, value in req.headers.items()}
    given["(request-target)"] = f"{req.method.lower()} {req.target}"
    given["(created)"], given["(expires)"] = str(created), str(expires)
    text = "\n".join(f"{name}: {given[name]}" for name in signed if name in given)
    parts = {"keyId": key_id, "algorithm": algorithm, "headers": " ".join(signed)}
    line = [f'{name}="{value}"' for name, value in parts.items() if value]
    line += [f"{name}={value}" for name, value in (("created", created), ("expires", expires)) if value is not None]
    signature = base64.b64encode(key.sign(text)).decode()
    req.headers["Signature"] = ",".join([*line, f'signature="{signature}"'])
    return req


def rfc9421(req, key, key_id, covered=None, created=None, expires=None, algorithm="", digest=True, label="sig1"):
    """Signs by RFC 9421. The parameter `alg` is left out unless `algorithm` is given."""
    if req.method == "POST" and digest:
        req.headers["Content-Digest"] = digest if isinstance(digest, str) else f"sha-256=:{sha256(req.body)}:"
    covered = covered or (RFC9421_POST if req.method == "POST" else RFC9421_GET)
    created = int(time.time()) if created is None else created
    parts = urlsplit(req.url)
    derived = {
        "@method": req.method,
        "@target-uri": req.url,
        "@authority": parts.netloc,
        "@scheme": parts.scheme,
        "@path": parts.path,
        "@query": f"?{parts.query}",
        "@request-target": req.target,
    }
    given = {**{name.lower(): value for name, value in req.headers.items()}, **derived}
    inner = "(" + " ".join(f'"{name}"' for name in covered) + ")"
    if created != "":
        inner += f";created={created}"
    if expires is not None:
        inner += f";expires={expires}"
    inner += f';keyid="{key_id}"'
    if algorithm:
        inner += f';alg="{algorithm}"'
    lines = [f'"{name}": {given[name]}' for name in covered if name in given]
    text = "\n".join([*lines, f'"@signature-params": {inner}'])
    req.headers["Signature-Input"] = f"{label}={inner}"
    req.headers["Signature"] = f"{label}=:{base64.b64encode(key.sign(text)).decode()}:"
    return req


def base58(data):
    digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = digits[rest] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text
