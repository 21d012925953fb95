// The library behind Elk and many apps, against our API: node client.mjs BASE TOKEN
// Prints one line of JSON for each thing an app does: { sentence, ok, detail }.
import { createRestAPIClient } from "masto";

const [base, token] = process.argv.slice(2);
const masto = createRestAPIClient({ url: base, accessToken: token });
const see = (sentence, ok, detail) => console.log(JSON.stringify({ sentence, ok: Boolean(ok), detail }));

const instance = await masto.v2.instance.fetch();
see("masto.js reads the instance", instance.domain && instance.configuration.statuses.maxCharacters > 0, instance);
const me = await masto.v1.accounts.verifyCredentials();
see("masto.js knows who it is", me.acct, me);
const status = await masto.v1.statuses.create({ status: "Bonjour depuis masto.js", visibility: "public" });
see("masto.js publishes", status.content.includes("masto.js"), status);
const edited = await masto.v1.statuses.$select(status.id).update({ status: "Bonsoir depuis masto.js" });
see("masto.js edits", edited.content.includes("Bonsoir") && edited.editedAt, edited);
const history = await masto.v1.statuses.$select(status.id).history.list();
see("masto.js reads the history", history.length === 2, history);
const liked = await masto.v1.statuses.$select(status.id).favourite();
see("masto.js likes", liked.favourited && liked.favouritesCount === 1, liked);
await masto.v1.statuses.$select(status.id).unfavourite();
const pages = masto.v1.timelines.public.list({ limit: 2 }).values();
const first = await pages.next(), second = await pages.next();
see("masto.js pages the public timeline by Link headers",
  first.value.length === 2 && second.value.length >= 1 && second.value[0].id < first.value[1].id, [first.value.map((x) => x.id), second.value?.map((x) => x.id)]);
const home = await masto.v1.timelines.home.list();
see("masto.js reads home", Array.isArray(home), home);
const context = await masto.v1.statuses.$select(status.id).context.fetch();
see("masto.js reads a thread", Array.isArray(context.descendants), context);
const found = await masto.v2.search.list({ q: "masto" });
see("masto.js searches", Array.isArray(found.statuses), found);
const notifications = await masto.v1.notifications.list();
see("masto.js reads notifications", Array.isArray(notifications), notifications);
const refused = await masto.v1.statuses.$select("1").fetch().then(() => null, (error) => error);
see("masto.js understands a refusal", refused?.statusCode === 404, String(refused));
await masto.v1.statuses.$select(status.id).remove();
const gone = await masto.v1.statuses.$select(status.id).fetch().then(() => null, (error) => error);
see("masto.js deletes", gone?.statusCode === 404, String(gone));
