// Reads a calendar file with ical.js, which is nobody's of ours, and prints what is in it as JSON: each event with
// its dates between two days, as a calendar program would show them.
//
//   node read.mjs FILE FROM TO
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const [file, from, to] = process.argv.slice(2);
const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);

const [first, last] = [from, to].map((day) => ICAL.Time.fromDateString(day));
const instant = (time) => time.isDate ? time.toString() : time.toJSDate().toISOString();
const components = calendar.getAllSubcomponents("vevent");
const changed = components.filter((one) => one.hasProperty("recurrence-id"));
const events = components.filter((one) => !one.hasProperty("recurrence-id")).map((one) => {
  const event = new ICAL.Event(one);
  for (const other of changed) {
    if (other.getFirstPropertyValue("uid") === event.uid) event.relateException(new ICAL.Event(other));
  }
  const dates = [];
  const add = (details) => dates.push({
    start: instant(details.startDate), end: instant(details.endDate), local: details.startDate.toString(),
    status: details.item.component.getFirstPropertyValue("status"),
  });
  if (event.isRecurring()) {
    const next = event.iterator();
    for (let time = next.next(); time && time.compare(last) < 0 && dates.length < 500; time = next.next()) {
      if (time.compare(first) >= 0) add(event.getOccurrenceDetails(time));
    }
  } else {
    add({ startDate: event.startDate, endDate: event.endDate, item: event });
  }
  const value = (name) => one.getFirstPropertyValue(name);
  return {
    uid: event.uid, summary: event.summary, description: event.description, location: event.location,
    sequence: event.sequence, status: value("status"), url: value("url"), geo: value("geo"),
    stamped: value("dtstamp")?.toString(), dates,
  };
});
const zones = calendar.getAllSubcomponents("vtimezone").map((zone) => zone.getFirstPropertyValue("tzid"));
console.log(JSON.stringify({ name: calendar.getFirstPropertyValue("x-wr-calname"), zones, events }));
