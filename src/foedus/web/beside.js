// Another crisis beside the present one: the same weights, the same chance, its own codes.

import { html } from "./dom.js";
import { LEVELS, overPriors } from "./ensemble.js";
import { RULES } from "./model.js";
import { Bars } from "./parts.js";
import { DATA, crisisOf } from "./place.js";
import { councilData, setupOf, simulated } from "./setup.js";
import { fromServer } from "./served.js";
import { guesses, sent } from "./guesses.js";

const MOST_CODES = 5; // differences of codes that are shown
const LEAST_GAP = 0.1; // of a code, for the crises to differ in it

/** A menu of the other crises. */
export function besideMenu(crisis, moved) {
  const menu = html("select", { name: "beside", onchange: () => moved(menu.value) }, html("option", { value: "" }, "no other crisis"),
    ...DATA.crises.filter(({ id }) => id !== crisis.id).map(({ id, title }) => html("option", { value: id }, title)));
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
  const there = otherPlace(place);
  const other = setupOf(there);
  const { rule } = other.situation;
  const theirs = rule in RULES ? simulated(other, there.run) : await fromServer(there, rule);
  const theirAverage = theirs.average ?? overPriors(other.situation, DATA.register, DATA.defaults, other.fixed, other.options);
  const council = html("foedus-council", {});
  council.data = councilData(other, theirs.told);
  return [html("h2", {}, "Side by side"),
    html("p", {}, `Both with the same weights and the same random numbers. What was changed in the codes of ${mine.crisis.title} is changed there alone.`),
    html("div", { class: "stage even" }, column(mine.crisis, found.summary, average), column(other.crisis, theirs.summary, theirAverage)),
    html("div", { class: "stage even" }, differences(mine, other), council)];
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
    html("thead", {}, html("tr", {}, ...["Code", mine.crisis.title, other.crisis.title].map((word) => html("th", { scope: "col" }, word)))),
    html("tbody", {}, ...rows.map(({ name, here, there }) => html("tr", {}, html("th", { scope: "row" }, DATA.labels[name] ?? name),
      html("td", { class: "number" }, here.toFixed(2)), html("td", { class: "number" }, there.toFixed(2))))));
}
