"""The same deeds in the words of other servers: each reaches the page.

The forms are those that the interoperability notes tell of Mastodon, GoToSocial, Lemmy, Misskey,
Akkoma, Mobilizon, snac and Takahē.
"""

from support.actors import PUBLIC, Actor, now
from support.siege import Siege
from support.signer import cavage, rfc9421

AS2 = "https://www.w3.org/ns/activitystreams"
MASTODON = [
    AS2,
    {
        "ostatus": "http://ostatus.org#",
        "atomUri": "ostatus:atomUri",
        "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
        "conversation": "ostatus:conversation",
        "sensitive": "as:sensitive",
        "toot": "http://joinmastodon.org/ns#",
        "votersCount": "toot:votersCount",
        "gts": "https://gotosocial.org/ns#",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
    },
]


def run(world, see):
    siege = Siege(world, see)
    notes(siege)
    deeds(siege)
    deletions(siege)
    who_and_how(siege)
    siege.ends()


def says(siege, sentence, words, activity, actor=None, **how):
    actor = actor or siege.paul
    siege.see.equal(f"202: {sentence}", actor.post(siege.inbox, activity, **how), 202)
    siege.see.soon(f"     it is shown: {words}", lambda: siege.shown(words))


def notes(siege):
    paul, post, office = siege.paul, siege.post["uri"], siege.office

    def note(words, **more):
        return {**paul.note(f"<p>{words}</p>", post), **more}

    def create(note, **more):
        return {**paul.create(note), **more}

    full = note(
        "Dit par Mastodon",
        summary=None,
        sensitive=False,
        atomUri="x",
        inReplyToAtomUri=post,
        conversation="tag:mastodon.test,2026:objectId=1:objectType=Conversation",
        contentMap={"fr": "<p>Dit par Mastodon</p>"},
        attachment=[],
        tag=[{"type": "Mention", "href": office, "name": "@maire-eze@x"}],
        replies={
            "id": f"{paul.id}/replies",
            "type": "Collection",
            "first": {"type": "CollectionPage", "next": f"{paul.id}/replies?page=true", "partOf": "x", "items": []},
        },
        likes={"type": "Collection", "totalItems": 0},
        shares={"type": "Collection", "totalItems": 0},
        interactionPolicy={"canQuote": {"automaticApproval": [PUBLIC]}},
    )
    signature = {"type": "RsaSignature2017", "creator": paul.key_id, "created": now(), "signatureValue": "AAAA"}
    says(siege, "Mastodon's Note, its linked-data signature ignored", "Dit par Mastodon",
         create(full, signature=signature, **{"@context": MASTODON}))  # fmt: skip
    for words, more in (
        ("Public abrégé", {"to": "as:Public"}),
        ("Public nu", {"to": ["Public"]}),
        ("Destinataire simple", {"to": PUBLIC, "cc": office}),
        ("Copie vide", {"cc": []}),
        ("Non listé", {"to": [f"{paul.id}/followers"], "cc": [PUBLIC]}),
        ("Auteur en objet", {"attributedTo": {"id": paul.id, "type": "Person"}}),
        ("Auteur en liste", {"attributedTo": [paul.id]}),
        ("Réponse en objet", {"inReplyTo": {"id": post, "type": "Note"}}),
        ("Réponse en liste", {"inReplyTo": [post]}),
        ("Réponse à la page", {"inReplyTo": siege.post["url"]}),
        ("Étiquette seule", {"tag": {"type": "Hashtag", "name": "#eze", "href": "https://x.example.org/eze"}}),
        ("Adresses multiples", {"url": [{"type": "Link", "href": f"{paul.host.base}/p", "mediaType": "text/html"}]}),
        ("Type en liste", {"type": ["Note"]}),
        ("Date en secondes", {"published": now().replace("Z", ".123456+00:00")}),
        ("Accents décomposés e\u0301", {}),
        ("Émoji 🇫🇷 et 中文", {}),
    ):
        says(siege, f"a Note: {words}", words, create(note(words, **more)))
    only_map = note("x")
    del only_map["content"]
    only_map["contentMap"] = {"fr": "<p>Sans contenu direct</p>", "en": "<p>Other</p>"}
    says(siege, "a Note with contentMap alone", "Sans contenu direct", create(only_map))
    warned = note("Sous avertissement", summary="Politique", sensitive=True)
    says(siege, "a Note under a content warning", "Sous avertissement", create(warned))
    siege.see.equal("     with the warning", siege.shown("Sous avertissement")["spoiler_text"], "Politique")
    misskey = note("Dit par Misskey", _misskey_content="Dit par Misskey", _misskey_summary=None, quoteUrl=None)
    says(siege, "Misskey's Note", "Dit par Misskey", create(misskey))
    akkoma = note(
        "Dit par Akkoma",
        source={"content": "Dit par *Akkoma*", "mediaType": "text/markdown"},
        context="tag:x",
        actor=paul.id,
    )
    says(siege, "Akkoma's Note", "Dit par Akkoma", create(akkoma, context="tag:x"))
    lemmy = note(
        "Dit par Lemmy",
        audience=office,
        mediaType="text/html",
        distinguished=False,
        source={"content": "x", "mediaType": "text/markdown"},
    )
    says(siege, "Lemmy's comment", "Dit par Lemmy", create(lemmy, audience=office))
    gotosocial = note("Dit par GoToSocial", cc=f"{paul.id}/followers", tag={"type": "Mention", "href": office, "name": "@x"},
                      interactionPolicy={"canReply": {"always": [PUBLIC]}})  # fmt: skip
    says(siege, "GoToSocial's Note", "Dit par GoToSocial", create(gotosocial))
    by_id = note("Par son adresse")
    says(siege, "a Create that names its object only", "Par son adresse", {**create(by_id), "object": by_id["id"]})
    partial = note("Objet partiel")
    says(
        siege,
        "a Create that embeds a part of its object",
        "Objet partiel",
        {**create(partial), "object": {"id": partial["id"], "type": "Note"}},
    )
    says(
        siege,
        "a Create whose object is a list of one",
        "Liste d'un",
        create(note("Liste d'un"), object=[note("Liste d'un")]),
    )
    photo = note(
        "Avec image",
        attachment=[
            {"type": "Image", "mediaType": "image/webp", "url": f"{paul.host.base}/i.webp", "summary": "Une vue"}
        ],
    )
    says(siege, "GoToSocial's picture with its text in summary", "Avec image", create(photo))
    texts = [media["description"] for media in siege.shown("Avec image")["media_attachments"]]
    siege.see.equal("     the text is read", texts, ["Une vue"])


def deeds(siege):
    post = siege.post["uri"]
    for number, (sentence, fields) in enumerate(
        (
            ("a Like", {}),
            ("Misskey's Like with an emoji", {"content": "❤", "_misskey_reaction": "❤"}),
            ("a Like with its audience", {"to": [siege.office], "cc": []}),
            ("a Like of the object embedded", {"object": {"id": post, "type": "Note"}}),
            ("a Like of the page", {"object": siege.post["url"]}),
            ("an EmojiReact", {"type": "EmojiReact", "content": "👍"}),
        )
    ):
        fan = Actor(siege.net.host(), f"fan{number}")
        before = siege.counts()["favourites_count"]
        like = {**fan.activity("Like", post), **fields}
        siege.see.equal(f"202: {sentence}", fan.post(siege.inbox, like), 202)
        siege.see.soon("     it counts", lambda: siege.counts()["favourites_count"] == before + 1)
        undo = fan.activity("Undo", {"type": like["type"], "actor": fan.id, "object": post} if number % 2 else like)
        if number % 3 == 2:
            del undo["@context"]
        siege.see.equal(
            "202: its Undo" + (", which names no id" if number % 2 else ""), fan.post(siege.inbox, undo), 202
        )
        siege.see.soon("     it counts no more", lambda: siege.counts()["favourites_count"] == before)
    fan = siege.mallory
    boost = fan.activity("Announce", post, to=[f"{fan.id}/followers"], cc=[PUBLIC, siege.office], published=now())
    fan.post(siege.inbox, boost)
    siege.see.soon("an unlisted Announce counts", lambda: siege.counts()["reblogs_count"] == 1)
    fan.post(siege.inbox, fan.activity("Undo", boost["id"]))
    siege.see.soon("its Undo by id alone counts", lambda: siege.counts()["reblogs_count"] == 0)


def deletions(siege):
    paul = siege.paul
    for words, form in (
        ("Effacé par Tombstone", lambda id: {"id": id, "type": "Tombstone", "atomUri": id}),
        ("Effacé par adresse", lambda id: id),
        ("Effacé par objet", lambda id: {"id": id, "type": "Note", "attributedTo": paul.id}),
        ("Effacé par liste", lambda id: [id]),
    ):
        note = siege.reply(paul, words)
        says(siege, f"a note: {words}", words, paul.create(note))
        paul.post(siege.inbox, paul.activity("Delete", form(note["id"]), to=[PUBLIC]))
        siege.see.soon("     it is gone", lambda: not siege.shown(words))
    gone = siege.known(Actor(siege.net.host(), "partante"))
    says(
        siege,
        "a note by somebody who will leave",
        "Bientôt partie",
        gone.create(siege.reply(gone, "Bientôt partie")),
        gone,
    )
    followers = siege.mayor.me()["followers_count"]
    gone.post(siege.inbox, gone.activity("Delete", gone.id, to=[PUBLIC]))
    siege.see.soon("Delete of an actor takes its notes away", lambda: not siege.shown("Bientôt partie"))
    siege.see.soon("     and its follow", lambda: siege.mayor.me()["followers_count"] == followers - 1)


def who_and_how(siege):
    """Actors and signatures of other shapes."""
    takahe = Actor(siege.net.host(), "takahe")
    takahe.id = f"{takahe.host.base}/@takahe@x.test/"
    takahe.key_id = f"{takahe.id}#main-key"
    takahe.document.update(
        id=takahe.id, publicKey={"id": takahe.key_id, "owner": takahe.id, "publicKeyPem": takahe.key.pem()}
    )
    takahe.host.routes["/@takahe@x.test/"] = takahe.document
    says(
        siege,
        "an actor id with an @ and a slash at its end",
        "Dit par Takahē",
        takahe.create(siege.reply(takahe, "Dit par Takahē")),
        takahe,
    )
    for kind in ("Service", "Group", "Organization", "Application"):
        actor = Actor(siege.net.host(), kind.lower(), type=kind)
        says(
            siege,
            f"an actor of type {kind}",
            f"Dit par {kind}",
            actor.create(siege.reply(actor, f"Dit par {kind}")),
            actor,
        )
    bare = Actor(siege.net.host(), "minimal", shared_inbox=False)
    for name in ("name", "outbox", "followers", "@context"):
        bare.document.pop(name)
    says(
        siege,
        "an actor with the least that is needed",
        "Dit par minimal",
        bare.create(siege.reply(bare, "Dit par minimal")),
        bare,
    )
    paul = siege.paul
    for words, how in (
        ("Signé comme GoToSocial", {"signed": ("(request-target)", "host", "date", "digest"), "algorithm": "hs2019"}),
        (
            "Signé comme Lemmy",
            {"signed": ("(request-target)", "content-type", "date", "digest", "host"), "algorithm": "hs2019"},
        ),
        ("Signé sans algorithme", {"algorithm": ""}),
        ("Signé dans le désordre", {"signed": ("digest", "date", "host", "(request-target)")}),
    ):
        says(siege, f"draft-cavage: {words}", words, paul.create(siege.reply(paul, words)), scheme=cavage, **how)
    for words, covered in (
        ("Signé comme Fedify", ("@method", "@target-uri", "@authority", "host", "date", "content-digest")),
        ("Signé comme Mastodon 4.7", ("@method", "@target-uri", "content-digest")),
        ("Signé par chemin", ("@method", "@authority", "@path", "content-digest")),
    ):
        says(siege, f"RFC 9421: {words}", words, paul.create(siege.reply(paul, words)), scheme=rfc9421, covered=covered)
