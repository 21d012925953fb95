"""Discussion groups with Fedify and bovine: a public one joined, written in and kept in order; a members' one that
exists for its members only."""

from support.parvis import Parvis
from support.peers import Bovine, Fedify
from support.web import Visitor

PASSWORD = "un mot de passe bien long"
LIST = "/eze-06/groupes"


def run(world, see):
    parvis = Parvis(world, "mairie-a", "mairie-a.test")
    fedify, other = Fedify(world, "fedify.test"), Fedify(world, "autre.test")
    bovine = Bovine(world, "bovine.test")
    world.publish({server.host: server.port for server in (parvis, fedify, other, bovine)})
    parvis.claim()
    parvis.set_password("mireille", PASSWORD)
    parvis.start()
    for peer in (fedify, other, bovine):
        peer.start()
    mayor = Visitor(parvis)
    mayor.sign_in("mireille@example.org", PASSWORD)
    # What somebody dark says stays on her server.
    mayor.open("/compte/donnees")
    mayor.submit("visibilite", federated="on")
    public(see, parvis, mayor, fedify, bovine)
    members(see, parvis, mayor, fedify, other)
    see.equal("no fault in the log", parvis.complaints(), [])


def opened(mayor, scope, name):
    """Opens a group; gives the address of its page and of its actor."""
    mayor.open(f"{LIST}/nouveau")
    mayor.submit("scope", scope=scope, name=name, about="On parle des chemins.", opening="members", approval=None)
    page = mayor.address
    return page, f"{mayor.parvis.base}/ap/actors/{page.rsplit('/', 1)[1]}"


def announced(peer, kind, words):
    """Whether the group passed on an activity of this type with these words in it."""
    for activity in peer.received("Announce"):
        about = activity.get("object")
        if words in str(about) and (kind is None or isinstance(about, dict) and about.get("type") == kind):
            return True
    return False


def done_to(peer, address):
    """Whether the group passed on a deed about this object, of a kind that the peer has no name for."""
    told = [activity.get("object") for activity in peer.received("Announce")]
    return any(isinstance(deed, dict) and deed.get("object") == address for deed in told)


def public(see, parvis, mayor, fedify, bovine):
    page, group = opened(mayor, "public", "Les sentiers")
    handle = "groupe-eze-les-sentiers"
    for peer in (fedify, bovine):
        found = peer.order("lookup", uri=f"acct:{handle}@{parvis.host}")
        see.equal(f"{peer.name} finds the public group", found and (found["id"], found["type"]), (group, "Group"))
        peer.order("follow", to=group)
        see.soon(f"{peer.name} joins it and gets Accept", lambda: group in peer.state()["following"])
    for peer, words in ((fedify, "Une balade avec Fedify"), (bovine, "Une balade avec bovine")):
        topic = peer.order("topic", to=group, content=f"<p>{words}</p>")
        see.soon(f"{peer.name}'s topic is on the page", lambda: words in mayor.open(page).text)
        for reader in (fedify, bovine):
            see.soon(f"{reader.name} sees {peer.name}'s topic announced", lambda: announced(reader, None, topic["object"]))
    mayor.open(f"{page}/sujets/nouveau")
    mayor.submit("source", title="Le pont est fermé", source="Jusqu'à **lundi**.")
    ours = mayor.address
    see.soon("a topic of ours is passed on as a whole", lambda: announced(fedify, "Create", "Le pont est ferm"))
    reply = fedify.order("topic", to=group, content="<p>Merci de le dire</p>", inReplyTo=object_of(ours))
    see.soon("an answer is on its page", lambda: "Merci de le dire" in mayor.open(ours).text)
    see.soon("and is passed on to members elsewhere", lambda: announced(bovine, None, reply["object"]))
    mayor.open(ours)
    mayor.submit("deed", deed="lock")
    see.soon("a member elsewhere hears of the lock", lambda: done_to(bovine, object_of(ours)))


def object_of(page):
    base, number = page.split("/eze-06/")[0], page.rsplit("/", 1)[1]
    return f"{base}/ap/topics/{number}"


def members(see, parvis, mayor, fedify, other):
    page, group = opened(mayor, "members", "Le comité")
    mayor.open(f"{page}/sujets/nouveau")
    mayor.submit("source", title="Entre nous", source="À ne pas répéter.")
    topic = mayor.address
    never = f"{parvis.base}/ap/actors/7"

    def is_nothing(who, address, title):
        hidden, absent = who.order("fetch", uri=address), who.order("fetch", uri=never)
        see.equal(title, hidden["status"], 404)
        see.equal(f"{title}, as what never was", hidden, absent)

    is_nothing(fedify, group, "a stranger does not see the members' group")
    is_nothing(fedify, object_of(topic), "nor a topic of it")
    mayor.open(f"{page}/membres")
    mayor.submit("handle", handle=f"@{fedify.user}@{fedify.host}")
    see.soon("who is awaited is told", lambda: fedify.received("Invite"))
    fedify.order("follow", to=group)
    see.soon("and is let in", lambda: group in fedify.state()["following"])
    mayor.open(f"{page}/sujets/nouveau")
    mayor.submit("source", title="Le vote", source="Mardi soir.")
    see.soon("a member elsewhere reads what is said", lambda: announced(fedify, "Create", "Mardi soir"))
    see.equal("and what was said before, with a signed request", fedify.order("fetch", uri=object_of(topic))["status"], 200)
    public_word = "activitystreams#Public"
    said = [x for x in fedify.received("Announce") if "Mardi soir" in str(x)]
    see("nothing of it is addressed to everybody", said and public_word not in str(said) and "as:Public" not in str(said))
    fedify.order("topic", to=group, name="Et moi", content="<p>Je viens aussi</p>", members=True)
    see.soon("what the member writes is on the page", lambda: "Et moi" in mayor.open(page).text)
    is_nothing(other, group, "somebody of another server still sees nothing")
    is_nothing(other, object_of(topic), "nor the topic")
    number = next(form for form in people(mayor, page) if "/exclure" in form)
    mayor.open(number)
    mayor.submit("reason", ground="other", reason="Il le sait.")
    is_nothing(fedify, group, "who was put out sees the group no more")
    is_nothing(fedify, object_of(topic), "nor its topics")
    see.soon("and is told so", lambda: fedify.received("Block") or fedify.received("Reject"))
    fedify.order("state")
    mayor.open(f"{page}/sujets/nouveau")
    mayor.submit("source", title="La suite", source="Sans lui.")
    see("nothing more reaches who was put out", not announced(fedify, None, "Sans lui"))


def people(mayor, page):
    """The links of the list of members."""
    text = mayor.open(f"{page}/membres").text
    return [part.split('"', 1)[0] for part in text.split('href="')[1:]]
