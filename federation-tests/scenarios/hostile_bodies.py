"""Oversized, deep and malformed JSON, content types, NUL bytes, crowds, HTML and Unicode tricks."""

import gzip
import json
import socket
import time

from support.siege import Siege
from support.signer import Request

ANY = [202, *range(400, 500)]
REFUSED = range(400, 500)
BIG = 2_000_000


def run(world, see):
    siege = Siege(world, see)
    for part in (sizes, malformed, nul_bytes, content_types, crowds, html):
        part(siege)
    siege.ends()


def raw(siege, body, **how):
    return lambda: siege.paul.post(siege.inbox, body if isinstance(body, bytes) else body.encode(), **how)


def sizes(siege):
    paul = siege.paul
    big = paul.create(siege.reply(paul, "x" * BIG))
    siege.attack("two megabytes", lambda: paul.post(siege.inbox, big), 413, allow=("closed",))
    siege.attack("a length of two gigabytes is claimed", lambda: claimed(siege, 2_000_000_000), 413, allow=("closed",))
    siege.attack("two megabytes in chunks", lambda: chunked(siege, BIG), 413, allow=("closed",))
    packed = gzip.compress(b"{" + b" " * 50_000_000)
    siege.attack("a compressed body", lambda: compressed(siege, packed), [400, 413, 415])
    siege.attack("100,000 nested arrays", raw(siege, '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"), [400, 413])
    siege.attack("10,000 nested objects", raw(siege, '{"a":' * 10_000 + "1" + "}" * 10_000), [400, 413])
    nested = paul.activity("Create", siege.reply(paul, "fond"))
    for _ in range(60):
        nested = paul.activity("Undo", nested)
    siege.attack("an Undo of an Undo, sixty deep", lambda: paul.post(siege.inbox, nested), ANY)
    siege.attack("a key of a megabyte", raw(siege, json.dumps({"k" * 900_000: 1})), REFUSED)
    siege.attack("a number without end", raw(siege, '{"type":' + "9" * 100_000 + "}"), REFUSED)


def signed(siege, body):
    return siege.paul.signed(siege.inbox, body)


def claimed(siege, length):
    """The headers of a huge body, and not a byte of it."""
    request = signed(siege, b"{}")
    with socket.create_connection(("127.0.0.1", siege.parvis.port), 10) as wire:
        lines = {**request.headers, "Content-Length": str(length)}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        wire.sendall(f"POST {request.target} HTTP/1.1\r\n{head}\r\n".encode())
        wire.settimeout(30)
        return int(wire.recv(100).split()[1])


def chunked(siege, length):
    request = signed(siege, b"{" + b" " * length + b"}")
    with socket.create_connection(("127.0.0.1", siege.parvis.port), 10) as wire:
        lines = {**request.headers, "Transfer-Encoding": "chunked"}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        chunk = f"{len(request.body):x}\r\n".encode() + request.body + b"\r\n0\r\n\r\n"
        wire.sendall(f"POST {request.target} HTTP/1.1\r\n{head}\r\n".encode())
        wire.settimeout(30)
        try:
            wire.sendall(chunk)
        except OSError:
            pass
        return int(wire.recv(100).split()[1])


def compressed(siege, body):
    request = signed(siege, body)
    headers = {**request.headers, "Content-Encoding": "gzip"}
    return Request("POST", request.url, headers, body).send()[0]


def malformed(siege):
    paul = siege.paul
    good = json.dumps(paul.create(siege.reply(paul, "bon")))
    for sentence, body in (
        ("nothing", b""),
        ("half an activity", good[: len(good) // 2]),
        ("an array", f"[{good}]"),
        ("a string", '"Create"'),
        ("null", "null"),
        ("a number", "42"),
        ("Latin-1 instead of UTF-8", good.replace("bon", "été").encode("latin-1")),
        ("UTF-16", good.encode("utf-16")),
        ("a lone surrogate", good.replace("bon", "\\ud800")),
        ("two values", good + good),
        ("a trailing comma", good[:-1] + ",}"),
        ("a comment", "/* */" + good),
        ("NaN", good.replace('"Create"', "NaN", 1)),
    ):
        siege.attack(f"body: {sentence}", raw(siege, body), REFUSED)
    base = paul.create(siege.reply(paul, "mal formé"))
    for name, value in (
        ("type", None), ("type", 7), ("type", []), ("type", {"a": 1}), ("type", "Create\n"), ("type", "x" * 10_000),
        ("id", 7), ("id", ""), ("id", "bonjour"), ("id", "javascript:alert(1)"), ("id", {"id": "x"}), ("id", "http://["),
        ("actor", []), ("actor", 7), ("actor", {"type": "Person"}), ("actor", [paul.id, siege.mallory.id]),
        ("object", None), ("object", []), ("object", 7), ("object", {}), ("object", "bonjour"), ("object", [[[]]]),
        ("@context", {"@vocab": "http://attaque.test/"}), ("@graph", [base["object"]]), ("@included", [base["object"]]),
    ):  # fmt: skip
        wrong = {**base, name: value}
        # A context of another meaning is not read, and an unknown word is not an offence.
        siege.attack(f"{name}: {str(value)[:40]!r}", lambda: paul.post(siege.inbox, wrong), ANY, allow=tolerated(name))
    for name, value in (
        ("content", 7), ("content", ["a"]), ("content", {"fr": "x"}), ("contentMap", "x"), ("attributedTo", 7),
        ("published", "hier"), ("published", "99999-01-01T00:00:00Z"), ("published", 7), ("to", 7), ("to", {"a": []}),
        ("tag", 7), ("tag", [[]]), ("attachment", "x"), ("attachment", [{"type": "Image", "url": "file:///etc/passwd"}]),
        ("inReplyTo", 7), ("inReplyTo", []), ("sensitive", "x"), ("summary", {}), ("url", "javascript:alert(1)"),
    ):  # fmt: skip
        note = {**siege.reply(paul, "mal formé"), name: value}
        status = paul.post(siege.inbox, paul.create(note))
        siege.see(f"{status}: a note with {name} {str(value)[:40]!r}", status in ANY)
    siege.quiet()
    siege.see.equal("nothing of that is a fault of ours", siege.parvis.complaints(), [])


def tolerated(name):
    return ("discussion_comment", "discussion_audience", "notification", "mail") if name == "@context" else ()


def nul_bytes(siege):
    paul = siege.paul
    for name in ("content", "name", "summary", "id", "url", "inReplyTo", "published", "mediaType"):
        note = siege.reply(paul, "avec NUL")
        note[name] = str(note.get(name, "x")) + "\0fin"
        status = paul.post(siege.inbox, paul.create(note))
        siege.see(f"{status}: NUL in {name} of a note", status in ANY)
    base = paul.create(siege.reply(paul, "nul"))
    for name in ("id", "type", "actor"):
        siege.attack(f"NUL in {name}", lambda: paul.post(siege.inbox, {**base, name: base[name] + "\0"}), ANY)
    siege.attack("a NUL byte in the body", raw(siege, json.dumps(base) + "\0"), REFUSED)
    for path in (
        "/@maire-eze%00",
        "/.well-known/webfinger?resource=acct:maire-eze%00@x",
        "/eze-06%00/actualites",
        "/recherche?q=%00",
    ):
        answer = siege.parvis.get(path)
        siege.see(f"{answer.status}: GET {path}", answer.status < 500)
    siege.quiet()
    stored = siege.parvis.get(siege.post["url"], accept="text/html").body
    siege.see("no NUL byte reaches a page", b"\0" not in stored)


def content_types(siege):
    paul = siege.paul
    for kind, wanted in (
        ("text/html", 415),
        ("text/plain", 415),
        ("application/json", 415),
        ("application/ld+json", 415),
        ('application/ld+json; profile="https://example.org/other"', 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/activity+jsonx", 415),
        ("application/activity+json, text/html", 415),
        ("", 415),
    ):
        body = paul.create(siege.reply(paul, "type"))
        siege.attack(f"content type {kind!r}", lambda: paul.post(siege.inbox, body, content_type=kind), wanted)
    for number, kind in enumerate((
        "application/activity+json; charset=utf-8",
        "application/activity+json;charset=UTF-8",
        "Application/Activity+JSON",
        'application/ld+json;profile="https://www.w3.org/ns/activitystreams"',
        'application/ld+json; charset="utf-8"; profile="https://www.w3.org/ns/activitystreams"',
    )):  # fmt: skip
        note = siege.reply(paul, f"genre {number} lisible")
        siege.see.equal(f"202: content type {kind}", paul.post(siege.inbox, paul.create(note), content_type=kind), 202)
        siege.shows("     and it is shown", f"genre {number} lisible")


def crowds(siege):
    paul = siege.paul
    picture = {"type": "Image", "mediaType": "image/png", "url": f"{paul.host.base}/p.png", "name": "x"}
    mention = {"type": "Mention", "href": siege.mallory.id, "name": "@m"}
    for sentence, more in (
        ("5,000 attachments", {"attachment": [picture] * 5_000}),
        ("5,000 mentions", {"tag": [{**mention, "href": f"{paul.host.base}/users/m{n}"} for n in range(5_000)]}),
        ("5,000 hashtags", {"tag": [{"type": "Hashtag", "name": f"#x{n}", "href": paul.id} for n in range(5_000)]}),
        ("5,000 addressees", {"cc": [f"{paul.host.base}/users/c{n}" for n in range(5_000)]}),
        ("400,000 characters", {"content": "<p>" + "mot " * 100_000 + "</p>"}),
        ("10,000 nested tags", {"content": "<b>" * 10_000 + "x"}),
        ("10,000 open quotes", {"content": "<blockquote><ul><li>" * 10_000}),
        ("100,000 brackets", {"content": "<" * 100_000}),
        ("5,000 languages", {"contentMap": {f"x{n}": "foule" for n in range(5_000)}}),
        ("5,000 pages", {"url": [{"type": "Link", "href": f"javascript:{n}"} for n in range(5_000)]}),
        ("5,000 things answered", {"inReplyTo": [f"{paul.host.base}/notes/r{n}" for n in range(5_000)]}),
        ("5,000 authors", {"attributedTo": [f"{paul.host.base}/users/a{n}" for n in range(5_000)]}),
        ("5,000 types", {"type": [f"x:{n}" for n in range(5_000)] + ["Note"]}),
        ("5,000 unknown words", {f"x:{n}": n for n in range(5_000)}),
        ("an address of 900,000 characters", {"url": f"{paul.host.base}/" + "u" * 900_000}),
        ("mentions of one of ours, 5,000 times", {"cc": [siege.office], "tag": [{**mention, "href": siege.office}] * 5_000}),
        ("5,000 pictures of one alt text of 100 characters", {"attachment": [{**picture, "url": f"{paul.host.base}/{n}", "name": "x" * 100} for n in range(5_000)]}),
    ):  # fmt: skip
        before, began = siege.parvis.rows(), time.monotonic()
        status = paul.post(siege.inbox, paul.create({**siege.reply(paul, "foule"), **more}))
        siege.quiet()
        took = time.monotonic() - began
        siege.see(f"settled within 5 s: {sentence}", took < 5, took)
        after = siege.parvis.rows()
        most = max(after[table] - before.get(table, 0) for table in after)
        siege.see(f"{status}, at most 100 rows in a table: {sentence}", status in ANY and most <= 100, most)
    fetched = {x.path for x in paul.host.fetches() if x.path.startswith(("/users/m", "/users/c", "/users/a", "/notes/r"))}
    siege.see("of those mentioned hardly one was fetched", len(fetched) <= 20, len(fetched))
    siege.see.equal("the page still opens", siege.parvis.get(siege.post["url"], accept="text/html").status, 200)


def html(siege):
    paul = siege.paul
    tricks = [
        "<script>window.broken=1</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>', '<a href="data:text/html,x">x</a>', "<style>*{display:none}</style>",
        "<svg onload=alert(1)>", "<iframe src=/></iframe>", '<p style="position:fixed">x</p>', '<p class="nav" id="main">x</p>',
        "<form action=/deconnexion method=post><button>x</button></form>", "<math><mi xlink:href=javascript:x>", "<base href=//x>",
        "<meta http-equiv=refresh content=0>", "<!--<img src=--><img src=x onerror=x>", "<noscript><p title='</noscript><script>'>",
        "</article></main></body><h1>Officiel</h1>", "<template><script></script></template>", "<object data=x>", "<input autofocus onfocus=x>",
    ]  # fmt: skip
    for number, trick in enumerate(tricks):
        note = siege.reply(paul, f"Ruse {number} " + trick)
        siege.see.equal(f"202: HTML trick {trick[:40]}", paul.post(siege.inbox, paul.create(note)), 202)
    siege.shows("the last is shown", f"Ruse {len(tricks) - 1}")
    siege.quiet()
    for door in ("the page", "the API"):
        if door == "the page":
            text = siege.parvis.get(siege.post["url"], accept="text/html").text
            text = text[text.find("Ruse 0") :]
        else:
            text = " ".join(
                reply["content"] for reply in siege.mayor.replies(siege.post["id"]) if "Ruse" in reply["content"]
            )
        low = text.lower().replace("&lt;", "")
        for word in (
            "<script>window",
            "onerror=",
            "onload=",
            "javascript:",
            "<style",
            "<iframe",
            "<form action=/deconnexion",
            "<svg onload",
            "<base",
            "<meta",
            "<object",
            "onfocus=",
            "position:fixed",
            'id="main"',
            "data:text",
        ):
            siege.see(f"{door} holds no {word}", word not in low, low[max(0, low.find(word) - 100) :][:300])
    words_elsewhere(siege)
    unicode(siege)
    names(siege)


def words_elsewhere(siege):
    """HTML where none belongs: warnings, titles, descriptions, languages, addresses, hashtags."""
    paul = siege.paul
    trick = "\"'><script>alert(7)</script><img src=x onerror=alert(7)>"
    for number, (where, more) in enumerate((
        ("the warning", {"summary": f"Averti {trick}"}),
        ("the title", {"type": "Article", "name": f"Titre {trick}"}),
        ("the title's language", {"type": "Article", "nameMap": {trick: f"Titre {trick}"}}),
        ("the language", {"contentMap": {f"fr{trick}": "Langue piégée"}}),
        ("a description", {"attachment": [{"type": "Image", "mediaType": f"image/png{trick}", "url": f"{paul.host.base}/p.png", "name": trick}]}),
        ("a file name", {"attachment": [{"type": "Document", "url": f"{paul.host.base}/{trick}"}]}),
        ("a file's address", {"attachment": [{"type": "Document", "url": f"javascript:alert(7)//{trick}", "name": "piège"}]}),
        ("the page's address", {"url": f"{paul.host.base}/{trick}"}),
        ("a hashtag", {"tag": [{"type": "Hashtag", "name": f"#{trick}", "href": f"javascript:{trick}"}]}),
        ("a blurred picture", {"attachment": [{"type": "Image", "url": f"{paul.host.base}/q.png", "blurhash": trick}]}),
    )):  # fmt: skip
        words = "Langue piégée" if "contentMap" in more else f"Piège {number}."
        note = {**siege.reply(paul, words), **more}
        siege.see.equal(f"202: HTML in {where}", paul.post(siege.inbox, paul.create(note)), 202)
        siege.quiet()
        page = siege.page_of(note["id"])
        siege.see("     its page stands", f">{words}" in page, page[-300:])
        for word in ("<script>alert", "<img src=x", '"javascript:'):
            siege.see(f"     without {word}", word not in page, page[max(0, page.find(word) - 200) :][:300])
    html = [reply["content"] for reply in siege.mayor.replies(siege.post["id"])]
    siege.see("     nor does the API bear it as HTML", not [text for text in html if "<script" in text or "<img" in text])


def unicode(siege):
    """Text that turns, hides or piles up what stands around it."""
    paul = siege.paul
    for number, (what, text) in enumerate((
        ("a direction override", "\u202emoc.elpmaxe"),
        ("isolates that are not closed", "\u2066\u2067\u2068" * 50),
        ("invisible characters", "pro\u200bmes\u2060se\ufeff"),
        ("the same as numbers", "&#x202e;&#8238;moc"),
        ("fifty marks on each letter", "".join(letter + "\u0336\u0321\u031b" * 17 for letter in "zalgo")),
        ("letters of other scripts", "Mаirie dе Èzе"),
        ("tags that nobody sees", "".join(chr(0xE0000 + ord(letter)) for letter in "cachette")),
        ("not characters", "\ufffe\uffff\U0001ffff"),
        ("100,000 marks", "e" + "\u0301" * 100_000),
    )):  # fmt: skip
        words = f"Signe {number}."
        note = siege.reply(paul, f"{words} {text}")
        status = paul.post(siege.inbox, paul.create(note))
        siege.see(f"{status}: {what}", status in ANY)
        siege.quiet()
        page = siege.page_of(note["id"])
        siege.see("     its page stands", f">{words}" in page, page[-300:])
        for mark in ("\u202e", "\u2067", "\u200b", "\ufeff", "\uffff", "\u0301" * 6, "\u0336\u0321\u031b\u0336\u0321\u031b"):
            siege.see(f"     the page holds no {mark[:1]!a}", mark not in page)


def names(siege):
    """Names that turn the text around them or pose as an office."""
    paul = siege.paul
    for number, name in enumerate(
        ("\u202eeriam", "Maire\u200b d'Èze", "a" * 5_000, "Z̴̡̛" * 300, "\ufeff", "<b>gras</b>", "\n\n\n")
    ):
        paul.document["name"] = name
        status = paul.post(siege.inbox, paul.activity("Update", paul.document))
        siege.see(f"{status}: an actor named {name[:12]!r}", status in ANY)
        siege.quiet()
        page = siege.parvis.get(siege.post["url"], accept="text/html")
        siege.see(
            "     the page stands", page.status == 200 and "\u202e" not in page.text and "<b>gras</b>" not in page.text
        )
    paul.document["name"] = "Paul"
    paul.post(siege.inbox, paul.activity("Update", paul.document))
