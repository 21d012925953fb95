"""The civic sections from apps made for Mastodon: Mastodon.py and masto.js write to the town hall, answer what it
asks, speak in a group and read the agenda."""

import contextlib
import json
import sqlite3
import subprocess
from datetime import date, timedelta

from mastodon import Mastodon, MastodonAPIError

from support.entities import wrong
from support.parvis import EZE, Parvis
from support.peers import NODE, node_folder
from support.web import Visitor

PASSWORD = "cheval agrafe pile correcte"
GROUP = "groupe-eze-les-sentiers"
# Totals are told from five answers on.
OTHERS = [f"voisine{number}" for number in range(5)]


def run(world, see):
    parvis = Parvis(world, "mairie")
    parvis.claim()
    for name in ("citoyenne", "citoyen"):
        parvis.account(name)
        parvis.set_password(name, PASSWORD)
    for name in OTHERS:
        parvis.account(name)
    parvis.set_password("mireille", PASSWORD)
    parvis.start()
    group(parvis)
    # Apps take what they write in public as said to everybody: both have chosen that their words may leave.
    for name in ("citoyenne", "citoyen"):
        person = Visitor(parvis)
        person.sign_in(f"{name}@example.org", PASSWORD)
        person.open("/compte/donnees")
        person.submit("visibilite", federated="on")
    office = app(parvis, "maire-eze")
    citizen = app(parvis, "citoyenne")
    letters(see, parvis, citizen, office)
    polls = asked(see, parvis, citizen, office)
    topics(see, parvis, citizen)
    dates(see, parvis, citizen, office)
    polls += masto_js(world, see, parvis)
    shapes(see, parvis)
    closed(see, parvis, polls)
    see.equal("no fault in the log", parvis.complaints(), [])


def app(parvis, account):
    """Mastodon.py as it is used by an app that has its token already."""
    return Mastodon(access_token=parvis.api(account).token, api_base_url=parvis.base)


def group(parvis):
    mayor = Visitor(parvis)
    mayor.sign_in("mireille@example.org", PASSWORD)
    mayor.open("/eze-06/groupes/nouveau")
    mayor.submit(
        "scope", scope="public", name="Les sentiers", about="On parle des chemins.", opening="members", approval=None
    )


def refusal(deed):
    """How the server refuses; None when it does not."""
    try:
        deed()
    except MastodonAPIError as refused:
        return refused.args[1] if len(refused.args) > 1 else str(refused)
    return None


def letters(see, parvis, citizen, office):
    see.equal("Mastodon.py: no conversation yet", list(citizen.conversations()), [])
    letter = citizen.status_post("@maire-eze Bonjour, le banc de la place est cassé.", visibility="direct")
    see.equal("Mastodon.py writes to the mayor in private", letter.visibility, "direct")
    see.equal("the mayor is named in it", [one.acct for one in letter.mentions], ["maire-eze"])
    talk = next(iter(office.conversations()))
    see("Mastodon.py: the town hall has it unread", talk.unread, talk)
    see("and sees its words", "le banc de la place" in talk.last_status.content, talk)
    see.equal("and whose it is", [one.username for one in talk.accounts], ["citoyenne"])
    see.equal("Mastodon.py: the town hall marks it read", office.conversations_read(talk).unread, False)
    see.equal("and it stays so", next(iter(office.conversations())).unread, False)
    answer = office.status_reply(talk.last_status, "Merci, on le répare.")
    see.equal("Mastodon.py: the answer is private", answer.visibility, "direct")
    see.equal("and answers her letter", answer.in_reply_to_id, letter.id)
    see("without the names that the app put before it", "@" not in answer.content, answer.content)
    hers = next(iter(citizen.conversations()))
    see("Mastodon.py: she has the answer unread", hers.unread and hers.last_status.id == answer.id, hers)
    see.equal("from the town hall", [one.acct for one in hers.accounts], ["maire-eze"])
    see.equal("Mastodon.py: she marks it read", citizen.conversations_read(hers).unread, False)
    thread = citizen.status_context(answer.id)
    see.equal("the thread before the answer is her letter", [one.id for one in thread.ancestors], [letter.id])
    again = citizen.status_reply(answer, "Parfait.")
    see.equal("Mastodon.py: she answers in the same thread", len(citizen.conversations()), 1)
    see.equal("the town hall reads it there", office.status_context(letter.id).descendants[-1].id, again.id)
    other = app(parvis, "citoyen")
    see.equal("nobody else has the conversation", list(other.conversations()), [])
    see.equal("nor can open the letter", refusal(lambda: other.status(letter.id)), 404)
    see.equal("nor her thread", refusal(lambda: other.status_context(letter.id)), 404)
    see.equal("nor mark it read", refusal(lambda: other.conversations_read(hers)), 404)
    for name, shown in (
        ("home", citizen.timeline_home()),
        ("the public timeline", citizen.timeline_public()),
        ("what the office published", citizen.account_statuses(hers.accounts[0])),
        ("what she published", other.account_statuses(citizen.me())),
        ("the search", citizen.search_v2("banc").statuses),
    ):
        see(f"{name} has no letter", not {letter.id, answer.id, again.id} & {one.id for one in shown}, shown)
    see.equal("a letter cannot be shared", refusal(lambda: citizen.status_reblog(answer.id)), 404)
    see.equal("nor liked", refusal(lambda: citizen.status_favourite(answer.id)), 404)
    see.equal(
        "a letter to nobody is refused",
        refusal(lambda: citizen.status_post("À personne", visibility="direct")),
        422,
    )


def asked(see, parvis, citizen, office):
    one = office.status_post("Un marché le dimanche ?", poll=office.make_poll(["Oui", "Non"], 600))
    several = office.status_post("Quels jours ?", poll=office.make_poll(["Lundi", "Mardi", "Jeudi"], 600, multiple=True))
    see("Mastodon.py: the office asks in public", one.poll and not one.poll.multiple and several.poll.multiple, one)
    see.equal("with its choices", [choice.title for choice in several.poll.options], ["Lundi", "Mardi", "Jeudi"])
    page = parvis.get(one.url.removeprefix(parvis.base), accept="text/html")
    see("it is an avis public of the site", page.status == 200 and "/avis-publics/" in one.url, one.url)
    found = {status.id: status for status in citizen.timeline_public(limit=5)}
    see("it stands in the public timeline as a poll", {one.id, several.id} <= set(found) and found[one.id].poll, found)
    poll = found[one.id].poll
    see.equal("she has not voted, and no total is told", told(poll), (False, [], 0, [None, None]))
    voted = citizen.poll_vote(poll, 1)
    see.equal("Mastodon.py votes; she sees her own vote only", told(voted), (True, [1], 0, [None, None]))
    see.equal("and sees it again with the status", told(citizen.status(one.id).poll), (True, [1], 0, [None, None]))
    see.equal("twice is refused", refusal(lambda: citizen.poll_vote(poll, 0)), 422)
    many = citizen.poll_vote(several.poll, [0, 2])
    see.equal("Mastodon.py votes for several", told(many), (True, [0, 2], 0, [None] * 3))
    other = app(parvis, "citoyen")
    see.equal("two votes where one may be made are refused", refusal(lambda: other.poll_vote(poll, [0, 1])), 422)
    see.equal("so is a choice that is none", refusal(lambda: other.poll_vote(poll, 2)), 422)
    see.equal("so is none at all", refusal(lambda: other.poll_vote(poll, [])), 422)
    see.equal("so is a vote by who asks", refusal(lambda: office.poll_vote(poll, 0)), 422)
    see.equal("the other has not voted", told(other.poll(poll)), (False, [], 0, [None, None]))
    nobody = Mastodon(api_base_url=parvis.base)
    see("nobody in particular sees no total", nobody.poll(poll).options[0].votes_count is None)
    see.equal(
        "a citizen asks nothing in the town hall's name",
        refusal(lambda: citizen.status_post("Et moi ?", poll=citizen.make_poll(["a", "b"], 600))),
        422,
    )
    return [(one.poll.id, [0, 1], None), (several.poll.id, [1, 0, 1], 1)]


def told(poll):
    return poll.voted, list(poll.own_votes), poll.votes_count, [choice.votes_count for choice in poll.options]


def topics(see, parvis, citizen):
    found = citizen.account_lookup(GROUP)
    see("Mastodon.py finds the group", found.group, found)
    see("Mastodon.py joins it", citizen.account_follow(found).following)
    see("it is a group of the site", "/groupes/" in found.url, found.url)
    topic = citizen.status_post(f"@{GROUP} Le pont est fermé\n\nJusqu'à **lundi**.")
    see("Mastodon.py opens a topic", "Le pont est fermé" in topic.content and "<strong>lundi" in topic.content, topic)
    see("on a page of the group", "/sujets/" in topic.url and parvis.get(topic.url, accept="text/html").status == 200, topic)
    other = app(parvis, "citoyen")
    other.account_follow(found)
    see("who joined has it at home", topic.id in [one.id for one in other.timeline_home()])
    see("the group shows it", topic.id in [one.id for one in other.account_statuses(found)])
    reply = other.status_reply(topic, "Merci de le dire.", visibility="public")
    below = citizen.status_context(topic.id).descendants
    see.equal("Mastodon.py answers under it", [one.id for one in below], [reply.id])
    see("who opened it is notified", any(note.type == "mention" for note in citizen.notifications()))
    liked = citizen.status_favourite(reply.id)
    see.equal("Mastodon.py likes an answer", (liked.favourited, liked.favourites_count), (True, 1))
    edited = citizen.status_update(topic, "Le pont rouvre.")
    see("Mastodon.py edits the topic", "Le pont rouvre" in edited.content and edited.edited_at, edited)
    see.equal("its versions can be read", len(citizen.status_history(topic)), 2)
    see("Mastodon.py leaves the group", not other.account_unfollow(found).following)
    see("its topics stay at home no longer", topic.id not in [one.id for one in other.timeline_home()])


def dates(see, parvis, citizen, office):
    day = (date.today() + timedelta(days=20)).isoformat()
    event = parvis.api("maire-eze").post(f"/api/parvis/v1/communes/{EZE}/events", {
        "title": "Fête de la Nef", "start": f"{day}T18:30", "end": f"{day}T23:00",
        "description": "Bal sur la **place**.", "place": {"name": "Place de la Nef"},
    })  # fmt: skip
    mayor = citizen.account_lookup("maire-eze")
    shown = citizen.account_statuses(mayor)
    status = next((one for one in shown if one.id == event["id"]), None)
    see("Mastodon.py reads a date among what the office published", status, [one.uri for one in shown])
    see("with its title, its day and its place",
        all(words in status.content for words in ("Fête de la Nef", "18", "Place de la Nef", "<strong>place")), status)
    see.equal("it leads to the agenda", status.url, event["url"])
    see("Mastodon.py likes a date", citizen.status_favourite(status).favourited)
    comment = citizen.status_reply(status, "On y sera.", visibility="public")
    see.equal("Mastodon.py comments it", comment.in_reply_to_id, status.id)
    see("it stands in the public timeline", event["id"] in [one.id for one in citizen.timeline_public()])
    see.equal("it is not edited as a status", refusal(lambda: office.status_update(status, "Autre chose")), 422)


def masto_js(world, see, parvis):
    """The same by masto.js; gives the polls that it asked, with what must come of them."""
    tokens = [parvis.api(name).token for name in ("citoyenne", "citoyen", "maire-eze")]
    done = subprocess.run(
        [NODE, node_folder(world) / "civic.mjs", parvis.base, GROUP, *tokens],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    polls = []
    for line in done.stdout.splitlines():
        result = json.loads(line)
        if "poll" in result:
            polls.append((result["poll"], result["votes"], result["voters"]))
        else:
            see(result["sentence"], result["ok"], result.get("detail"))
    see.equal("masto.js got to the end", done.returncode, 0)
    if done.returncode:
        print(done.stderr[-2000:])
    return polls


def shapes(see, parvis):
    """Every field that Mastodon.py knows is there, of its kind."""
    citizen, other, office = (parvis.api(name) for name in ("citoyenne", "citoyen", "maire-eze"))
    talk = citizen.get("/api/v1/conversations")[0]
    event = next(one for one in citizen.get("/api/v1/timelines/public") if "/agenda/" in one["url"])
    asked = [one for one in citizen.get("/api/v1/timelines/public?limit=40") if one["poll"]]
    group = citizen.get(f"/api/v1/accounts/lookup?acct={GROUP}")
    topic = citizen.get(f"/api/v1/accounts/{group['id']}/statuses")[0]
    for entity, what, value in (
        ("Conversation", "a conversation", talk),
        ("Conversation", "a conversation of the town hall", office.get("/api/v1/conversations")[0]),
        ("Status", "a letter", talk["last_status"]),
        ("Context", "a thread of letters", citizen.get(f"/api/v1/statuses/{talk['last_status']['id']}/context")),
        *(("Poll", "a poll she answered", one["poll"]) for one in asked),
        *(("Poll", "a poll of another's", other.get(f"/api/v1/polls/{one['poll']['id']}")) for one in asked),
        ("Status", "a date", event),
        ("Status", "a topic", topic),
        ("Account", "a group", group),
        ("Context", "the thread of a topic", other.get(f"/api/v1/statuses/{topic['id']}/context")),
    ):
        see.equal(f"{entity} is whole: {what}", wrong(entity, value), [])
    see("there were polls to look at", len(asked) >= 2, asked)


def closed(see, parvis, polls):
    """What is told when the end has come."""
    for name in OTHERS:
        voter = app(parvis, name)
        for id, _, _ in polls:
            see("a neighbour answers too", voter.poll_vote(id, 0).voted)
    parvis.stop()
    with contextlib.closing(sqlite3.connect(parvis.database.removeprefix("sqlite://"))) as database, database:
        database.execute("UPDATE poll_opinion SET closes_at = opened_at + 1000")
        database.execute("UPDATE task SET run_at = 0 WHERE name = 'polls.close_opinion'")
    parvis.start()
    citizen = app(parvis, "citoyenne")
    see.equal("there were polls of both apps", len(polls), 4)
    for id, votes, voters in polls:
        votes = [votes[0] + len(OTHERS), *votes[1:]]
        voters = voters and voters + len(OTHERS)
        see.soon("the totals come with the end", lambda id=id: citizen.poll(id).options[0].votes_count is not None)
        poll = citizen.poll(id)
        see.equal("the same for everybody", [choice.votes_count for choice in poll.options], votes)
        see.equal("with their sum, and how many voted", (poll.expired, poll.votes_count, poll.voters_count), (True, sum(votes), voters))
        see.equal("a late vote is refused", refusal(lambda id=id: app(parvis, "citoyen").poll_vote(id, 0)), 422)
