// One year of a time line in words: what happened, who called, what was answered, whom each trusts.

import { html, listed, percent } from "./dom.js";
import { HELP, DID, answerOf, markOf, wanted, linesOf, beforeOf } from "./timeline_lines.js";

const SAYS = { found: "founded the alliance", join: "joined", leave: "left", freeze: "froze its membership", suspend: "was suspended",
  return: "came back", dissolve: "The alliance was dissolved", renewal: "The term ended", protector: "found another protector" };
const SAY_MANY = { freeze: "froze their membership", suspend: "were suspended" };

const day = (date) => new Date(`${date}T12:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });

/** The panel of a year; `choose(call, key)` changes an answer, and history's key takes the change back. */
export function yearPanel(data, year, changes, choose) {
  const events = data.events.filter((event) => event.year === year);
  const calls = data.calls.filter((call) => call.year === year);
  const entries = [...events.map((event) => [event.date, eventEntry(event)]), ...calls.map((call) => [call.date, callEntry(data, call, changes, choose)])]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, entry]) => entry);
  return html("div", { class: "columns" },
    html("section", { "aria-labelledby": "year" }, html("h2", { id: "year" }, `${year}`), relevanceOf(data, year, changes),
      ...entries, entries.length ? sourcesOf(data, [...events, ...calls]) : html("p", {}, "No crisis, and nobody came or went.")),
    trustTable(data, year, changes));
}

function relevanceOf(data, year, changes) {
  const k = year - data.years[0];
  const { mean, low, high } = linesOf(data, changes).relevance;
  const share = (rows) => (rows[k] / 1000).toFixed(2);
  return html("p", { class: "small" }, `Relevance ${share(mean)} (90\u00a0% of the draws: ${share(low)} to ${share(high)}).`);
}

function eventEntry(event) {
  const many = event.states.length > 1 && SAY_MANY[event.kind];
  const who = event.states.length ? `${listed(event.states)} ${many || SAYS[event.kind]}` : SAYS[event.kind];
  return html("div", { class: "crisis" }, html("p", {}, html("strong", {}, `${day(event.date)}: ${who}.`), ` ${event.why}`), cites(event));
}

function callEntry(data, call, changes, choose) {
  const answer = answerOf(call, changes);
  const asked = call.asked ? `asked for ${HELP[wanted(call)]}` : "asked for nothing";
  const done = answer === null ? "The crisis never comes." : `The alliance ${DID[answer]}`;
  const verdict = { kept: ": as asked.", not: ": less than was asked.", none: answer === null ? "" : "." }[markOf(call, changes)];
  return html("div", { class: "crisis" }, html("h3", {}, call.title),
    html("p", {}, `${day(call.date)}: ${call.state < 0 ? data.leadState : data.states[call.row].name} ${asked}. ${done}${verdict}`),
    call.why && html("p", {}, call.why), cites(call), answerButtons(call, changes, choose));
}

function answerButtons(call, changes, choose) {
  const keys = [...HELP.map((help, k) => [String(k), help]), ["without", "no crisis"]];
  const shown = changes[call.id] ?? String(call.answer);
  return html("div", { class: "answers", role: "group", "aria-label": `What if, in ${call.title}` }, html("span", { class: "small" }, "What if the answer is"),
    ...keys.map(([key, words]) => html("button", { type: "button", "data-call": call.id, "data-key": key, "aria-pressed": String(key === shown),
      onclick: () => choose(call.id, key) }, words, noteOf(call, key))));
}

function noteOf(call, key) {
  const notes = [key === String(call.answer) && "history", call.asked > 0 && key === String(wanted(call)) && "asked"].filter(Boolean);
  return notes.length ? html("small", {}, ` (${notes.join(", ")})`) : null;
}

const cites = (entry) => html("p", { class: "small" }, `[${entry.source.join(", ")}]`);

function sourcesOf(data, entries) {
  const keys = [...new Set(entries.flatMap((entry) => entry.source))].filter((key) => Object.hasOwn(data.sources, key));
  return html("details", {}, html("summary", {}, "Sources of this year"),
    html("ul", { class: "sources" }, ...keys.map((key) => html("li", {}, html("strong", {}, key), ` ${data.sources[key]}`))));
}

function trustTable(data, year, changes) {
  const k = year - data.years[0];
  const before = beforeOf(data, changes);
  const isAfter = before !== null && k >= before.start;
  return html("table", { class: "trust" }, html("caption", {}, "Does it expect help when it calls?"),
    html("thead", {}, html("tr", {}, ...["Member", "Standing", "Trust", "0 to 1"].map((word) => html("th", { scope: "col" }, word)))),
    html("tbody", {}, ...linesOf(data, changes).states.map((state, row) => trustRow(state, k,
      isAfter ? before.states[row].trust[k - before.start] : null, isAfter))));
}

function trustRow(state, k, was, isAfter) {
  const trust = state.trust[k];
  const isMember = state.member[k] + state.aside[k] > 0;
  const reach = html("span", { class: "reach" });
  const fill = html("span", {});
  fill.style.width = `${trust / 10}%`;
  Object.assign(reach.style, { left: `${state.low[k] / 10}%`, width: `${(state.high[k] - state.low[k]) / 10}%` });
  const number = was !== null && was !== trust ? `${(trust / 1000).toFixed(2)}, not ${(was / 1000).toFixed(2)}` : (trust / 1000).toFixed(2);
  return html("tr", {}, html("th", { scope: "row" }, state.name), html("td", {}, standingOf(state, k, isAfter)),
    html("td", { class: "hope" }, isMember && html("span", { class: "track", "aria-hidden": "true" }, fill, isAfter ? null : reach)),
    html("td", { class: "number" }, isMember ? number : ""));
}

function standingOf(state, k, simulated) {
  const [member, aside] = [state.member[k], state.aside[k]];
  if (simulated) return `member in ${percent(member / 1000)}`;
  if (member) return "member";
  if (aside) return "frozen or suspended";
  return state.member.slice(0, k).some(Boolean) ? "outside, left" : "outside";
}
