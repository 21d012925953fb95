"""The table of signatures: for each request, what we must answer and what Fedify answers.

Each row is sent as a Create of a Note that nobody has seen before. The column of Fedify was
measured with another signer; that this one gives the same column shows that it signs well.
"""

import json
import time

from .actors import Actor, rsa_key
from .signer import cavage, request, rfc9421

HOUR = 3600
AS2 = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
UNSIGNED_DIGEST = ("(request-target)", "host", "date", "content-type")


def rows(paul, mallory, inbox):
    """(sentence, a request to send, our answer, Fedify's answer)"""

    def create(actor=paul, **more):
        return actor.create(actor.note("<p>Bonjour</p>"), **more)

    def unsigned():
        return request("POST", inbox, json.dumps(create()).encode())

    def ours(**how):
        return lambda: paul.signed(inbox, create(), **how)

    def ago(seconds):
        return lambda: paul.signed(inbox, create(), date=time.time() - seconds)

    def created(seconds):
        return lambda: paul.signed(inbox, create(), scheme=rfc9421, created=int(time.time()) - seconds)

    def altered(**how):
        def make():
            signed = paul.signed(inbox, create(), **how)
            signed.body = signed.body.replace(b"Bonjour", b"Bonsoir")
            return signed

        return make

    def foreign(scheme):
        return lambda: mallory.signed(inbox, create(paul), scheme=scheme)

    def modern(**how):
        return ours(scheme=rfc9421, **how)

    return [
        ("unsigned", unsigned, 401, 401),
        ("cavage good (rsa-sha256)", ours(), 202, 202),
        ('cavage, algorithm="hs2019"', ours(algorithm="hs2019"), 202, 202),
        ("cavage, body altered", altered(), 401, 401),
        ("cavage, no Digest", ours(digest=False), 401, 401),
        ("cavage, Digest sent but not signed", ours(signed=UNSIGNED_DIGEST), 401, 401),
        ("cavage, only date signed", ours(signed=("date",)), 401, 401),
        ("cavage, Date 30 min old", ago(HOUR / 2), 202, 202),
        ("cavage, Date 2 h old", ago(2 * HOUR), 401, 401),
        ("cavage, Date 2 days old", ago(48 * HOUR), 401, 401),
        ("cavage, wrong key", ours(key=rsa_key(1)), 401, 401),
        ("cavage, signer differs from actor", foreign(cavage), 401, 401),
        ("cavage, ld+json with the profile", ours(content_type=AS2), 202, 202),
        ("cavage, application/json", ours(content_type="application/json"), 415, 202),
        ("cavage, text/plain", ours(content_type="text/plain"), 415, 202),
        ("cavage, body not JSON", lambda: paul.signed(inbox, b"bonjour"), 400, 400),
        ("RFC 9421 good (rsa-v1_5-sha256)", modern(algorithm="rsa-v1_5-sha256"), 202, 202),
        ("RFC 9421, body altered", altered(scheme=rfc9421), 401, 401),
        ("RFC 9421, no Content-Digest", modern(digest=False, covered=("@method", "@target-uri")), 401, 202),
        ("RFC 9421, digest not covered", modern(covered=("@method", "@target-uri")), 401, 202),
        ("RFC 9421, created 2 h ago", created(2 * HOUR), 401, 401),
        ("RFC 9421, signer differs from actor", foreign(rfc9421), 401, 401),
    ]


def people(net):
    """The two who write: on servers of their own."""
    return Actor(net.host(), "paul"), Actor(net.host(), "mallory", key=rsa_key(2))
