"""The same deeds in the words of other servers: each reaches the page.

The forms are those of Mastodon, GoToSocial, Pleroma and Akkoma, Misskey, Lemmy, Pixelfed, PeerTube, Friendica,
Hubzilla, Mobilizon, WordPress, Bridgy Fed, snac and Takahē.
"""

import json

from support.actors import PUBLIC, Actor, Answer, now
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
    shapes(siege)
    servers(siege)
    groups(siege)
    deeds(siege)
    quotes(siege)
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
    page = siege.page_of(photo["id"])
    siege.see("     and the page leads to the picture", "/i.webp" in page and "Une vue" in page)
    siege.see("     without loading it from there", f'src="{paul.host.base}' not in page)
    mute = {**photo, "id": paul.note("", post)["id"], "content": "", "attachment": [{**photo["attachment"][0], "summary": "Muette"}]}
    siege.see.equal("202: a picture without a word", paul.post(siege.inbox, create(mute)), 202)
    siege.see.soon("     it is shown", lambda: "Muette" in siege.page_of(mute["id"]))


def shapes(siege):
    """One note in all the shapes that JSON-LD allows."""
    paul, post = siege.paul, siege.post["uri"]
    space = f"{AS2}#"
    parts = (
        ("Type préfixé", {"type": "as:Note"}),
        ("Type en toutes lettres", {"type": f"{space}Note"}),
        ("Type parmi d'autres", {"type": ["http://schema.org/Comment", "Note"]}),
        ("Sans date", {"published": None}),
        ("Résumé vide", {"summary": ""}),
        ("Listes vides", {"tag": [], "attachment": [], "cc": [], "url": []}),
        ("Champs nuls", {"tag": None, "attachment": None, "url": None, "updated": None, "contentMap": None, "name": None}),
        ("Auteur et chaîne", {"attributedTo": [{"type": "Group", "id": f"{paul.host.base}/c/x"}, {"type": "Person", "id": paul.id}]}),
        ("Acteur au lieu d'auteur", {"attributedTo": None, "actor": paul.id}),
        ("Réponse à l'ancre", {"inReplyTo": siege.post["url"] + "?apres=1#haut"}),
        ("Destinataires en objets", {"to": [{"id": PUBLIC, "type": "Collection"}], "cc": [{"id": siege.office}]}),
        ("Destinataires au dehors", {"to": None, "cc": None}),
        ("Fichier seul", {"attachment": {"type": "Link", "href": f"{paul.host.base}/f.pdf"}}),
        ("Question en réponse", {"type": "Question", "oneOf": [{"type": "Note", "name": "Oui"}], "endTime": now(3600)}),
    )  # fmt: skip
    for words, more in parts:
        note = {**siege.reply(paul, words), **more}
        activity = paul.activity("Create", {name: value for name, value in note.items() if name != "to" or value}, to=[PUBLIC])
        says(siege, f"a Note: {words}", words, activity)
    for words, more in (
        ("Activité préfixée", {"type": "as:Create"}),
        ("Activité en liste", {"type": ["Create"]}),
        ("Acteur en objet", {"actor": paul.document}),
        ("Acteur en liste", {"actor": [paul.id]}),
        ("Sans contexte", {"@context": None}),
        ("Contexte en texte", {"@context": AS2}),
        ("Contexte en objet", {"@context": {"@vocab": f"{space}", "@language": "fr"}}),
        ("Contexte d'ailleurs", {"@context": [AS2, "https://none.invalid/context.jsonld", {"x": {"@id": "x:y", "@type": "@id"}}]}),
        ("Objet en liste dans une liste", {"object": [[siege.reply(paul, "Objet en liste dans une liste")]]}),
    ):  # fmt: skip
        activity = {**paul.create(siege.reply(paul, words)), **more}
        says(siege, f"a Create: {words}", words, {name: value for name, value in activity.items() if value is not None})
    title = {**siege.reply(paul, "Corps de l'article"), "type": "Article", "nameMap": {"fr": "Titre traduit"}}
    says(siege, "an Article titled in nameMap", "Titre traduit", paul.create(title))
    warned = {**siege.reply(paul, "Averti en français"), "summary": None, "summaryMap": {"fr": "Attention"}}
    says(siege, "a warning in summaryMap", "Averti en français", paul.create(warned))
    siege.see.equal("     is a warning", siege.shown("Averti en français")["spoiler_text"], "Attention")
    edited = siege.reply(paul, "Avant l'adresse")
    says(siege, "a Note that is edited later", "Avant l'adresse", paul.create(edited))
    edited.update(content="<p>Après l'adresse</p>", updated=now(5))
    says(siege, "an Update that names its object only", "Après l'adresse", paul.activity("Update", edited["id"]))


def servers(siege):
    """Whole notes as other servers send them."""
    paul, post, office = siege.paul, siege.post["uri"], siege.office
    base = paul.host.base
    for server, more in (
        ("Pleroma", {"actor": paul.id, "context": "https://pleroma.test/contexts/1", "conversation": "https://pleroma.test/contexts/1",
                     "emoji": {}, "directMessage": False, "source": "texte", "bto": [], "bcc": [], "summary": "",
                     "repliesCount": 0, "@context": [AS2, "https://pleroma.test/schemas/litepub-0.1.jsonld", {"@language": "und"}]}),
        ("Pixelfed", {"capabilities": {"announce": PUBLIC, "like": PUBLIC, "reply": PUBLIC}, "commentsEnabled": True, "location": None,
                      "attachment": [{"type": "Image", "mediaType": "image/jpeg", "url": f"{base}/storage/1.jpg", "name": None,
                                      "blurhash": "U2IOM,I[00~q", "width": 1080, "height": 1350}]}),
        ("PeerTube", {"replyApproval": None, "mediaType": "text/markdown", "updated": None,
                      "url": f"{base}/videos/watch/x;threadId=1"}),
        ("Friendica", {"diaspora:guid": "f1", "actor": paul.id, "instrument": {"type": "Application", "name": "Friendica", "url": "x"},
                       "directMessage": False, "quoteUrl": None, "contentMap": {"fr": "<p>Dit par Friendica</p>"}, "sensitive": "",
                       "dfrn:signature": "x", "generator": {"type": "Application", "name": "Friendica"},
                       "attachment": [{"type": "Document", "mediaType": "image/png", "url": f"{base}/photo/1", "name": ""}]}),
        ("Hubzilla", {"@context": [AS2, "https://w3id.org/security/v1", {"zot": "https://hub.test/apschema#", "diaspora": "https://diasporafoundation.org/ns/"}],
                      "context": f"{base}/conversation/1", "replyTo": post, "commentPolicy": "public", "canReply": [PUBLIC],
                      "source": {"content": "x", "mediaType": "text/bbcode"}, "target": {"type": "Collection", "id": f"{base}/conversation/1"},
                      "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofValue": "z3"},
                      "updated": now(), "commenting": "enabled"}),
        ("Mobilizon", {"actor": paul.id, "uuid": "3f0a", "isAnnouncement": False, "language": "fr", "draft": False,
                       "name": None, "mediaType": "text/html", "participationMessage": None}),
        ("WordPress", {"contentMap": {"fr-FR": "<p>Dit par WordPress</p>"}, "mediaType": "text/html", "replies": {"type": "Collection"},
                       "interactionPolicy": {"canQuote": {"automaticApproval": PUBLIC}}, "preview": {"type": "Note", "content": "x"},
                       "tag": [{"type": "Mention", "href": office, "name": "@maire-eze"}]}),
        ("GoToSocial récent", {"interactionPolicy": {name: {"automaticApproval": [PUBLIC], "manualApproval": []}
                               for name in ("canLike", "canReply", "canAnnounce")}, "sensitive": False, "summary": "",
                               "replyAuthorization": None, "contentMap": {"fr": "<p>Dit par GoToSocial récent</p>"}}),
        ("Iceshrimp", {"_misskey_content": "x", "_misskey_quote": None, "quoteUri": None, "source": {"content": "x", "mediaType": "text/x.misskeymarkdown"},
                       "_misskey_summary": None, "isCat": False, "summary": None}),
        ("Mitra", {"conversation": f"{base}/c/1", "quote": None, "emojiReactions": f"{base}/r", "likes": f"{base}/l"}),
    ):  # fmt: skip
        words = f"Dit par {server}"
        says(siege, f"{server}'s Note", words, paul.create({**siege.reply(paul, words), **more}))
    bridged = Actor(siege.net.host(), "did", preferredUsername="alice.bsky.social")
    renamed(bridged, "/ap/did:plc:abc123")
    path = "/convert/ap/at://did:plc:abc123/app.bsky.feed.post/3k"
    note = {**siege.reply(bridged, "Dit par Bridgy Fed"), "id": bridged.host.base + path, "to": ["as:Public"],
            "url": [f"{bridged.host.base}/r/x", "https://bsky.test/profile/alice/post/3k"], "content_is_html": True}  # fmt: skip
    create = {**bridged.create(note), "id": f"{note['id']}#bridgy-fed-create"}
    says(siege, "Bridgy Fed's Note, whose id holds another address", "Dit par Bridgy Fed", create, bridged)
    blog = Actor(siege.net.host(), "blog")
    renamed(blog, "/?author=1")
    note = {**siege.reply(blog, "Dit par un blog"), "id": f"{blog.host.base}/?p=12&preview=0"}
    says(siege, "WordPress's author, whose id is a query", "Dit par un blog", blog.create(note), blog)


def renamed(actor, path):
    """Gives an actor another id on its host."""
    actor.id = actor.host.base + path
    actor.key_id = f"{actor.id}#main-key"
    key = {"id": actor.key_id, "owner": actor.id, "publicKeyPem": actor.key.pem()}
    actor.document.update(id=actor.id, publicKey=key, followers=f"{actor.id}/followers")
    actor.host.routes[path] = lambda _seen: actor.document


def groups(siege):
    """What Lemmy, PieFed, Mbin and NodeBB pass on as a group (FEP-1b12)."""
    group = Actor(siege.net.host(), "cours", type="Group")
    writer = Actor(siege.net.host(), "membre")

    def passes(activity):
        announce = group.activity("Announce", activity, to=[PUBLIC], cc=[f"{group.id}/followers"])
        siege.see.equal(f"202: a group announces {activity['type']}", group.post(siege.inbox, announce), 202)

    note = siege.reply(writer, "Dit dans un groupe", audience=group.id)
    passes({**writer.create(note), "audience": group.id})
    siege.see.soon("     it is shown", lambda: siege.shown("Dit dans un groupe"))
    siege.see.equal("     as its author's", siege.shown("Dit dans un groupe")["account"]["username"], "membre")
    note.update(content="<p>Redit dans un groupe</p>", updated=now(5))
    passes(writer.activity("Update", note))
    siege.see.soon("     the edit too", lambda: siege.shown("Redit dans un groupe"))
    passes(writer.activity("Delete", note["id"]))
    siege.see.never("     a deletion that its server does not confirm changes nothing", lambda: not siege.shown("Redit"))
    writer.host.routes[note["id"].removeprefix(writer.host.base)] = Answer(410)
    passes(writer.activity("Delete", note["id"]))
    siege.see.soon("     one that it confirms does", lambda: not siege.shown("Redit"))
    undo = writer.activity("Undo", writer.activity("Delete", note["id"]))
    passes(undo)
    siege.see.never("     a restoration that its server does not confirm changes nothing", lambda: siege.shown("Redit"))
    writer.host.routes[note["id"].removeprefix(writer.host.base)] = note
    undo = {**undo, "id": undo["id"] + "/2"}
    passes(undo)
    siege.see.never("     nor one of which its server knows nothing", lambda: siege.shown("Redit"))
    undo = {**undo, "id": undo["id"] + "/3"}
    writer.host.routes[undo["id"].removeprefix(writer.host.base)] = undo
    passes(undo)
    siege.see.soon("     one that it confirms brings it back", lambda: siege.shown("Redit"))
    likes(siege, writer, passes)
    page = siege.reply(writer, "Page dans un groupe", name="Titre de page", audience=group.id)
    page["type"] = "Page"
    passes(page)
    siege.see.soon("     a Page announced as it is is shown", lambda: siege.shown("Page dans un groupe"))


def likes(siege, writer, passes):
    """A group's word counts for nothing: the server of whoever likes shows the like, or it is none."""
    before = siege.counts()["favourites_count"]
    like = writer.activity("Like", siege.post["uri"])
    passes(like)
    siege.see.never("     a like that its server does not show does not count",
                    lambda: siege.counts()["favourites_count"] != before)  # fmt: skip
    like = writer.activity("Like", siege.post["uri"])
    writer.host.serve(like["id"].removeprefix(writer.host.base), like)
    passes(like)
    siege.see.soon("     one that it shows does", lambda: siege.counts()["favourites_count"] == before + 1)
    undo = writer.activity("Undo", like)
    writer.host.serve(undo["id"].removeprefix(writer.host.base), undo)
    passes(undo)
    siege.see.soon("     and its Undo", lambda: siege.counts()["favourites_count"] == before)


def quotes(siege):
    """FEP-044f: who asks to quote gets a stamp, or a no."""
    paul = siege.paul
    note = paul.note("<p>Voyez donc</p>")
    request = paul.activity("QuoteRequest", siege.post["uri"], instrument=note)
    siege.see.equal("202: Mastodon's QuoteRequest", paul.post(siege.inbox, request), 202)

    def answers():
        said = [json.loads(seen.body) for seen in paul.host.deliveries() if seen.body]
        return [a for a in said if isinstance(a.get("object"), dict) and a["object"].get("id") == request["id"]]

    siege.see.soon("     it is accepted", lambda: [a["type"] for a in answers()] == ["Accept"])
    path = answers()[0]["result"].removeprefix(siege.parvis.base)
    stamp = siege.parvis.get(path, accept="application/activity+json").json
    siege.see.equal("     with a stamp of the post", stamp["interactionTarget"], siege.post["uri"])
    siege.see.equal("     for this note", stamp["interactingObject"], note["id"])


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
            ("Misskey's Like with an emoji of its own", {"_misskey_reaction": ":blob:", "content": ":blob:", "tag": [
                {"type": "Emoji", "id": "https://x.example.org/e", "name": ":blob:", "icon": {"type": "Image", "url": "x"}}]}),
            ("a Like whose object is a list of one", {"object": [post]}),
            ("a Like whose actor is an object", {"actor": {"type": "Person", "id": None}}),
            ("a Like of several types", {"type": ["http://schema.org/LikeAction", "Like"]}),
            ("Pleroma's Like", {"context": "https://x.example.org/c", "to": [siege.office, PUBLIC], "cc": ["Public"]}),
        )
    ):
        fan = Actor(siege.net.host(), f"fan{number}")
        before = siege.counts()["favourites_count"]
        like = {**fan.activity("Like", post), **fields}
        if isinstance(like["actor"], dict):
            like["actor"]["id"] = fan.id
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
    note = siege.reply(paul, "Effacé puis rétabli")
    says(siege, "a note that will be restored", "Effacé puis rétabli", paul.create(note))
    delete = paul.activity("Delete", note["id"], to=[PUBLIC])
    paul.post(siege.inbox, delete)
    siege.see.soon("     it is gone", lambda: not siege.shown("puis rétabli"))
    for who in (siege.sally, siege.mallory):
        meddling = who.activity("Undo", {**delete, "id": f"{who.id}/delete", "actor": who.id}, to=[PUBLIC])
        who.post(siege.inbox, meddling)
        who.post(siege.inbox, who.activity("Undo", delete, to=[PUBLIC]))
        who.post(siege.inbox, who.activity("Announce", paul.activity("Undo", delete), to=[PUBLIC]))
    siege.see.never("     nobody else's Undo brings it back", lambda: siege.shown("puis rétabli"))
    paul.post(siege.inbox, paul.activity("Undo", delete, to=[PUBLIC]))
    siege.see.soon("     Lemmy's Undo of the Delete brings it back", lambda: siege.shown("puis rétabli"))
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
