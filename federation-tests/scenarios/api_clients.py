"""Apps made for Mastodon work: Mastodon.py and masto.js do what an app does."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from mastodon import Mastodon, MastodonAPIError

from support.entities import wrong
from support.parvis import Api, Parvis
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
    shapes(see, parvis, office)
    at_the_start(see, parvis, office)
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


def in_a_week():
    return (datetime.now(UTC) + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def shapes(see, parvis, office):
    """Every field of every entity that Mastodon.py knows is there, of its kind, and null only where it may be."""
    citizen = parvis.api("citoyenne")
    photo = office.upload(png(), "La place")
    document = office.upload(b"%PDF-1.4\n%%EOF\n", "Un arrêté", "arrete.pdf", "application/pdf")
    post = office.publish(
        "Tout à la fois : #Èze, @maire-eze, https://www.example.org/",
        spoiler_text="Long",
        media_ids=[photo["id"], document["id"]],
    )
    comment = citizen.post(
        "/api/v1/statuses", {"status": "Bien vu @maire-eze", "in_reply_to_id": post["id"], "local_only": True}
    )
    share = citizen.post(f"/api/v1/statuses/{post['id']}/reblog")
    citizen.post(f"/api/v1/statuses/{post['id']}/favourite")
    later = office.publish("Plus tard", scheduled_at=in_a_week(), media_ids=[office.upload(png(), "La place")["id"]])
    office.put(f"/api/v1/statuses/{post['id']}", {"status": "Autrement #Èze", "media_ids": [photo["id"], document["id"]]})
    mayor = office.me()
    nobody = parvis.anyone()
    app = nobody.post("/api/v1/apps", {"client_name": "Appli", "redirect_uris": [AWAY], "scopes": "read"})
    of = f"/api/v1/statuses/{post['id']}"
    for entity, what, value in (
        ("Status", "a status", office.get(of)),
        ("Status", "a status for nobody", nobody.get(of)),
        ("Status", "a comment", comment),
        ("Status", "a share", share),
        ("Context", "a thread", nobody.get(f"/api/v1/statuses/{post['id']}/context")),
        ("Context", "the thread of a comment", citizen.get(f"/api/v1/statuses/{comment['id']}/context")),
        ("StatusSource", "the source", office.get(f"{of}/source")),
        *(("StatusEdit", "a version", version) for version in nobody.get(f"{of}/history")),
        ("ScheduledStatus", "what is scheduled", later),
        ("MediaAttachment", "a photo", photo),
        ("MediaAttachmentMetadataContainer", "the form of a photo", photo["meta"]),
        ("MediaAttachment", "a document", document),
        ("Account", "the office", nobody.get(f"/api/v1/accounts/{mayor['id']}")),
        ("Account", "oneself", mayor),
        ("CredentialAccountSource", "what only oneself sees", mayor["source"]),
        ("Role", "one's role", mayor["role"]),
        ("Relationship", "how one stands to another", citizen.get(f"/api/v1/accounts/relationships?id[]={mayor['id']}")[0]),
        ("FamiliarFollowers", "whom one may know", citizen.get(f"/api/v1/accounts/familiar_followers?id[]={mayor['id']}")[0]),
        *(("Notification", f"a notice ({one['type']})", one) for one in office.get("/api/v1/notifications")),
        ("GroupedNotificationsResults", "notices in groups", office.get("/api/v2/notifications")),
        ("UnreadNotificationsCount", "how many are unread", office.get("/api/v1/notifications/unread_count")),
        ("NotificationPolicy", "which are held back", office.get("/api/v2/notifications/policy")),
        ("Instance", "the instance, version 1", nobody.get("/api/v1/instance")),
        ("InstanceV2", "the instance, version 2", nobody.get("/api/v2/instance")),
        ("ExtendedDescription", "its description", nobody.get("/api/v1/instance/extended_description")),
        ("SearchV2", "what was found", citizen.get("/api/v2/search?q=eze")),
        ("Tag", "a hashtag", citizen.get("/api/v1/tags/eze")),
        ("Preferences", "preferences", {k.replace(":", "_"): v for k, v in citizen.get("/api/v1/preferences").items()}),
        ("Report", "a report", citizen.post("/api/v1/reports", {"account_id": mayor["id"], "status_ids": [post["id"]], "comment": "x"})),
        ("Application", "a program", app),
        ("OAuthServerInfo", "what the server says of itself", nobody.get("/.well-known/oauth-authorization-server")),
        ("OAuthUserInfo", "who one is", Api(parvis, citizen.token).get("/oauth/userinfo")),
    ):  # fmt: skip
        see.equal(f"{entity} is whole: {what}", wrong(entity, value), [])
    marked = citizen.post("/api/v1/markers", {"home": {"last_read_id": post["id"]}})
    see.equal("Marker is whole", wrong("Marker", marked["home"]), [])


def at_the_start(see, parvis, office):
    """What Tusky, Elk, Ivory and others ask before they show anything."""
    citizen, me = parvis.api("citoyenne"), office.me()["id"]
    for path in (
        "v1/instance", "v2/instance", "v1/instance/", "v1/custom_emojis", "v1/announcements", "v1/announcements?with_dismissed=true",
        "v1/preferences", "v1/filters", "v2/filters", "v1/lists", "v1/markers?timeline[]=home&timeline[]=notifications", "v1/markers",
        "v1/follow_requests", "v1/followed_tags", "v1/featured_tags", "v1/bookmarks", "v1/favourites", "v1/mutes", "v1/blocks",
        "v1/domain_blocks", "v1/conversations", "v1/endorsements", "v1/suggestions", "v2/suggestions", "v1/directory",
        "v1/trends", "v1/trends/tags", "v1/trends/statuses", "v1/trends/links", "v1/scheduled_statuses",
        "v1/notifications?limit=40&exclude_types[]=poll", "v2/notifications?grouped_types[]=favourite&grouped_types[]=reblog",
        "v1/notifications/unread_count", "v2/notifications/unread_count", "v1/notifications/policy", "v2/notifications/policy",
        "v1/notifications/requests", "v1/notifications/requests/merged",
        "v1/instance/rules", "v1/instance/peers", "v1/instance/activity", "v1/instance/domain_blocks", "v1/instance/languages",
        "v1/instance/translation_languages", "v1/instance/extended_description", "v1/instance/privacy_policy",
        "v1/timelines/home?limit=20&max_id=999999999999999999", "v1/timelines/home?since_id=1", "v1/timelines/public?local=true&min_id=1",
        "v1/timelines/public?remote=true&only_media=true", "v1/timelines/tag/eze?any[]=nice&limit=5", "v1/timelines/link?url=https://example.org",
        f"v1/accounts/{me}/statuses?exclude_replies=true&only_media=true", f"v1/accounts/{me}/statuses?pinned=true",
        f"v1/accounts/{me}/statuses?exclude_reblogs=true&tagged=eze", f"v1/accounts/{me}/followers?limit=80", f"v1/accounts/{me}/following",
        f"v1/accounts/{me}/featured_tags", f"v1/accounts/{me}/endorsements", f"v1/accounts/{me}/lists", f"v1/accounts/{me}/identity_proofs",
        "v1/accounts/relationships", f"v1/accounts/relationships?id={me}", "v1/accounts/search?q=maire&resolve=true&limit=4",
        "v2/search?q=eze&type=hashtags&limit=3&resolve=true", "v1/apps/verify_credentials",
    ):  # fmt: skip
        answer = citizen.call("GET", f"/api/{path}")
        see.equal(f"200: /api/{path}", answer.status, 200)
        see(f"     in JSON: /api/{path}", answer.headers["Content-Type"].startswith("application/json"), answer.headers["Content-Type"])
    for method, path, status in (
        ("GET", "v1/statuses/1", 404), ("GET", "v1/accounts/x", 404), ("GET", "v1/lists/1", 404), ("GET", "v1/push/subscription", 404),
        ("GET", "v1/nowhere", 404), ("DELETE", "v1/instance", 405), ("POST", "v1/accounts/1/follow", 404),
        ("POST", "v1/statuses", 422), ("POST", "v1/bookmarks", 422), ("POST", "v2/media", 422), ("PUT", "v1/statuses/1", 404),
    ):  # fmt: skip
        answer = citizen.call(method, f"/api/{path}", {} if method in ("POST", "PUT") else None)
        see.equal(f"{status}: {method} /api/{path}", answer.status, status)
        see(f"     with a sentence: {method} /api/{path}", isinstance(answer.json.get("error"), str), answer.text)
    for body, kind in ((b"{", "application/json"), (b"[]", "application/json"), (b"\xff\xfe", "application/x-www-form-urlencoded"),
                       (b"--x", "multipart/form-data; boundary=x"), (b"x", "multipart/form-data")):  # fmt: skip
        answer = office.call("POST", "/api/v1/statuses", body, **{"Content-Type": kind})
        see(f"{answer.status}: {body!r} as {kind}", answer.status in (400, 422) and "error" in answer.json, answer.text)
