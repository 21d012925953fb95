// The civic sections by the library behind Elk: node civic.mjs BASE GROUP CITIZEN OTHER OFFICE (three tokens).
// Prints one line of JSON for each thing an app does, and one for each poll asked: { poll, votes, voters }.
import { createRestAPIClient } from "masto";

const [base, group, ...tokens] = process.argv.slice(2);
const [citizen, other, office] = tokens.map((accessToken) => createRestAPIClient({ url: base, accessToken }));
const tell = (line) => console.log(JSON.stringify(line));
const see = (sentence, ok, detail) => tell({ sentence: `masto.js ${sentence}`, ok: Boolean(ok), detail });
const refusal = (deed) => deed().then((value) => value, (error) => error.statusCode);
const same = (one, two) => JSON.stringify(one) === JSON.stringify(two);

// A letter and its answer.
const letter = await other.v1.statuses.create({ status: "@maire-eze Un lampadaire est éteint.", visibility: "direct" });
see("writes to the mayor in private", letter.visibility === "direct" && letter.mentions[0].acct === "maire-eze", letter);
const [received] = await office.v1.conversations.list({ limit: 1 });
see("reads what the town hall received", received.unread && received.lastStatus.id === letter.id, received);
see("marks it read", (await office.v1.conversations.$select(received.id).read()).unread === false);
const answer = await office.v1.statuses.create({
  status: "@citoyen Noté, merci.", inReplyToId: letter.id, visibility: "direct",
});
see("answers in the conversation", answer.inReplyToId === letter.id && answer.visibility === "direct", answer);
const [hers] = await other.v1.conversations.list();
see("reads the answer", hers.unread && hers.lastStatus.content.includes("Noté, merci"), hers);
see("marks the answer read", (await other.v1.conversations.$select(hers.id).read()).unread === false);
const context = await other.v1.statuses.$select(answer.id).context.fetch();
see("reads the thread", same(context.ancestors.map((one) => one.id), [letter.id]), context);
see("opens no letter of others", await refusal(() => citizen.v1.statuses.$select(letter.id).fetch()) === 404);
await other.v1.conversations.$select(hers.id).remove();
see("takes a conversation off the list", (await other.v1.conversations.list()).length === 0);

// An avis public, asked and answered.
const ask = (status, options, multiple) => office.v1.statuses.create({ status, poll: { options, expiresIn: 600, multiple } });
const told = (poll) => [poll.voted, poll.ownVotes, poll.votesCount, poll.options.map((choice) => choice.votesCount)];
const one = await ask("Une fontaine ici ?", ["Oui", "Non"], false);
const several = await ask("Quelles plantes ?", ["Thym", "Sauge", "Lavande"], true);
see("asks in public", one.poll.options.length === 2 && several.poll.multiple, [one.poll, several.poll]);
const list = await citizen.v1.timelines.public.list({ limit: 5 });
see("sees the polls in the public timeline", list.filter((status) => status.poll).length >= 2, list);
const vote = (by, status, choices) => by.v1.polls.$select(status.poll.id).votes.create({ choices });
see("votes once", same(told(await vote(citizen, one, [0])), [true, [0], 0, [null, null]]));
see("does not vote twice", await refusal(() => vote(citizen, one, [1])) === 422);
see("votes for several", same(told(await vote(citizen, several, [0, 1])), [true, [0, 1], 0, [null, null, null]]));
see("votes as another", same(told(await vote(other, several, [1])), [true, [1], 0, [null, null, null]]));
const again = await citizen.v1.polls.$select(several.poll.id).fetch();
see("sees her own votes and no total", same(told(again), [true, [0, 1], 0, [null, null, null]]), again);
tell({ poll: one.poll.id, votes: [1, 0], voters: null });
tell({ poll: several.poll.id, votes: [1, 2, 0], voters: 2 });

// A group.
const found = await citizen.v1.accounts.lookup({ acct: group });
see("finds the group", found.group, found);
see("joins it", (await other.v1.accounts.$select(found.id).follow()).following);
const topic = await other.v1.statuses.create({ status: `@${group} Une source\n\nElle coule encore.` });
see("opens a topic", topic.content.includes("Elle coule encore") && topic.url.includes("/sujets/"), topic);
const topics = await citizen.v1.accounts.$select(found.id).statuses.list();
see("reads the topics of the group", topics.some((status) => status.id === topic.id), topics);
const reply = await citizen.v1.statuses.create({ status: "Tant mieux !", inReplyToId: topic.id });
const thread = await other.v1.statuses.$select(topic.id).context.fetch();
see("answers a topic", thread.descendants.some((status) => status.id === reply.id), thread);
const relation = await citizen.v1.accounts.relationships.fetch({ id: [found.id] });
see("knows that she is a member", relation[0].following, relation);

// A date of the agenda.
const mayor = await citizen.v1.accounts.lookup({ acct: "maire-eze" });
const published = await citizen.v1.accounts.$select(mayor.id).statuses.list();
const date = published.find((status) => status.url.includes("/agenda/"));
see("reads a date among what the office published", date?.content.includes("Fête de la Nef"), published.map((x) => x.url));
see("shares a date", (await citizen.v1.statuses.$select(date.id).reblog()).reblog.id === date.id);
