// The page: a guided story of the document's crises, every crisis to change and play, and a list.
// The address after # holds all that is set, so that Back undoes and a link shows the same.

import { html, percent, listed } from "./dom.js";
import { LEVELS, ensemble, situationWith, summarise, overPriors, story, why, hears, whoDecides, rankedScore } from "./ensemble.js";
import { remembered } from "./link.js";
import { RoomPage } from "./room.js";
import { entrance } from "./entrance.js";
import { Bars, guessForm, verdict, whyPanel, controlFigure } from "./parts.js";

const RUNS = 1000;
const CONTROL_RUNS = 300;
const TYPICAL_AMONG = 50; // runs searched for one that gives the most probable answer
const SLOW_AFTER = 180; // milliseconds of rest before what is slow is computed

const DATA = JSON.parse(document.getElementById("foedus-data").textContent);
for (const crisis of DATA.crises) {
  crisis.situation.pools = crisis.situation.pools.map((pool) => pool ?? Infinity);
  crisis.situation.alliancePool ??= Infinity;
}
const crisisOf = (id) => DATA.crises.find((crisis) => crisis.id === id);

// ---- Place: what the address says -------------------------------------------------------------

const CHOICES = ["theory", "rule", "request", "run", "day", "member"];
const PLAIN = { theory: "", rule: "", request: "", run: "", day: 0, member: "", set: {} };

export function placeOf(hash) {
  const [path, query = ""] = hash.replace(/^#?\/?/, "").split("?");
  const [view = "story", id = ""] = path.split("/");
  const place = { ...PLAIN, view: view || "story", id, set: {} };
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "day") place.day = Math.max(0, Math.trunc(Number(value)) || 0);
    else if (CHOICES.includes(name)) place[name] = value;
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
  const query = new URLSearchParams();
  for (const name of CHOICES) if (place[name] !== PLAIN[name]) query.set(name, place[name]);
  for (const [name, value] of Object.entries(place.set)) query.set(name, String(value));
  const text = query.toString();
  return `#/${place.view}${place.id ? `/${place.id}` : ""}${text ? `?${text}` : ""}`;
}

/** Parameters, situation and options of a place. */
export function setupOf(place) {
  const crisis = crisisOf(place.id);
  const theory = DATA.theories.find((t) => t.name === place.theory);
  const parameters = {};
  const codes = {};
  for (const [name, value] of Object.entries(place.set)) {
    (name in DATA.defaults ? parameters : codes)[name] = value;
  }
  const fixed = { ...(theory?.parameters ?? {}), ...parameters };
  const requests = { treaty: { request: 1, asked: 3 }, none: { request: 0, asked: 0 } }[place.request] ?? {};
  const rule = place.rule || theory?.rule || "";
  return {
    crisis, fixed, p: { ...DATA.defaults, ...fixed },
    situation: situationWith(crisis.situation, { rule, codes: { ...requests, ...codes } }),
    options: { seed: DATA.seed, n: RUNS, decides: place.request === "decides" },
  };
}

const sent = new Set();
const guesses = new Map();

// ---- What a crisis gives ----------------------------------------------------------------------

function councilData(setup, told) {
  const { crisis, situation, p } = setup;
  const heard = hears(situation, p);
  const roles = situation.members.map((_, i) => [
    ...(i === situation.requester ? ["in crisis"] : []), ...(i === situation.patron ? ["lead state"] : []),
    ...(i === situation.adversary ? ["adversary"] : []),
  ]);
  const who = crisis.names[situation.members[situation.requester]];
  const end = [`The crisis of ${who} still goes on when the simulated days end.`,
    `The crisis of ${who} is over on day ${told.dayEnded}.`,
    `The government of ${who} has fallen by day ${told.dayEnded}.`][told.ending];
  return {
    id: crisis.id, title: crisis.title, end,
    members: situation.members.map((id, i) => ({ id, name: crisis.names[id], roles: roles[i],
      capability: heard.capability[i], hears: heard.shares[i] })),
    days: told.days.map((day) => ({ ...day, date: dateOf(crisis, day.day) })),
  };
}

function dateOf(crisis, day) {
  const date = new Date(`${crisis.dates.coded}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + day);
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

// ---- The crisis room --------------------------------------------------------------------------

/** The crisis room: one crisis to guess, watch, explain, change and compare. */
class Room {
  constructor(place) {
    this.crisis = crisisOf(place.id);
    this.place = place;
    this.bars = new Bars();
    this.council = html("foedus-council");
    this.why = html("section", { class: "part", "aria-label": "Why", hidden: true });
    this.who = html("section", { class: "part", "aria-label": "Who decides" });
    this.pinned = html("div", { class: "pinned", hidden: true });
    this.past = html("section", { class: "part", "aria-label": "History" });
    this.council.addEventListener("foedus-member", (event) => this.#go({ member: event.detail.member, day: event.detail.day }));
    this.council.addEventListener("foedus-day", (event) => this.#atDay(event.detail.day));
    this.node = this.#build();
    this.update(place, true);
  }

  #build() {
    const { crisis } = this;
    this.resetButton = html("button", { type: "button", onclick: () => go({ ...PLAIN, view: "crisis", id: crisis.id, set: {} }) }, "Reset");
    const pin = html("button", { type: "button", onclick: () => this.#pin() }, "Pin for comparison");
    this.dials = new Dials(crisis, (change, settled) => this.#move(change, settled));
    const guessed = guesses.get(crisis.id);
    this.answer = html("section", { class: "part answer-side", "aria-label": "How the alliance answers" });
    this.shown = html("div", {}, this.council, this.why);
    this.brief = html("p", { class: "brief" }, crisis.summary);
    if (crisis.history && !guessed && !sent.has(crisis.id)) this.#askFirst();
    else this.#reveal();
    return html("article", { class: "room" },
      html("div", { class: "head" }, html("h1", { tabindex: "-1" }, crisis.title), html("p", { class: "question" }, crisis.question),
        html("div", { class: "actions" }, this.resetButton, pin,
          html("button", { type: "button", onclick: () => save(this) }, "Download"),
          html("button", { type: "button", onclick: () => print() }, "Print"),
          DATA.served ? html("a", { href: `/report/${crisis.id}` }, "Report") : null,
          DATA.served ? html("a", { href: `#/play/${crisis.id}` }, "Take a seat") : null)),
      html("div", { class: "stage" }, html("div", {}, this.brief, this.shown), this.answer),
      html("details", { class: "part" }, html("summary", {}, "What was known then, code by code"), codesOf(crisis)),
      this.dials.node, this.who, this.past, sources(crisis));
  }

  #askFirst() {
    this.answer.replaceChildren(guessForm((shares) => {
      guesses.set(this.crisis.id, shares);
      this.#reveal();
      this.update(this.place, true);
      this.council.play();
    }), html("button", { type: "button", class: "quiet", onclick: () => {
      sent.add(this.crisis.id);
      this.#reveal();
      this.update(this.place, true);
    } }, "Skip the guess"));
    this.open = false;
    this.shown.hidden = true;
  }

  #reveal() {
    this.open = true;
    this.brief.hidden = true;
    this.shown.hidden = false;
    this.verdict = html("div");
    this.answer.replaceChildren(html("h2", {}, "A thousand runs"), this.bars.node, this.pinned, this.verdict);
  }

  close() {
    clearTimeout(this.timer);
  }

  /** Show a place of this crisis; what is slow follows after a short rest. */
  update(place, all = false) {
    const before = this.place;
    this.place = place;
    this.setup = setupOf(place);
    const same = !all && hashOf({ ...before, day: 0, member: "" }) === hashOf({ ...place, day: 0, member: "" });
    if (!same) {
      const { situation, p, options } = this.setup;
      this.summary = summarise(ensemble(situation, () => p, options));
      this.told = toldRun(this.setup, this.summary, place.run);
      this.council.data = councilData(this.setup, this.told);
      if (this.open) {
        this.bars.show(this.summary, null, this.#happened());
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.#slow(), all ? 0 : SLOW_AFTER);
      }
      this.dials.show(place);
    }
    const day = Math.min(place.day, this.told.days.length - 1);
    if (this.council.day !== day) this.council.show(day, { moving: !all });
    this.#explain(place.member, day);
    this.resetButton.disabled = hashOf(place) === hashOf({ ...PLAIN, view: "crisis", id: place.id, set: {} });
    document.documentElement.dataset.ready = hashOf(place);
  }

  #happened() {
    return this.crisis.history ? LEVELS.indexOf(this.crisis.history.level) : null;
  }

  #slow() {
    const { situation, p, fixed, options, crisis } = this.setup;
    this.average = overPriors(situation, DATA.register, DATA.defaults, fixed, options);
    this.bars.show(this.summary, this.average, this.#happened());
    const guess = guesses.get(crisis.id);
    if (guess) this.verdict.replaceChildren(verdict(crisis, guess, this.average), tally());
    const found = whoDecides(situation, p, { ...options, n: CONTROL_RUNS });
    this.who.replaceChildren(html("h2", {}, "Who decides?"), controlFigure(found, crisis.names[situation.members[situation.patron]]),
      rhoDial(this.place, (change, settled) => this.#move(change, settled)));
    this.past.replaceChildren(...history(crisis));
    document.documentElement.dataset.slow = hashOf(this.place);
  }

  #explain(state, day) {
    const i = this.setup.situation.members.indexOf(state);
    this.why.hidden = i < 0;
    if (i < 0) return;
    const found = why(this.setup.situation, this.setup.p, this.told, day, i);
    this.why.replaceChildren(whyPanel(found, this.crisis, state, dateOf(this.crisis, day), DATA.words),
      html("button", { type: "button", class: "quiet", onclick: () => this.#go({ member: "" }) }, "Close"));
    this.council.choose(state, { silent: true });
    if (this.explained !== state) {
      this.why.querySelector("h2").focus({ preventScroll: true });
      this.why.scrollIntoView({ block: "nearest" });
    }
    this.explained = state;
  }

  #atDay(day) {
    if (day === this.place.day) return;
    this.place = { ...this.place, day };
    history_.replace(this.place);
    this.#explain(this.place.member, day);
  }

  #go(change) {
    go({ ...this.place, ...change });
  }

  /** A dial moved: shown at once, one step for Back when it settles. */
  #move({ name, value }, settled) {
    const set = { ...this.place.set };
    const choice = CHOICES.includes(name);
    if (!choice && value === null) delete set[name];
    else if (!choice) set[name] = value;
    const place = { ...this.place, ...(choice ? { [name]: value } : {}), set };
    if (settled) go(place);
    else this.update(place);
  }

  #pin() {
    const kept = new Bars();
    kept.show(this.summary ?? summarise(ensemble(this.setup.situation, () => this.setup.p, this.setup.options)), this.average ?? null, null);
    const note = html("p", { class: "small" }, `Pinned: ${said(this.place)}. The same chance is used for both.`);
    this.pinned.hidden = false;
    this.pinned.replaceChildren(html("h3", {}, "Pinned"), note, kept.node,
      html("button", { type: "button", class: "quiet", onclick: () => (this.pinned.hidden = true) }, "Unpin"));
  }
}

function said(place) {
  const parts = Object.entries(place.set).map(([name, value]) => `${name} ${value}`);
  for (const name of ["theory", "rule", "request"]) if (place[name]) parts.push(`${name}: ${place[name]}`);
  return parts.length ? listed(parts) : "as coded";
}

// ---- Dials ------------------------------------------------------------------------------------

class Dials {
  constructor(crisis, moved) {
    this.crisis = crisis;
    this.moved = moved;
    this.inputs = new Map();
    const of = (kind) => Object.keys(DATA.attributes).filter((name) => DATA.attributes[name].of === kind);
    const members = crisis.situation.members;
    this.node = html("details", { class: "part dials" }, html("summary", {}, "Change something"),
      html("div", { class: "choices" },
        this.#choice("theory", "Theory", DATA.theories.map((t) => [t.name === "full" ? "" : t.name, t.title])),
        this.#choice("rule", "Council rule", [["", "the treaty's own"], ...DATA.rules.map((r) => [r.name, r.words])]),
        this.#choice("request", "Request", [["", "as in history"], ["treaty", "a formal call for a force"], ["none", "none"], ["decides", "the government decides"]]),
        this.#choice("run", "Run shown", [["", "a typical one"], ...Array.from({ length: 20 }, (_, n) => [String(n), `run ${n}`])])),
      this.#dial("rho", "Weight of the lead state's influence", 0, 3, 0.05),
      html("details", {}, html("summary", {}, "The crisis"), ...of("crisis").map((name) => this.#code(name))),
      ...members.map((state) => html("details", {}, html("summary", {}, crisis.names[state]),
        ...of("member").filter((name) => name !== "capability").map((name) => this.#code(name, state)))));
  }

  #choice(name, label, options) {
    const made = html("select", { name, onchange: () => this.moved({ name, value: made.value }, true) },
      ...options.map(([value, word]) => html("option", { value }, word)));
    this.inputs.set(name, made);
    return html("label", {}, label, made);
  }

  #code(name, state = null) {
    const { question, low, high, points } = DATA.attributes[name];
    const label = DATA.labels[name] ?? name;
    return this.#dial(state ? `${state}.${name}` : name, label, low, high, 0.05, question, points);
  }

  #dial(name, label, low, high, step, question = "", points = []) {
    const input = html("input", { type: "range", name, min: low, max: high, step });
    const output = html("output");
    const tell = () => { output.textContent = Number(input.value).toFixed(2); };
    input.addEventListener("input", () => { tell(); this.moved({ name, value: Number(input.value) }, false); });
    input.addEventListener("change", () => this.moved({ name, value: Number(input.value) }, true));
    this.inputs.set(name, Object.assign(input, { tell }));
    const help = [question, ...points.map(([value, meaning]) => `${value}: ${meaning}`)].filter(Boolean).join("; ");
    return html("label", { class: "dial", title: help }, html("span", {}, label), input, output);
  }

  show(place) {
    const { situation } = this.crisis;
    for (const [name, input] of this.inputs) {
      if (document.activeElement === input && input.type === "range") continue;
      if (CHOICES.includes(name)) { input.value = String(place[name]); continue; }
      input.value = String(place.set[name] ?? coded(situation, name) ?? DATA.defaults[name]);
      input.tell();
    }
  }
}

function coded(situation, name) {
  const [state, attribute] = name.split(".");
  if (!attribute) return situation.crisis[name]?.mode;
  const i = situation.members.indexOf(state);
  if (attribute === "dependence" && situation.indicators) {
    return hears(situation, DATA.defaults).dependence[i];
  }
  return situation.standing[attribute]?.[i]?.mode;
}

function rhoDial(place, moved) {
  const value = place.set.rho ?? DATA.defaults.rho;
  const output = html("output", {}, value.toFixed(2));
  const input = html("input", { type: "range", min: 0, max: 3, step: 0.05, value, "aria-label": "Weight of the lead state's influence" });
  input.addEventListener("input", () => { output.textContent = Number(input.value).toFixed(2); });
  input.addEventListener("change", () => moved({ name: "rho", value: Number(input.value) }, true));
  return html("label", { class: "dial" }, html("span", {}, "Weight of the lead state's influence"), input, output);
}

// ---- Facts ------------------------------------------------------------------------------------

function codesOf(crisis) {
  return html("div", {}, html("p", {}, crisis.summary), html("table", { class: "codes" },
    html("caption", { class: "unseen" }, "Codes and reasons"), html("tbody", {},
      ...Object.entries(crisis.reasons).map(([name, { value, why: reason, source }]) => html("tr", {},
        html("th", { scope: "row" }, DATA.labels[name] ?? crisis.names[name] ?? name), html("td", { class: "number" }, value),
        html("td", {}, reason, html("span", { class: "small" }, ` [${source.join(", ")}]`)))))));
}

function history(crisis) {
  if (!crisis.history) return [];
  const { level, why: reason, stances, troops } = crisis.history;
  const votes = Object.entries(stances).map(([state, stance]) => `${crisis.names[state] ?? state}: ${stance}`);
  const sizes = Object.entries(troops).map(([state, range]) => `${crisis.names[state] ?? state} ${range.map((n) => n.toLocaleString("en")).join(" to ")}`);
  return [html("details", {}, html("summary", {}, `What happened: ${level}`), html("p", {}, reason),
    votes.length ? html("p", {}, `Recorded positions: ${votes.join("; ")}.`) : null,
    sizes.length ? html("p", {}, `Troops: ${sizes.join("; ")}.`) : null)];
}

function sources(crisis) {
  return html("details", { class: "part" }, html("summary", {}, "Sources"),
    html("ul", { class: "small" }, ...Object.entries(crisis.sources).map(([key, text]) => html("li", {}, html("strong", {}, key), ` ${text}`))));
}

function tally() {
  const played = [...guesses].map(([id, shares]) => [crisisOf(id), shares]);
  const mean = (of) => played.map(([crisis, shares]) => of(crisis, shares)).reduce((t, v) => t + v, 0) / played.length;
  const yours = mean((crisis, shares) => rankedScore(shares, LEVELS.indexOf(crisis.history.level)));
  const words = played.length === 1 ? "Guess other crises to test yourself and the model." : `Over ${played.length} crises your mean error is ${yours.toFixed(2)}.`;
  return html("p", { class: "small" }, words);
}

function save(room) {
  const made = { crisis: room.crisis.id, address: location.hash, set: room.place.set, seed: DATA.seed, runs: RUNS,
    version: DATA.version, shares: room.summary?.shares, average: room.average, story: room.council.data };
  const url = URL.createObjectURL(new Blob([JSON.stringify(made, null, 1)], { type: "application/json" }));
  html("a", { href: url, download: `${room.crisis.id}.json` }).click();
  URL.revokeObjectURL(url);
}

// ---- The guided story -------------------------------------------------------------------------

class Story {
  constructor(place) {
    this.step = Math.min(DATA.story.length + 1, Math.max(0, Number(place.id) || 0));
    this.node = html("article", { class: "story" });
    if (this.step === 0) this.#opening();
    else if (this.step > DATA.story.length) this.#closing();
    else this.#crisis(DATA.story[this.step - 1]);
    document.documentElement.dataset.ready = hashOf(place);
  }

  update() {}

  #steps() {
    return html("p", { class: "small steps" }, `Step ${this.step} of ${DATA.story.length}`);
  }

  #to(step, words) {
    return html("a", { class: "button", href: `#/story/${step}` }, words);
  }

  #opening() {
    this.node.append(html("h1", { tabindex: "-1" }, "An ally calls for help. Who answers?"),
      html("p", { class: "lead" }, "Five times a member of the Collective Security Treaty Organization, the alliance around Russia, " +
        "was in crisis. Guess what the alliance did. Then watch a simulated council decide, and see why."),
      html("p", {}, this.#to(1, "Begin"), " ", html("a", { href: "#/crises" }, "All crises")));
  }

  #crisis({ id, shows }) {
    const crisis = crisisOf(id);
    const council = html("foedus-council");
    council.addEventListener("foedus-member", ({ detail }) => go({ ...PLAIN, view: "crisis", id, set: {}, member: detail.member, day: detail.day }));
    const after = html("div", { hidden: true });
    const bars = new Bars();
    const form = guessForm((shares) => {
      guesses.set(id, shares);
      const setup = setupOf({ ...PLAIN, view: "crisis", id, set: {} });
      const summary = summarise(ensemble(setup.situation, () => setup.p, setup.options));
      const average = overPriors(setup.situation, DATA.register, DATA.defaults, {}, setup.options);
      const told = toldRun(setup, summary, "");
      council.data = councilData(setup, told);
      bars.show(summary, average, LEVELS.indexOf(crisis.history.level));
      after.append(html("div", { class: "stage" }, council, html("div", {}, html("h2", {}, "A thousand runs"), bars.node, verdict(crisis, shares, average))),
        html("p", { class: "shows" }, shows), html("p", {}, html("a", { href: `#/crisis/${id}` }, "Change this crisis"), " ",
          this.#to(this.step + 1, this.step < DATA.story.length ? "Next crisis" : "Who decides?")));
      form.remove();
      after.hidden = false;
      council.play();
    });
    this.node.append(this.#steps(), html("h1", { tabindex: "-1" }, crisis.title), html("p", { class: "question" }, crisis.question),
      html("details", {}, html("summary", {}, "What was known then"), html("p", {}, crisis.summary)), form, after);
  }

  #closing() {
    const figures = ["kazakhstan-2022"].filter(crisisOf).flatMap((id) => [0, 1].map((rho) => {
      const setup = setupOf({ ...PLAIN, view: "crisis", id, set: { rho } });
      const found = whoDecides(setup.situation, setup.p, { ...setup.options, n: CONTROL_RUNS });
      return html("div", {}, html("h2", {}, rho ? "With Russia's influence" : "Without Russia's influence"), controlFigure(found, "Russia"));
    }));
    this.node.append(html("h1", { tabindex: "-1" }, "Who decides?"),
      html("p", { class: "lead" }, "The lead state's influence moves few answers. What it moves is control."),
      html("div", { class: "stage" }, ...figures),
      html("p", { class: "lead" }, "Five crises prove nothing: a model that fits five may still be wrong. "),
      html("p", {}, html("a", { class: "button", href: "#/crises" }, "Test it on other crises")));
  }
}

/** The run that is told: the one asked for, or the first that gives the most probable answer. */
function toldRun(setup, summary, wanted) {
  const told = (run) => story(setup.situation, setup.p, { ...setup.options, run });
  if (/^\d{1,6}$/.test(wanted)) return told(Number(wanted));
  const level = summary.shares.indexOf(Math.max(...summary.shares));
  for (let run = 0; run < TYPICAL_AMONG; run++) {
    const found = told(run);
    if (found.level === level) return found;
  }
  return told(0);
}

// ---- All crises -------------------------------------------------------------------------------

class List {
  constructor(place) {
    const alliances = [...new Set(DATA.crises.map((crisis) => crisis.allianceName))].sort();
    this.node = html("article", {}, html("h1", { tabindex: "-1" }, "All crises"),
      ...alliances.map((name) => html("section", { class: "part" }, html("h2", {}, name), html("ul", { class: "list" },
        ...DATA.crises.filter((crisis) => crisis.allianceName === name).map((crisis) => html("li", {},
          html("a", { href: `#/crisis/${crisis.id}` }, crisis.title), html("span", { class: "small" }, ` ${crisis.question}`)))))));
    document.documentElement.dataset.ready = hashOf(place);
  }

  update() {}
}

// ---- Routes -----------------------------------------------------------------------------------

const main = document.getElementById("main");
const history_ = {
  push: (place) => window.history.pushState(null, "", hashOf(place)),
  replace: (place) => window.history.replaceState(null, "", hashOf(place)),
};
let now = null;

export function go(place) {
  history_.push(place);
  show();
}

function show() {
  shown(placeOf(location.hash));
}

function shown(place, extras = {}) {
  if (place.view === "crisis" && now instanceof Room && now.place.id === place.id) { now.update(place); return; }
  if (place.view === "crisis" && !crisisOf(place.id)) {
    main.replaceChildren(html("p", { class: "problem", role: "alert" }, `There is no crisis "${place.id}" here. `,
      html("a", { href: "#/crises" }, "All crises")));
    now = null;
    return;
  }
  now?.close?.();
  const isRoom = DATA.served && (place.view === "play" || place.view === "class");
  now = isRoom ? roomOrEntrance(place, extras) : place.view === "crisis" ? new Room(place) : place.view === "crises" ? new List(place) : new Story(place);
  main.replaceChildren(now.node);
  document.title = `${main.querySelector("h1").textContent} · foedus`;
  main.querySelector("h1").focus({ preventScroll: true });
  scrollTo(0, 0);
  if (place.member) main.querySelector(".why h2")?.scrollIntoView({ block: "nearest" });
}

/** A page of a room on the server, where this page came from one. */
function roomOrEntrance(place, extras) {
  const about = { crises: DATA.crises, where: DATA.served.where, isOpen: DATA.served.class, go: enter };
  if (place.view === "class" && place.id && !extras.opens) return new RoomPage({ do: "enter", code: place.id, key: remembered(place.id) }, { ...about, opened });
  if (extras.opens) return new RoomPage({ do: "open", crisis: extras.opens }, { ...about, opened });
  if (extras.session) return new RoomPage({ do: "open", private: true, session: extras.session }, { ...about, opened });
  if (extras.begins) {
    return new RoomPage({ do: "open", private: true, crisis: place.id, seats: extras.begins, theory: place.theory, rule: place.rule, set: place.set }, { ...about, opened });
  }
  return { node: entrance(place.view, place, about), update() {} };
}

/** Go to a room: what is asked for stays out of the address. */
function enter({ begins, session, opens, ...place }) {
  const there = { ...PLAIN, ...place };
  history_.push(there);
  shown(there, { begins, session, opens });
}

/** Once the server has let the page in, its address is that of the room. */
function opened(code) {
  window.history.replaceState(null, "", `#/class/${code}`);
  document.documentElement.dataset.ready = location.hash;
}

addEventListener("hashchange", show);
addEventListener("popstate", show);
show();
