// What is held against the present crisis under the same chance: another setting of it, or another
// crisis with its own codes and the same weights.

import { html, listed } from "./dom.js";
import { LEVELS, overPriors } from "./ensemble.js";
import { RULES } from "./model.js";
import { Bars, INFLUENCE, crisisOptions } from "./parts.js";
import { CALLS, DATA, crisisOf, placeOf, queryOf, settingOf } from "./place.js";
import { councilData, setupOf, simulated } from "./setup.js";
import { fromServer } from "./served.js";
import { guesses, sent } from "./guesses.js";

const MOST_CODES = 5; // differences of codes that are shown
const LEAST_GAP = 0.1; // of a code, for the crises to differ in it

/** A menu of the other crises. */
export function besideMenu(crisis, moved) {
  const menu = html("select", { name: "beside", onchange: () => moved(menu.value) }, html("option", { value: "" }, "no other crisis"),
    ...crisisOptions(DATA.crises.filter(({ id }) => id !== crisis.id)));
  return html("label", {}, "Side by side with", menu);
}

/** The other crisis under the weights, theory, rule, request and run of this place; its codes stay as coded. */
export function otherPlace(place) {
  const set = Object.fromEntries(Object.entries(place.set).filter(([name]) => name in DATA.defaults));
  return { ...place, id: place.beside, beside: "", member: "", set };
}

/** What the section shows: bars beside bars, codes that differ, and the other council. */
export async function beside(place, found, average) {
  const mine = setupOf(place);
  const { setup: other, ...theirs } = await worked(otherPlace(place));
  const council = html("foedus-council", {});
  council.data = councilData(other, theirs.told);
  return [html("h2", {}, "Side by side"),
    html("p", {}, `Both with the same weights and the same random numbers. What was changed in the codes of ${mine.crisis.title} is changed there alone.`),
    html("div", { class: "stage even" }, column(mine.crisis, found.summary, average), column(other.crisis, theirs.summary, theirs.average)),
    html("div", { class: "stage even" }, differences(mine, other), council)];
}

/** The setting of a place as the address keeps it while another is tried. */
export const pinOf = (place) => queryOf(settingOf(place)) || "as-coded";

/** What the pinned setting gives. */
export async function pinned(place) {
  const there = placeOf(`#/crisis/${place.id}?${place.pin}`);
  const { summary, average } = await worked(there);
  const bars = new Bars();
  bars.show(summary, average);
  return [html("h3", {}, `Pinned: ${said(there)}`), html("p", { class: "small" }, "The same random numbers are used for both."), bars.node];
}

async function worked(place) {
  const setup = setupOf(place);
  const { situation, fixed, options } = setup;
  const found = situation.rule in RULES ? simulated(setup, place.run) : await fromServer(place, situation.rule);
  return { ...found, setup, average: found.average ?? overPriors(situation, DATA.register, DATA.defaults, fixed, options) };
}

/** What is set in a place, in words. */
export function said(place) {
  const parts = Object.entries(place.set).map(([name, value]) => `${calledIn(place.id, name)} ${value}`);
  for (const name of ["theory", "rule"]) if (place[name]) parts.push(`${name}: ${place[name]}`);
  if (place.call) parts.push(`request: ${CALLS[place.call] ?? place.call}`);
  return parts.length ? listed(parts) : "as coded";
}

/** A code or parameter in words: "Kazakhstan: own stake". */
function calledIn(id, name) {
  const [state, attribute] = name.split(".");
  return attribute ? `${crisisOf(id).names[state]}: ${DATA.labels[attribute]}` : DATA.labels[name] ?? (name === "rho" ? INFLUENCE : name);
}

function column(crisis, summary, average) {
  const bars = new Bars();
  const isKnown = crisis.history && (guesses.has(crisis.id) || sent.has(crisis.id));
  bars.show(summary, average, isKnown ? LEVELS.indexOf(crisis.history.level) : null);
  return html("section", {}, html("h3", {}, html("a", { href: `#/crisis/${crisis.id}` }, crisis.title)), html("p", { class: "small" }, crisis.question), bars.node);
}

/** The codes of the crisis itself that are furthest apart. */
function differences(mine, other) {
  const codes = Object.keys(DATA.attributes).filter((name) => DATA.attributes[name].of === "crisis");
  const value = ({ situation }, name) => situation.crisis[name]?.mode;
  const rows = codes.map((name) => ({ name, here: value(mine, name), there: value(other, name) }))
    .filter(({ here, there }) => Math.abs(here - there) >= LEAST_GAP)
    .sort((a, b) => Math.abs(b.here - b.there) - Math.abs(a.here - a.there)).slice(0, MOST_CODES);
  if (!rows.length) return html("p", {}, "The two crises are coded alike; only their members differ.");
  return html("table", { class: "guessed" }, html("caption", {}, "Where the two crises differ most"),
    html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "Code"),
      ...[mine, other].map(({ crisis }) => html("th", { scope: "col", class: "number" }, crisis.title)))),
    html("tbody", {}, ...rows.map(({ name, here, there }) => html("tr", {}, html("th", { scope: "row" }, DATA.labels[name] ?? name),
      html("td", { class: "number" }, here.toFixed(2)), html("td", { class: "number" }, there.toFixed(2))))));
}
