"""Apps made for Mastodon work: Mastodon.py and masto.js do what an app does."""

import json
import subprocess
from urllib.parse import parse_qs, urlsplit

from mastodon import Mastodon, MastodonAPIError

from support.parvis import Parvis
from support.peers import NODE, node_folder
from support.pictures import png
from support.web import Visitor

PASSWORD = "cheval agrafe pile correcte"
AWAY = "https://appli.example.org/retour"


def run(world, see):
    parvis = Parvis(world, "mairie")
    parvis.claim()
    parvis.account("citoyenne")
    parvis.set_password("citoyenne", PASSWORD)
    parvis.start()
    office = parvis.api("maire-eze")
    for number in range(5):
        office.publish(f"Nouvelle numéro {number} #Èze")
    mastodon_py(see, parvis, office)
    masto_js(world, see, parvis, office)
    see.equal("no fault in the log", parvis.complaints(), [])


def mastodon_py(see, parvis, office):
    app, secret = Mastodon.create_app(
        "Appli", api_base_url=parvis.base, redirect_uris=AWAY, scopes=["read", "write", "follow"]
    )
    client = Mastodon(client_id=app, client_secret=secret, api_base_url=parvis.base)
    person = Visitor(parvis)
    person.sign_in("citoyenne@example.org", PASSWORD)
    person.open(client.auth_request_url(redirect_uris=AWAY, scopes=["read", "write", "follow"], allow_http=True))
    person.submit("client_id", decision="allow")
    code = parse_qs(urlsplit(person.left_for).query)["code"][0]
    client.log_in(code=code, redirect_uri=AWAY, scopes=["read", "write", "follow"], allow_http=True)
    me = client.account_verify_credentials()
    see.equal("Mastodon.py signs in", me.username, "citoyenne")
    mayor = client.account_lookup("maire-eze")
    see("Mastodon.py follows the mayor", client.account_follow(mayor.id).following)
    home = client.timeline_home(limit=3)
    see.equal("Mastodon.py reads her home timeline", len(home), 3)
    older = client.fetch_next(home)
    see("and pages it", older and older[0].id < home[-1].id, older)
    see.equal("five posts in all", len(client.account_statuses(mayor.id)), 5)
    tagged = client.timeline_hashtag("eze")
    see.equal("a tag is found without its accents", len(tagged), 5)
    post = home[0]
    see("Mastodon.py likes", client.status_favourite(post.id).favourited)
    see.equal("the office is notified", office.get("/api/v1/notifications")[0]["type"], "favourite")
    see("Mastodon.py shares", client.status_reblog(post.id).reblog)
    client.status_unreblog(post.id)
    client.status_unfavourite(post.id)
    try:
        client.status_post("Bonjour", in_reply_to_id=post.id)
        see("a dark citizen is asked before her comment leaves", False)
    except MastodonAPIError as refused:
        see("a dark citizen is asked before her comment leaves", "422" in str(refused), refused)
    writer = Mastodon(access_token=office.token, api_base_url=parvis.base)
    photo = writer.media_post(png(), mime_type="image/png", description="Une photo de la place", file_name="p.png")
    status = writer.status_post("Avec photo", media_ids=[photo.id], language="fr")
    see.equal(
        "Mastodon.py publishes a photo with its text", status.media_attachments[0].description, "Une photo de la place"
    )
    report = client.report(mayor.id, [status.id], comment="Erreur de date")
    see("Mastodon.py reports", report.id)
    instance = client.instance()
    see("Mastodon.py reads the instance", instance.title or instance.domain, instance)


def masto_js(world, see, parvis, office):
    folder = node_folder(world)
    done = subprocess.run(
        [NODE, folder / "client.mjs", parvis.base, office.token],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    for line in done.stdout.splitlines():
        result = json.loads(line)
        see(result["sentence"], result["ok"], result.get("detail"))
    see.equal("masto.js got to the end", done.returncode, 0)
    if done.returncode:
        print(done.stderr[-2000:])
