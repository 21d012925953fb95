"""Two Parvis servers, one on SQLite and one on PostgreSQL, follow and carry each other."""

from support.parvis import Parvis
from support.postgres import Postgres

BEAULIEU = "06011"


def run(world, see):
    postgres = Postgres(world)
    eze = Parvis(world, "mairie-a", "mairie-a.test")
    beaulieu = Parvis(world, "mairie-b", "mairie-b.test", database=postgres.database("b"))
    world.publish({server.host: server.port for server in (eze, beaulieu)})
    eze.claim("mireille")
    beaulieu.claim("bernard", commune=BEAULIEU)
    eze.account("citoyenne")
    beaulieu.account("voisine", commune=BEAULIEU)
    eze.start()
    beaulieu.start()
    offices = {"a": eze.api("maire-eze"), "b": beaulieu.api("maire-beaulieu-sur-mer")}
    follow_each_other(see, offices, eze, beaulieu)
    talk(see, offices, eze, beaulieu)
    carry(see, offices, eze, beaulieu)
    for server in (eze, beaulieu):
        see.equal(f"no fault in the log of {server.name}", server.complaints(), [])


def follow_each_other(see, offices, eze, beaulieu):
    for mine, handle in (("a", f"maire-beaulieu-sur-mer@{beaulieu.host}"), ("b", f"maire-eze@{eze.host}")):
        api = offices[mine]
        found = api.resolve(handle)["accounts"]
        if not see(f"{mine} finds @{handle}", found):
            continue
        account = found[0]["id"]
        api.post(f"/api/v1/accounts/{account}/follow")
        see.soon(
            f"{mine} follows @{handle}",
            lambda: api.get(f"/api/v1/accounts/relationships?id[]={account}")[0]["following"],
        )


def talk(see, offices, eze, beaulieu):
    post = offices["a"].publish("Le sentier du littoral est fermé jusqu'à mardi.")

    def arrived():
        return next((x for x in offices["b"].get("/api/v1/timelines/home") if x["uri"] == post["uri"]), None)

    see.soon("a post of a is in b's home timeline", arrived)
    there = arrived()
    offices["b"].publish("Merci, nous l'affichons aussi.", in_reply_to_id=there["id"])
    offices["b"].post(f"/api/v1/statuses/{there['id']}/favourite")
    offices["b"].post(f"/api/v1/statuses/{there['id']}/reblog")
    see.soon("b's answer is shown at a", lambda: offices["a"].find_reply(post["id"], "affichons"))
    see.soon("b's like counts at a", lambda: offices["a"].status(post["id"])["favourites_count"] == 1)
    see.soon("b's boost counts at a", lambda: offices["a"].status(post["id"])["reblogs_count"] == 1)
    offices["b"].post(f"/api/v1/statuses/{there['id']}/unfavourite")
    offices["b"].post(f"/api/v1/statuses/{there['id']}/unreblog")
    see.soon("the like is undone", lambda: offices["a"].status(post["id"])["favourites_count"] == 0)
    see.soon("the boost is undone", lambda: offices["a"].status(post["id"])["reblogs_count"] == 0)
    offices["a"].put(f"/api/v1/statuses/{post['id']}", {"status": "Le sentier est rouvert."})
    see.soon("an edit arrives", lambda: "rouvert" in (arrived() or {}).get("content", ""))
    offices["a"].delete(f"/api/v1/statuses/{post['id']}")
    see.soon("a deletion arrives", lambda: not arrived())


def carry(see, offices, eze, beaulieu):
    beaulieu.cli("commune", "carry", f"maire-eze@{eze.host}")
    see.soon(
        "b carries Èze",
        lambda: "maire-eze" in str(offices["a"].followers()) or offices["a"].me()["followers_count"] >= 2,
    )
    post = offices["a"].publish("Fête patronale samedi, place de la Nef.")

    def page():
        return beaulieu.get("/eze-06", accept="text/html").text

    see.soon("b's page of Èze shows the post", lambda: "Fête patronale" in page())
    see("with its origin", eze.host in page())
    offices["a"].put(f"/api/v1/statuses/{post['id']}", {"status": "Fête patronale dimanche."})
    see.soon("the edit follows", lambda: "dimanche" in page())
    offices["a"].delete(f"/api/v1/statuses/{post['id']}")
    see.soon("the deletion follows", lambda: "Fête patronale" not in page())
    see.equal("b speaks for no mayor of Èze", beaulieu.actor("maire-eze"), None)
