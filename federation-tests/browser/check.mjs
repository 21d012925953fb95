// Looks at every page as people do: phone and desktop, light and dark, in a real browser.
//
//   node check.mjs < plan.json > results
//
// The plan: { base, out, ca?, paths: [{ path, name, as?, budget?, status? }], people: { name: { email, password } } }
// Each result is a line of JSON: { sentence, ok, detail }. Screenshots go to the folder `out`.
import { mkdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { AxeBuilder } from "@axe-core/playwright";

const plan = JSON.parse(readFileSync(0));
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const PHONE = { width: 390, height: 844 }, DESKTOP = { width: 1280, height: 900 };
mkdirSync(plan.out, { recursive: true });

const see = (sentence, ok, detail) => console.log(JSON.stringify({ sentence, ok: Boolean(ok), detail }));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

/** A fresh browser profile, signed in as one of the plan's people when asked. */
async function visitor(options, as) {
  const context = await browser.newContext({ locale: "fr-FR", ignoreHTTPSErrors: true, reducedMotion: "reduce", ...options });
  if (as) {
    const page = await context.newPage();
    await page.goto(plan.base + plan.signIn);
    const form = page.locator("form:has(input[type=password])");
    await form.locator("input[type=email], input[name=email], input[name=name], input[name=login]").first().fill(plan.people[as].email);
    await form.locator("input[type=password]").fill(plan.people[as].password);
    await Promise.all([page.waitForLoadState("load"), form.locator("button[type=submit], button:not([type])").first().click()]);
    await page.waitForURL((url) => !url.pathname.startsWith(plan.signIn), { timeout: 10_000 }).catch(() => {});
    see(`${as} signs in ${options.javaScriptEnabled === false ? "without JavaScript" : ""}`.trim(), !page.url().includes(plan.signIn), page.url());
    await page.close();
  }
  return context;
}

/** What one page says of itself in one size and one colour scheme. */
async function look(context, { path, name, status = 200, budget }, label) {
  const page = await context.newPage();
  const faults = [], foreign = [];
  let weight = 0;
  page.on("console", (message) => message.type() === "error" && !expected(message, status) && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(plan.base) && !request.url().startsWith("data:")) foreign.push(request.url());
  });
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  wire.on("Network.loadingFinished", (event) => { weight += event.encodedDataLength; });
  const answer = await page.goto(plan.base + path, { waitUntil: "networkidle" });
  const where = `${path} (${label})`;
  see(`${where} answers ${status}`, answer.status() === status, answer.status());
  see(`${where} has one h1`, (await page.locator("h1").count()) === 1, await page.locator("h1").allTextContents());
  const keys = await rawKeys(page);
  see(`${where} shows no raw word key`, keys.length === 0, keys);
  const axe = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  see(`${where} has no axe violation`, axe.violations.length === 0, axe.violations.map(short));
  for (const width of label.startsWith("phone") ? [390, 320] : [1280]) {
    await page.setViewportSize({ width, height: 800 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    see(`${where} does not scroll sideways at ${width}`, over <= 0, over);
  }
  see(`${where} loads nothing from elsewhere`, foreign.length === 0, foreign);
  see(`${where} logs no error`, faults.length === 0, faults);
  if (budget) see(`${where} weighs at most ${budget} bytes`, weight <= budget, weight);
  await page.setViewportSize(label.startsWith("phone") ? PHONE : DESKTOP);
  await page.screenshot({ path: `${plan.out}/${name}-${label.replace(" ", "-")}.png`, fullPage: true });
  await page.close();
}

/** The same page for somebody who reads English: once, on a phone, where words that are too long show. */
async function english(context, { path, name, status = 200 }) {
  const page = await context.newPage();
  const answer = await page.goto(plan.base + path, { waitUntil: "networkidle" });
  const where = `${path} (English)`;
  see(`${where} answers ${status}`, answer.status() === status, answer.status());
  const language = await page.evaluate(() => document.documentElement.lang);
  see(`${where} is in English`, language === "en", language);
  const keys = await rawKeys(page);
  see(`${where} shows no raw word key`, keys.length === 0, keys);
  const french = await frenchWords(page);
  see(`${where} has no French button or title`, french.length === 0, french);
  const axe = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  see(`${where} has no axe violation`, axe.violations.length === 0, axe.violations.map(short));
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  see(`${where} does not scroll sideways`, over <= 0, over);
  await page.screenshot({ path: `${plan.out}/${name}-english.png`, fullPage: true });
  await page.close();
}

/** Buttons and labels that are the program's own and still in French. */
const frenchWords = (page) => page.evaluate(() => {
  const telling = /(^|\s)(le|la|les|des|du|une|votre|vos|avec|pour|dans|sur|est|sont)(\s|$)/i;
  return [...document.querySelectorAll("button, label, legend, th, .aide")]
    .filter((element) => !element.closest("[lang=fr]:not(html)"))
    // What stands in quotation marks are the words of people.
    .map((element) => element.textContent.replace(/[“«][^”»]*[”»]/g, "").trim())
    .filter((text) => telling.test(text));
});

/** A page that answers 404 on purpose is reported by the browser as an error. */
const expected = (message, status) => status >= 400 && message.text().includes(`status of ${status}`);
const short = (violation) => `${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")}: ${violation.nodes[0].failureSummary}`;

/** Words left untranslated look like `news-publish`, alone in their element. */
const rawKeys = (page) => page.evaluate(() => {
  const rooms = /^(account|agenda|client-api|commune|discussion|error|federation|groups|messages|news|notifications?|platform|polls|shell)-[a-z-]+$/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    if (rooms.test(text)) found.push(text);
  }
  return found;
});

/** Tab through a page: everything can be reached, each stop is seen, and there is a way out. */
async function keyboard(context, { path }) {
  const page = await context.newPage();
  await page.goto(plan.base + path, { waitUntil: "networkidle" });
  // An address within a page begins there, as it should; here the page is walked from its top.
  const [whole, fragment] = page.url().split("#");
  if (fragment) {
    await page.goto("about:blank");
    await page.goto(whole, { waitUntil: "networkidle" });
  }
  const reachable = await page.evaluate(() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }) && element.type !== "radio").length);
  const stops = new Set();
  let unseen = [], first, last;
  for (let press = 0; press < reachable + 60; press++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      window.stops ??= new Map();
      if (!window.stops.has(element)) window.stops.set(element, window.stops.size);
      // A choice or a file button that is drawn by its label is seen by it.
      const drawn = [element, ...(element.labels ?? []), element.nextElementSibling].filter(Boolean);
      const styles = drawn.flatMap((one) => [getComputedStyle(one), getComputedStyle(one, "::before")]);
      const marked = styles.some((style) =>
        (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none");
      const onScreen = drawn.some((one) => {
        const box = one.getBoundingClientRect();
        return box.width > 1 && box.bottom > 0 && box.right > 0;
      });
      return { number: window.stops.get(element), marked, onScreen,
        text: `${element.tagName} ${element.textContent.trim().slice(0, 30)}`, href: element.getAttribute("href") };
    });
    if (!stop) { if (stops.size) break; else continue; }
    first ??= stop;
    // A field for a date has several stops of its own.
    if (stop.number === last) continue;
    last = stop.number;
    if (stops.has(stop.number)) break;
    stops.add(stop.number);
    if (!stop.marked || !stop.onScreen) unseen.push(stop.text);
  }
  see(`${path} by keyboard: the first stop skips to the content`, first?.href?.startsWith("#"), first);
  see(`${path} by keyboard: all ${reachable} controls are reached`, stops.size >= reachable, stops.size);
  see(`${path} by keyboard: each stop is seen`, unseen.length === 0, unseen);
  await page.close();
}

for (const as of new Set(plan.paths.map((each) => each.as))) {
  const paths = plan.paths.filter((each) => each.as === as);
  for (const [label, options] of [
    ["phone light", { viewport: PHONE, colorScheme: "light", isMobile: false, hasTouch: true }],
    ["phone dark", { viewport: PHONE, colorScheme: "dark", hasTouch: true }],
    ["desktop light", { viewport: DESKTOP, colorScheme: "light" }],
    ["desktop dark", { viewport: DESKTOP, colorScheme: "dark" }],
  ]) {
    const context = await visitor(options, as);
    for (const each of paths) {
      await look(context, each, label).catch((error) => see(`${each.path} (${label}) can be looked at`, false, String(error)));
    }
    await context.close();
  }
  const abroad = await visitor({ viewport: PHONE, locale: "en-GB", hasTouch: true }, as);
  const choice = await abroad.newPage();
  await choice.goto(`${plan.base}/langue?vers=en&suite=%2F`);
  await choice.close();
  for (const each of paths) {
    await english(abroad, each).catch((error) => see(`${each.path} can be read in English`, false, String(error)));
  }
  await abroad.close();
  const context = await visitor({ viewport: DESKTOP }, as);
  for (const each of paths) {
    await keyboard(context, each).catch((error) => see(`${each.path} can be used by keyboard`, false, String(error)));
  }
  await context.close();
}
await browser.close();
