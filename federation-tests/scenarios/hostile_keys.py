"""Changed keys and rare key forms are taken; confused, weak and flooding keys are not."""

import hmac
import time

from support.actors import Actor, Answer, rsa_key
from support.siege import Siege
from support.signer import Key, cavage, request, rfc9421

FLOOD = 1_000
# What cannot be read as a signature may also be called malformed.
UNBELIEVED = (400, 401)


def run(world, see):
    siege = Siege(world, see)
    changed_key(siege)
    rare_forms(siege)
    confusion(siege)
    weak(siege)
    flood(siege)
    siege.ends()


def says(siege, actor, words, **how):
    note = siege.reply(actor, words)
    return actor.post(siege.inbox, actor.create(note), **how)


def taken(siege, sentence, actor, words, **how):
    siege.see.equal(f"202: {sentence}", says(siege, actor, words, **how), 202)
    siege.shows("     and it is shown", words)


def changed_key(siege):
    anne = Actor(siege.net.host(), "anne")
    taken(siege, "a first key", anne, "Clé une")
    old, anne.key = anne.key, rsa_key(4)
    anne.document["publicKey"]["publicKeyPem"] = anne.key.pem()
    taken(siege, "a changed key is fetched again", anne, "Clé deux")
    siege.attack("the old key", lambda: says(siege, anne, "Vieille clé", key=old), UNBELIEVED)
    old, old_id = anne.key, anne.key_id
    anne.key, anne.key_id = rsa_key(6), f"{anne.id}#key-2"
    anne.document["publicKey"] = {"id": anne.key_id, "owner": anne.id, "publicKeyPem": anne.key.pem()}
    taken(siege, "a key with another id", anne, "Clé trois")
    update = anne.activity("Update", anne.document)
    siege.see.equal("202: and the actor says so", anne.post(siege.inbox, update), 202)
    siege.quiet()
    siege.attack("the key that was taken away", lambda: says(siege, anne, "Clé ôtée", key=old, key_id=old_id), UNBELIEVED)
    siege.attack(
        "an Update signed with it",
        lambda: anne.post(siege.inbox, anne.activity("Update", anne.document), key=old, key_id=old_id),
        UNBELIEVED,
    )
    before = len(anne.host.fetches())
    for _ in range(20):
        says(siege, anne, "Fausse", key=rsa_key(5))
    siege.see("twenty wrong signatures cause at most one fetch", len(anne.host.fetches()) - before <= 1)


def rare_forms(siege):
    def fresh(name):
        return Actor(siege.net.host(), name)

    a = fresh("pkcs")
    a.document["publicKey"]["publicKeyPem"] = a.key.pem("pkcs1")
    taken(siege, "a PKCS#1 key", a, "Forme PKCS")
    a = fresh("liste")
    a.document["publicKey"] = [
        {"id": f"{a.id}#other", "owner": a.id, "publicKeyPem": rsa_key(6).pem()},
        a.document["publicKey"],
    ]
    taken(siege, "one key of a list", a, "Forme liste")
    a = fresh("chemin")
    a.key_id = f"{a.id}/main-key"
    a.document["publicKey"]["id"] = a.key_id
    a.host.routes["/users/chemin/main-key"] = {
        "id": a.id,
        "type": "Person",
        "preferredUsername": "chemin",
        "publicKey": a.document["publicKey"],
    }
    taken(siege, "a key with a path of its own, as a stub of the actor", a, "Forme chemin")
    a = fresh("apart")
    a.key_id = f"{a.host.base}/keys/1"
    a.host.routes["/keys/1"] = {
        "@context": "https://w3id.org/security/v1",
        "id": a.key_id,
        "type": "Key",
        "owner": a.id,
        "publicKeyPem": a.key.pem(),
    }
    a.document["publicKey"] = a.key_id
    taken(siege, "a key in a document of its own", a, "Forme apart")
    a = fresh("question")
    a.key_id = f"{a.id}?key=1"
    a.document["publicKey"]["id"] = a.key_id
    a.host.routes["/users/question?key=1"] = a.document
    taken(siege, "a key id with a query", a, "Forme question")
    a = fresh("nu")
    a.key_id = a.id
    taken(siege, "a key id that is the actor", a, "Forme nue")
    ed = Key("ed25519")
    a = Actor(siege.net.host(), "edouard", key=rsa_key())
    multikey = f"{a.id}#ed25519-key"
    a.document["@context"] = [*a.document["@context"], "https://w3id.org/security/multikey/v1"]
    a.document["assertionMethod"] = [
        {"id": multikey, "type": "Multikey", "controller": a.id, "publicKeyMultibase": ed.multibase()}
    ]
    taken(
        siege,
        "an Ed25519 Multikey by RFC 9421",
        a,
        "Forme Ed25519",
        scheme=rfc9421,
        key=ed,
        key_id=multikey,
        algorithm="ed25519",
    )


def confusion(siege):
    paul, mallory = siege.paul, siege.mallory

    def as_paul(**how):
        return lambda: mallory.post(siege.inbox, paul.create(siege.reply(paul, "Usurpé")), **how)

    forged = f"{mallory.host.base}/keys/paul"
    mallory.host.routes["/keys/paul"] = {
        "id": forged,
        "type": "Key",
        "owner": paul.id,
        "publicKeyPem": mallory.key.pem(),
    }
    siege.attack("a key that names Paul as owner, whom Paul does not list", as_paul(key_id=forged), UNBELIEVED)
    mallory.host.routes["/users/double"] = {
        **paul.document,
        "publicKey": {
            "id": f"{mallory.host.base}/users/double#main-key",
            "owner": paul.id,
            "publicKeyPem": mallory.key.pem(),
        },
    }
    siege.attack(
        "a copy of Paul on another host", as_paul(key_id=f"{mallory.host.base}/users/double#main-key"), UNBELIEVED
    )
    same_host(siege)
    siege.attack("Paul's key id with another key", as_paul(key_id=paul.key_id), UNBELIEVED)
    siege.attack("a fragment that Paul does not have", as_paul(key_id=f"{paul.id}#autre"), UNBELIEVED)
    siege.attack("a key id of ours", as_paul(key_id=f"{siege.office}#main-key"), UNBELIEVED)
    for wrong in ("", "bonjour", "//", "x" * 20_000, f"{paul.id}#main-key\\", "acct:paul@127.0.0.1"):
        siege.attack(f"the key id {wrong[:30]!r}", as_paul(key_id=wrong), range(400, 500))
    for algorithm in ("hmac-sha256", "none", "rsa-sha1", "ed25519", "ecdsa-p256-sha256", "rsa-pss-sha512"):
        siege.attack(
            f"RFC 9421 with alg={algorithm} and an RSA key",
            lambda: says(siege, paul, "Algorithme", scheme=rfc9421, algorithm=algorithm),
            UNBELIEVED,
        )
    siege.attack(
        "draft-cavage with hmac-sha256 and the public key as secret", lambda: hmac_signed(siege, paul), UNBELIEVED
    )
    siege.attack("two signatures, the first of them bad", lambda: two_signatures(siege, paul, mallory), UNBELIEVED)
    for covered in (
        (),
        ("@method",),
        ("content-digest",),
        ("@target-uri", "content-digest"),
        ("@method", "content-digest"),
    ):
        siege.attack(
            f"RFC 9421 covering {covered}",
            lambda: says(siege, paul, "Peu", scheme=rfc9421, covered=covered or ("date",)),
            UNBELIEVED,
        )
    for signed in (
        ("(request-target)", "date", "digest"),
        ("host", "date", "digest"),
        ("(request-target)", "host", "digest"),
        ("(request-target)", "host", "date"),
    ):
        siege.attack(
            f"draft-cavage covering {' '.join(signed)}", lambda: says(siege, paul, "Peu", signed=signed), UNBELIEVED
        )
    siege.attack("signed for another host", lambda: elsewhere(siege, paul, host="autre.test"), range(400, 500))
    siege.attack("signed for another path", lambda: elsewhere(siege, paul, path="/inbox/autre"), UNBELIEVED)
    siege.attack(
        "a digest by SHA-1 alone",
        lambda: says(siege, paul, "SHA-1", digest="SHA=2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
        UNBELIEVED,
    )
    siege.attack("an empty digest", lambda: says(siege, paul, "vide", digest="SHA-256="), UNBELIEVED)


def same_host(siege):
    """Two people of one host: the key of one signs nothing for the other."""
    host = siege.net.host()
    pia, tom = siege.known(Actor(host, "pia")), siege.known(Actor(host, "tom", key=rsa_key(1)))
    body = pia.create(siege.reply(pia, "Usurpé"))
    siege.attack("the key of a neighbour", lambda: tom.post(siege.inbox, body), UNBELIEVED)
    for number, (sentence, change) in enumerate((
        ("names its neighbour as owner", lambda key: {**key, "owner": pia.id}),
        ("has the id of its neighbour's", lambda key: {**key, "id": pia.key_id}),
        ("has the neighbour's id and owner", lambda key: {**key, "id": pia.key_id, "owner": pia.id}),
        ("stands in a list with the neighbour's", lambda key: [key, pia.document["publicKey"]]),
    )):  # fmt: skip
        thief = Actor(host, f"thief{number}", key=rsa_key(7))
        thief.document["publicKey"] = change(thief.document["publicKey"])
        for key_id in (thief.key_id, pia.key_id):
            siege.attack(
                f"a key that {sentence}, named {key_id.removeprefix(host.base)}",
                lambda: thief.post(siege.inbox, body, key_id=key_id),
                range(400, 500),
            )
    taken(siege, "the neighbour's own key still counts", pia, "Toujours Pia")
    taken(siege, "and the other one's for himself", tom, "Toujours Tom")


def hmac_signed(siege, paul):
    class Secret:
        def sign(self, text):
            return hmac.new(paul.key.pem().encode(), text.encode(), "sha256").digest()

    return says(siege, paul, "HMAC", key=Secret(), algorithm="hmac-sha256")


def two_signatures(siege, paul, mallory):
    good = paul.signed(siege.inbox, paul.create(siege.reply(paul, "Deux")), scheme=rfc9421)
    bad = mallory.signed(siege.inbox, b"{}", scheme=rfc9421, label="sig0")
    for name in ("Signature", "Signature-Input"):
        good.headers[name] = f"{bad.headers[name]}, {good.headers[name]}"
    good.headers["Signature"] = good.headers["Signature"].replace("sig1=:", "sig1=:AAAA")
    return good.send()[0]


def elsewhere(siege, paul, host=None, path=None):
    """A signature that was good for another place, sent here."""
    body = paul.signed(siege.inbox, paul.create(siege.reply(paul, "Ailleurs"))).body
    there = f"http://{host}/inbox" if host else siege.parvis.base + path
    signed = cavage(request("POST", there, body), paul.key, paul.key_id)
    signed.url = siege.inbox
    return signed.send()[0]


def weak(siege):
    for bits in (512, 1024):
        try:
            key = Key(bits=bits)
        except ValueError:
            continue
        actor = Actor(siege.net.host(), "faible", key=key)
        siege.attack(f"an RSA key of {bits} bits", lambda: says(siege, actor, "Faible"), UNBELIEVED)
    for what, pem in (
        ("no key", None), ("an empty key", ""), ("no PEM", "bonjour"), ("a number", 7), ("a broken PEM", rsa_key().pem()[:200]),
        ("a key of a megabyte", rsa_key().pem() + "A" * 900_000), ("a certificate", rsa_key().pem().replace("PUBLIC KEY", "CERTIFICATE")),
    ):  # fmt: skip
        actor = Actor(siege.net.host(), "cassee")
        actor.document["publicKey"]["publicKeyPem"] = pem
        siege.attack(f"publicKeyPem: {what}", lambda: says(siege, actor, "Cassé"), UNBELIEVED)
    gone = Actor(siege.net.host(), "partie")
    gone.host.routes["/users/partie"] = Answer(410)
    siege.attack(
        "Delete of an actor that we never knew", lambda: gone.post(siege.inbox, gone.activity("Delete", gone.id)), 202
    )
    siege.see.equal("     for which nothing was fetched", gone.host.fetches(), [])


def flood(siege):
    """A thousand signatures with a thousand key ids of one host."""
    host = siege.net.host()
    many = Actor(host, "foule")
    host.default = lambda seen: {**many.document, "id": host.base + seen.path}
    started = time.monotonic()
    statuses = {}
    body = many.create(siege.reply(many, "Inondation"))
    for number in range(FLOOD):
        status = many.post(siege.inbox, body, key=rsa_key(5), key_id=f"{host.base}/users/f{number}#main-key")
        statuses[status] = statuses.get(status, 0) + 1
    siege.see("each is refused", set(statuses) <= {401, 403, 429}, statuses)
    siege.see(f"{FLOOD} key ids of one host cause at most 10 fetches", len(host.fetches()) <= 10, len(host.fetches()))
    siege.see("in less than a minute", time.monotonic() - started < 60, time.monotonic() - started)
    status = says(siege, siege.paul, "Pas puni")
    siege.see.equal("another host is not held back for it", status, 202)
