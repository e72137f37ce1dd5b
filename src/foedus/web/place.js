// The data that the page carries, and the address after #, which holds all that is set: so Back undoes
// and a link shows the same.

export const DATA = JSON.parse(document.getElementById("foedus-data").textContent);
for (const crisis of DATA.crises) {
  crisis.situation.pools = crisis.situation.pools.map((pool) => pool ?? Infinity);
  crisis.situation.alliancePool ??= Infinity;
}
export const crisisOf = (id) => DATA.crises.find((crisis) => crisis.id === id);

export const CHOICES = ["theory", "rule", "call", "run", "beside", "pin", "day", "member"];
export const PLAIN = { theory: "", rule: "", call: "", run: "", beside: "", pin: "", day: 0, member: "", set: {} };

/** Requests that can be tried instead of history's. */
export const CALLS = { treaty: "a formal call for a force", none: "none", decides: "the government decides" };

/** What a page opens with: the story, its only crisis, or the list. */
const FIRST = DATA.story.length ? ["story"] : DATA.crises.length === 1 ? ["crisis", DATA.crises[0].id] : ["crises"];

export function placeOf(hash) {
  const [path, query = ""] = hash.replace(/^#?\/?/, "").split("?");
  const [view, id = ""] = path ? path.split("/") : FIRST;
  const place = { ...PLAIN, view, id, set: {} };
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "day") place.day = Math.max(0, Math.trunc(Number(value)) || 0);
    else if (CHOICES.includes(name)) place[name] = value;
    else if (name === "request" && value in CALLS) place.call = value; // as addresses had it; a number is the code
    else if (Number.isFinite(Number(value)) && known(name, id)) place.set[name] = Number(value);
  }
  return place;
}

function known(name, id) {
  if (name in DATA.defaults) return true;
  const crisis = crisisOf(id);
  const [state, attribute] = name.split(".");
  if (!crisis) return false;
  if (!attribute) return name in crisis.situation.crisis;
  return crisis.situation.members.includes(state) && attribute in DATA.attributes;
}

export function hashOf(place) {
  const text = queryOf(place);
  return `#/${place.view}${place.id ? `/${place.id}` : ""}${text ? `?${text}` : ""}`;
}

export function queryOf(place) {
  const query = new URLSearchParams();
  for (const name of CHOICES) if (place[name] !== PLAIN[name]) query.set(name, place[name]);
  for (const [name, value] of Object.entries(place.set)) query.set(name, String(value));
  return query.toString();
}

/** What is set, without what is only looked at or held against it. */
export const settingOf = (place) => ({ ...place, beside: "", pin: "", day: 0, member: "" });

/** Go to a place: one step for Back. The page listens and shows it. */
export function go(place) {
  pushed(place);
  dispatchEvent(new Event("popstate"));
}

export function pushed(place) {
  window.history.pushState(null, "", hashOf(place));
}

/** The same step of Back, at another place. */
export function replaced(place) {
  window.history.replaceState(null, "", hashOf(place));
}
