// Uses the site with scripts switched off, on a phone, as citizens and the town hall do.
//
//   node without_javascript.mjs < plan.json > results
//
// The plan: { base, signIn, commune, mayor, citizen, people: { name: { email, password } } }
// Each result is a line of JSON: { sentence, ok, detail }.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const plan = JSON.parse(readFileSync(0));
const see = (sentence, ok, detail) => console.log(JSON.stringify({ sentence, ok: Boolean(ok), detail }));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

/** A person at her phone, signed in. */
async function person(name) {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: "fr-FR", viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(plan.base + plan.signIn);
  const form = page.locator("form:has(input[type=password])");
  await form.locator("input[name=email]").fill(plan.people[name].email);
  await form.locator("input[type=password]").fill(plan.people[name].password);
  await press(page, form.locator("button[type=submit]").first());
  see(`${name} signs in without JavaScript`, !page.url().includes(plan.signIn), page.url());
  return page;
}

/** Presses a button and waits for the page it leads to. */
async function press(page, button) {
  await Promise.all([page.waitForEvent("domcontentloaded"), button.click()]);
}

const words = async (page) => page.locator("main").innerText();

const mayor = await person(plan.mayor), citizen = await person(plan.citizen);
const title = `Essai sans script ${process.pid}`;

// The town hall publishes.
await mayor.goto(`${plan.base}/${plan.commune}/actualites`);
const compose = mayor.locator("a[href$='/actualites/nouvelle'], a[href*='actualites/nouveau'], a[href*='actualites/redaction']").first();
await press(mayor, compose);
await mayor.locator("textarea").first().fill(`## ${title}\n\nLe **marché** se tiendra place de l'Église : 8 h - 13 h.`);
const chooser = mayor.locator("input[type=file]").first();
if (await chooser.count()) await chooser.setInputFiles([]);
await press(mayor, mayor.locator("main form button[type=submit]").filter({ hasText: /Publier/ }).first());
see("the town hall publishes", (await words(mayor)).includes(title), mayor.url());
await mayor.goto(`${plan.base}/${plan.commune}/actualites`);
const link = mayor.locator(`article:has-text("${title}") a[href*="/actualites/"]`).first();
const post = new URL(await link.getAttribute("href"), mayor.url()).href.split("#")[0];
see("the post has an address of its own", /\/actualites\/\d+/.test(post), post);

// A citizen reads, likes, comments, takes the like back.
await citizen.goto(post);
see("the citizen reads it", (await words(citizen)).includes(title));
await press(citizen, citizen.locator("main form button[type=submit]").filter({ hasText: /J.aime/ }).first());
see("she likes it and is still at the post", citizen.url().startsWith(post) || (await words(citizen)).includes(title), citizen.url());
const pressed = citizen.locator("main button[aria-pressed=true]").first();
see("the page says that she likes it", await pressed.count(), await citizen.locator("main form button").allInnerTexts());
if (await pressed.count()) await press(citizen, pressed);
see("and that she no longer does", (await citizen.locator("main button[aria-pressed=true]").count()) === 0);
await citizen.goto(post);
await citizen.locator("main textarea").first().fill("Merci pour l'information !");
await press(citizen, citizen.locator("main form:has(textarea) button[type=submit]").first());
see("her comment stands under the post", (await words(citizen)).includes("Merci pour l"), citizen.url());

// Somebody flags the post; the address for it is on the page.
await citizen.goto(post);
const flag = citizen.locator("a[href*='signaler']").first();
see("the post can be flagged", await flag.count());
if (await flag.count()) {
  await press(citizen, flag);
  see("the form asks why", (await citizen.locator("main form input[type=radio], main form select").count()) > 0);
}

// The mayor answers, then deletes the post.
await mayor.goto(post);
see("the mayor sees the comment", (await words(mayor)).includes("Merci pour l"));
const remove = mayor.locator("a[href$='/suppression'], a[href$='/supprimer']").first();
see("the mayor can delete the post", await remove.count(), await mayor.locator("main a").evaluateAll((all) => all.map((a) => a.getAttribute("href"))));
if (await remove.count()) {
  await mayor.goto(new URL(await remove.getAttribute("href"), mayor.url()).href);
  await press(mayor, mayor.locator("main form button[type=submit]").first());
  const gone = await mayor.goto(post);
  see("it answers 410 afterwards", gone.status() === 410, gone.status());
}

// The search box, the display settings and the way out.
const stranger = await (await browser.newContext({ javaScriptEnabled: false, locale: "fr-FR" })).newPage();
await stranger.goto(plan.base + "/");
await stranger.locator("input[name=q]").first().fill("saint remy de provence");
await press(stranger, stranger.locator("form:has(input[name=q]) button").first());
see("the search box finds a commune", (await words(stranger)).includes("Saint-Rémy-de-Provence"), stranger.url());
await citizen.goto(`${plan.base}/deconnexion`);
if (await citizen.locator("main form button[type=submit]").count()) {
  await press(citizen, citizen.locator("main form button[type=submit]").first());
}
await citizen.goto(`${plan.base}/compte`);
see("the citizen signs out", citizen.url().includes(plan.signIn), citizen.url());
await browser.close();
