"""Uploads, OAuth, proxies, idempotency, dark citizens, and start-ups that must be refused."""

import base64
import hashlib
import json
import struct
import uuid
import zlib
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlencode, urlsplit

from support.parvis import Api, Parvis
from support.pictures import bomb, noise, png
from support.web import Visitor

PASSWORD = "cheval agrafe pile correcte"
AWAY = "https://appli.example.org/retour"
VERIFIER = "v" * 64


def run(world, see):
    parvis = Parvis(world, "mairie")
    parvis.claim()
    parvis.account("citoyenne")
    parvis.start()
    for part in (uploads, large_files, oauth, proxies, idempotency, dark_citizen):
        see.guard(part, see, parvis)
    refused_starts(world, see, parvis)
    see.equal("no fault in the log", parvis.complaints(), [])


def uploads(see, parvis):
    mayor = parvis.api("maire-eze")
    script = b"<script>alert(document.domain)</script>"
    note = json.dumps({"id": parvis.base + "/x", "type": "Note", "attributedTo": parvis.actor("maire-eze")}).encode()
    text = struct.pack(">I", len(script) + 2) + b"tEXtC\0" + script + struct.pack(">I", zlib.crc32(b"tEXtC\0" + script))
    for what, name, kind, data in (
        ("HTML", "page.html", "text/html", b"<!doctype html>" + script),
        ("HTML called a PNG", "photo.png", "image/png", b"<!doctype html>" + script),
        ("SVG", "dessin.svg", "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg">' + script + b"</svg>"),
        ("SVG called a PNG", "dessin.png", "image/png", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("ActivityPub JSON", "note.json", "application/activity+json", note),
        ("ActivityPub JSON called a PDF", "note.pdf", "application/pdf", note),
        ("a PNG that is also HTML", "photo.png", "image/png", png(extra=text) + script),
        ("a GIF that is also a script", "photo.gif", "image/gif", b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1);"),
        ("a PDF that is also HTML", "acte.pdf", "application/pdf", b"%PDF-1.4\n" + script + b"\n%%EOF"),
        ("a PNG of 50,000 by 50,000", "bombe.png", "image/png", bomb()),
        ("a truncated PNG", "photo.png", "image/png", png()[:60]),
        ("nothing", "vide.png", "image/png", b""),
        ("a path as name", "../../../etc/passwd.png", "image/png", png()),
        ("a PNG of 64 MB", "gros.png", "image/png", png() + b"\0" * 64_000_000),
    ):
        try:
            answer = mayor.upload(data, "Une photo", name, kind)
        except RuntimeError as refused:
            see(f"refused: {what}", " 4" in str(refused)[:60], refused)
            continue
        except OSError as closed:
            see(f"the connection is closed: {what}", len(data) > 10_000_000, closed)
            continue
        served = parvis.get(answer["url"])
        kinds = served.headers["Content-Type"]
        see(
            f"served harmless ({kinds}): {what}",
            served.headers.get("X-Content-Type-Options") == "nosniff"
            and "sandbox" in served.headers.get("Content-Security-Policy", "")
            and (
                kinds.startswith("image/")
                and "svg" not in kinds
                or "attachment" in served.headers.get("Content-Disposition", "")
            ),
            dict(served.headers),
        )
        see(
            "     without the script",
            script not in served.body or "attachment" in served.headers.get("Content-Disposition", ""),
        )
        asked = parvis.get(answer["url"], accept="application/activity+json")
        see(
            "     and never as ActivityPub",
            "activity" not in asked.headers["Content-Type"],
            asked.headers["Content-Type"],
        )


def large_files(see, parvis):
    """What a phone's camera makes is taken by both doors; the usual limit is for what has no file."""
    photo = noise()
    taken = parvis.api("maire-eze").upload(photo, "Une photo lourde")
    see(f"a photo of {len(photo) >> 10} KiB is taken by the API", taken["type"] == "image", taken)
    parvis.set_password("citoyenne", PASSWORD)
    person = Visitor(parvis)
    person.sign_in("citoyenne@example.org", PASSWORD)
    person.open("/compte/profil")
    person.submit("profil/photo", photo=("moi.png", "image/png", photo))
    see("and by a form", person.page.status == 200, person.page.status)
    see("which shows it", "/media/" in person.page.text, person.address)
    answer = parvis.anyone().call("POST", "/api/v1/apps", b'{"client_name": "' + b"a" * 2_000_000 + b'"}', **{"Content-Type": "application/json"})
    see("without a file 2 MB are too much", answer.status == 413, answer.status)


def challenge(verifier):
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def oauth(see, parvis):
    parvis.set_password("citoyenne", PASSWORD)
    anyone = parvis.anyone()
    app = anyone.post("/api/v1/apps", {"client_name": "Appli", "redirect_uris": AWAY, "scopes": "read write"})
    person = Visitor(parvis)
    person.sign_in("citoyenne@example.org", PASSWORD)

    def ask(**more):
        wanted = {
            "response_type": "code", "client_id": app["client_id"], "redirect_uri": AWAY, "scope": "read",
            "state": "é&=1", "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256", **more,
        }  # fmt: skip
        person.left_for = ""
        return person.open("/oauth/authorize?" + urlencode({k: v for k, v in wanted.items() if v is not None}))

    def code():
        """Authorises in the page and takes the code from the redirect."""
        ask()
        person.submit("client_id", decision="allow")
        return parse_qs(urlsplit(person.left_for).query)

    def token(code, **more):
        wanted = {
            "grant_type": "authorization_code", "code": code, "client_id": app["client_id"],
            "client_secret": app["client_secret"], "redirect_uri": AWAY, "code_verifier": VERIFIER, **more,
        }  # fmt: skip
        return anyone.call("POST", "/oauth/token", {k: v for k, v in wanted.items() if v is not None})

    for wrong in (AWAY + "/", AWAY + "?x=1", AWAY + "#x", AWAY + ".evil.example.org", "https://appli.example.org@evil.example.org/retour",
                  AWAY.replace("https", "http"), AWAY.upper(), "javascript:alert(1)", "", AWAY + "/../autre"):  # fmt: skip
        answer = ask(redirect_uri=wrong)
        see(
            f"{answer.status}: redirect_uri {wrong!r}",
            answer.status in range(400, 500) and not person.left_for.startswith(wrong or "x:"),
        )
    for name, wrong in (("client_id", "inconnu"), ("response_type", "token"), ("scope", "read admin:write"), ("scope", "write:tout"),
                        ("code_challenge_method", "plain"), ("code_challenge", "court")):  # fmt: skip
        ask(**{name: wrong})
        refused = person.page.status in range(400, 500) or "error=" in getattr(person, "left_for", "")
        see(f"refused: {name}={wrong}", refused, f"{person.page.status} {person.left_for}")
    given = code()
    see(
        "a good request gives a code and the state as it was",
        given.get("code") and given.get("state") == ["é&=1"],
        given,
    )
    first = given["code"][0]
    for sentence, more in (
        ("without its verifier", {"code_verifier": None}), ("with a wrong verifier", {"code_verifier": "w" * 64}),
        ("with an empty verifier", {"code_verifier": ""}),
        ("at another redirect_uri", {"redirect_uri": AWAY + "/"}), ("without the secret", {"client_secret": None}),
        ("with a wrong secret", {"client_secret": "x"}),
    ):  # fmt: skip
        answer = token(code()["code"][0], **more)
        see(f"{answer.status}: a code {sentence}", answer.status in (400, 401), answer)
    good = token(first)
    see.equal("the code gives a token", good.status, 200)
    api = Api(parvis, good.json["access_token"])
    see.equal("the token reads", api.me()["username"], "citoyenne")
    see.equal(
        "a scope that was not given is refused", api.call("POST", "/api/v1/statuses", {"status": "x"}).status, 403
    )
    see("a code is good once", token(first).status in (400, 401))
    see.equal(
        "and its second use revoked what it gave", api.call("GET", "/api/v1/accounts/verify_credentials").status, 401
    )
    raced = code()["code"][0]
    with ThreadPoolExecutor(10) as pool:
        answers = [answer.status for answer in pool.map(lambda _: token(raced), range(10))]
    see("a code sent ten times at once gives one token at most", answers.count(200) <= 1, answers)
    see("and the others are told no", set(answers) <= {200, 400}, answers)
    second = token(code()["code"][0])
    api = Api(parvis, second.json["access_token"])
    see.equal("another token reads", api.call("GET", "/api/v1/accounts/verify_credentials").status, 200)
    revoke = {"client_id": app["client_id"], "client_secret": app["client_secret"], "token": api.token}
    see.equal("it is revoked", anyone.call("POST", "/oauth/revoke", revoke).status, 200)
    see.equal("at once", api.call("GET", "/api/v1/accounts/verify_credentials").status, 401)
    for wrong in ("", "x", "Bearer", api.token[:-1], "é" * 10):
        answer = (
            Api(parvis, wrong or " ").call("GET", "/api/v1/accounts/verify_credentials") if wrong.isascii() else None
        )
        if answer:
            see(f"{answer.status}: the token {wrong[:8]!r}", answer.status == 401)


def proxies(see, parvis):
    """Each try names another client; from a stranger that must not help."""
    statuses = []
    for number in range(60):
        visitor = Visitor(parvis)
        visitor.open("/connexion")
        form = visitor.form("password")
        fields = {**form["fields"], "email": f"inconnu{number}@example.org", "password": "x"}
        claimed = {
            "X-Forwarded-For": f"203.0.113.{number}",
            "X-Real-IP": f"203.0.113.{number}",
            "Forwarded": f"for=203.0.113.{number}",
        }
        visitor.open("/connexion", urlencode(fields).encode(), Origin=parvis.base, **claimed)
        statuses.append(visitor.page.status)
    see("X-Forwarded-For of a stranger does not lift the limit", 429 in statuses, statuses)
    page = parvis.get("/", accept="text/html", **{"X-Forwarded-Host": "attaque.test", "X-Forwarded-Proto": "gopher"})
    see("nor does it change the addresses of the page", "attaque.test" not in page.text and "gopher" not in page.text)
    page = parvis.get("/", accept="text/html", Host="attaque.test")
    see("nor does the Host header", "attaque.test" not in page.text, page)


def idempotency(see, parvis):
    mayor = parvis.api("maire-eze")
    before = mayor.me()["statuses_count"]
    key = {"Idempotency-Key": uuid.uuid4().hex}
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(lambda _: mayor.call("POST", "/api/v1/statuses", {"status": "Une seule fois"}, **key), range(20))
        )
    made = {answer.json["id"] for answer in answers if answer.status == 200}
    see.equal("one Idempotency-Key sent twenty times at once makes one post", len(made), 1)
    see(
        "each was told so, or to wait",
        {answer.status for answer in answers} <= {200, 409, 422},
        [a.status for a in answers],
    )
    see.equal("and the office has one post more", mayor.me()["statuses_count"], before + 1)


def dark_citizen(see, parvis):
    mayor, citizen = parvis.api("maire-eze"), parvis.api("citoyenne")
    post = mayor.publish("Que pensez-vous du marché ?")
    me = citizen.me()
    citizen.post(f"/api/v1/statuses/{post['id']}/favourite")
    office = mayor.me()["id"]
    for sentence, path in (
        ("WebFinger", f"/.well-known/webfinger?resource=acct:citoyenne@{parvis.authority}"),
        ("her profile", "/@citoyenne"),
        ("the followers of the office", f"{parvis.actor('maire-eze')}/followers"),
        ("the likes of the post", f"{post['uri']}/likes"),
        ("a search by a stranger", "/api/v2/search?q=citoyenne"),
        ("the API's list of those who like", f"/api/v1/statuses/{post['id']}/favourited_by"),
        ("the API's list of followers", f"/api/v1/accounts/{office}/followers"),
        ("a look-up", "/api/v1/accounts/lookup?acct=citoyenne"),
        ("the account by its id", f"/api/v1/accounts/{me['id']}"),
    ):
        answer = parvis.get(
            path, accept="application/activity+json" if path.startswith(parvis.base) else "application/json"
        )
        see(
            f"{answer.status}: {sentence} does not name her",
            answer.status == 404 or "citoyenne" not in answer.text.replace("q=citoyenne", ""),
            answer,
        )
    before = parvis.rows()
    answer = citizen.call("POST", "/api/v1/statuses", {"status": "Mon avis", "in_reply_to_id": post["id"]})
    see.equal("a comment that would leave asks her first", answer.status, 422)
    see(
        "and says what for",
        "fed" in answer.text.lower() or "fédér" in answer.text.lower() or "server" in answer.text.lower(),
        answer,
    )
    after = parvis.rows()
    see.equal(
        "nothing was stored",
        {t: n for t, n in after.items() if n != before.get(t) and not t.startswith(("client_", "task"))},
        {},
    )


def refused_starts(world, see, parvis):
    def start(name, sentence, **settings):
        other = Parvis(world, name, database=parvis.database, **settings)
        other.start(wait=False)
        try:
            code = other.process.wait(30)
        except Exception:
            code = None
        see(f"refuses to start: {sentence}", code not in (None, 0), f"{code} {other.log[-500:]}")
        see("     and says why", len(other.log.strip()) > 20 and "panicked" not in other.log, other.log[-500:])
        world.stop(name)

    start("second", "a second serve on one SQLite file", PARVIS_SERVER__BASE_URL=parvis.base)
    parvis.stop()
    start("moved", "a base URL other than the database's", PARVIS_SERVER__BASE_URL="http://127.0.0.1:9")
    start("public", "loopback allowed with a public base URL", PARVIS_SERVER__BASE_URL="https://mairie.example.org")
    parvis.start()
    see.equal("the right one starts again", parvis.get("/").status, 200)
