// One crisis to guess, watch, explain, change and compare.

import { html } from "./dom.js";
import { LEVELS, overPriors, why, whoDecides } from "./ensemble.js";
import { RULES } from "./model.js";
import { Bars, guessForm, verdict, whyPanel, controlFigure } from "./parts.js";
import { CHOICES, DATA, PLAIN, crisisOf, hashOf, go, queryOf, replaced, settingOf } from "./place.js";
import { CONTROL_RUNS, RUNS, councilData, dateOf, setupOf, simulated } from "./setup.js";
import { Dials, rhoDial } from "./dials.js";
import { codesOf, history, sources } from "./facts.js";
import { fromServer } from "./served.js";
import { beside, besideMenu, pinOf, pinned } from "./beside.js";
import { guesses, sent, tally } from "./guesses.js";

const SLOW_AFTER = 180; // milliseconds of rest before what is slow is computed

/** The crisis room: one crisis to guess, watch, explain, change and compare. */
export class Room {
  constructor(place) {
    this.crisis = crisisOf(place.id);
    this.place = place;
    this.bars = new Bars();
    this.council = html("foedus-council", { explains: true });
    this.why = html("section", { class: "part", "aria-label": "Why", hidden: true });
    this.who = html("section", { class: "part", "aria-label": "Who decides" });
    this.beside = html("section", { class: "part side-by-side", "aria-label": "Side by side", hidden: true });
    this.pinned = html("section", { class: "pinned", "aria-label": "Pinned", hidden: true });
    this.past = html("section", { class: "part", "aria-label": "History" });
    this.problem = html("p", { class: "problem", role: "alert", hidden: true });
    this.council.addEventListener("foedus-member", (event) => this.#go({ member: event.detail.member, day: event.detail.day }));
    this.council.addEventListener("foedus-day", (event) => this.#atDay(event.detail.day));
    this.node = this.#build();
    this.update(place, true);
  }

  #build() {
    const { crisis } = this;
    this.resetButton = html("button", { type: "button", onclick: () => go(this.#asCoded()) }, "Reset");
    const pin = html("button", { type: "button", onclick: () => this.#go({ pin: pinOf(this.place) }) }, "Pin for comparison");
    this.links = DATA.served ? ["Report", "Take a seat"].map((words) => html("a", { class: "button plain" }, words)) : [];
    this.menu = besideMenu(crisis, (id) => this.#go({ beside: id }));
    this.dials = new Dials(crisis, (change, settled) => this.#move(change, settled));
    const guessed = guesses.get(crisis.id);
    this.answer = html("section", { class: "part answer-side", "aria-label": "How the alliance answers" });
    this.shown = html("div", {}, this.council);
    this.brief = html("p", { class: "brief" }, crisis.summary);
    if (crisis.history && !guessed && !sent.has(crisis.id)) this.#askFirst();
    else this.#reveal();
    return html("article", { class: "room" },
      html("div", { class: "head" }, html("h1", { tabindex: "-1" }, crisis.title), html("p", { class: "question" }, crisis.question),
        html("div", { class: "actions" }, this.resetButton, pin,
          html("button", { type: "button", onclick: () => save(this) }, "Download"),
          html("button", { type: "button", onclick: () => print() }, "Print"),
          ...this.links)),
      this.problem,
      html("div", { class: "stage crisis-stage" }, html("div", { class: "council-side" }, this.brief, this.shown), this.answer, this.why),
      html("p", { class: "choices" }, this.menu), this.beside,
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
    if (!all && isAlike(before, place)) {
      this.#settle(all);
      return;
    }
    this.dials.show(place);
    this.menu.querySelector("select").value = place.beside;
    const { rule } = this.setup.situation;
    if (rule in RULES) this.#take(simulated(this.setup, place.run), all);
    else fromServer(place, rule).then((found) => place === this.place && this.#take(found, all), (error) => this.#fail(error));
  }

  #take(found, all) {
    this.found = found;
    this.problem.hidden = true;
    this.council.data = councilData(this.setup, found.told);
    if (this.open) {
      this.bars.show(found.summary, null, this.#happened());
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#slow(), all ? 0 : SLOW_AFTER);
    }
    this.#settle(all);
  }

  /** What was asked for cannot be worked out: say so, and keep what is shown. */
  #fail(error) {
    this.problem.textContent = error.message;
    this.problem.hidden = false;
    this.resetButton.disabled = false;
  }

  #settle(all) {
    const { place, found } = this;
    if (!found) return;
    const day = Math.min(place.day, found.told.days.length - 1);
    if (this.council.day !== day) this.council.show(day, { moving: !all });
    this.#explain(place.member, day);
    this.resetButton.disabled = hashOf(place) === hashOf(this.#asCoded());
    this.#link();
    document.documentElement.dataset.ready = hashOf(place);
  }

  /** The crisis as coded; what is held against it stays. */
  #asCoded() {
    return { ...PLAIN, view: "crisis", id: this.crisis.id, set: {}, pin: this.place.pin };
  }

  /** The report and the role play go by what is set here. */
  #link() {
    const setting = settingOf(this.place);
    const [report, seat] = this.links;
    report?.setAttribute("href", `/report/${this.crisis.id}?${queryOf({ ...setting, run: "" })}`);
    seat?.setAttribute("href", hashOf({ ...setting, view: "play", run: "", call: setting.call === "decides" ? "" : setting.call }));
  }

  /** What is held against this crisis; what comes late for another place is not shown. */
  async #against(node, is, make) {
    const { place } = this;
    node.hidden = !is;
    if (!is) return;
    const parts = await make(place).catch((error) => [html("p", { class: "problem" }, error.message)]);
    if (isAlike(place, this.place)) node.replaceChildren(...parts);
  }

  #compare() {
    const { place } = this;
    const unpin = html("button", { type: "button", class: "quiet", onclick: () => this.#go({ pin: "" }) }, "Unpin");
    this.#against(this.pinned, place.pin, async () => [...(await pinned(place)), unpin]);
    this.#against(this.beside, crisisOf(place.beside) && place.beside !== place.id, () => beside(place, this.found, this.average));
  }

  #happened() {
    return this.crisis.history ? LEVELS.indexOf(this.crisis.history.level) : null;
  }

  #slow() {
    const { situation, fixed, options, crisis } = this.setup;
    this.average = this.found.average ?? overPriors(situation, DATA.register, DATA.defaults, fixed, options);
    this.bars.show(this.found.summary, this.average, this.#happened());
    const guess = guesses.get(crisis.id);
    if (guess) this.verdict.replaceChildren(verdict(crisis, guess, this.average), tally());
    this.who.replaceChildren(html("h2", {}, "Who decides?"), this.#whoDecides(),
      rhoDial(this.place, (change, settled) => this.#move(change, settled)));
    this.past.replaceChildren(...history(crisis));
    this.#compare();
    document.documentElement.dataset.slow = hashOf(this.place);
  }

  #whoDecides() {
    const { situation, p, options, crisis } = this.setup;
    if (!(situation.rule in RULES)) {
      return html("p", {}, `The rule "${situation.rule}" is written in Python; this figure is for the model's own rules.`);
    }
    const found = whoDecides(situation, p, { ...options, n: CONTROL_RUNS });
    return controlFigure(found, crisis.names[situation.members[situation.patron]]);
  }

  #explain(state, day) {
    const i = this.setup.situation.members.indexOf(state);
    this.why.hidden = i < 0;
    if (i < 0) return;
    const found = why(this.setup.situation, this.setup.p, this.found.told, day, i);
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
    replaced(this.place);
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
}

/** Whether two places give the same; day and member only say where one looks. */
const isAlike = (a, b) => hashOf({ ...a, day: 0, member: "" }) === hashOf({ ...b, day: 0, member: "" });

function save(room) {
  const made = { crisis: room.crisis.id, address: location.hash, set: room.place.set, seed: DATA.seed, runs: RUNS,
    version: DATA.version, shares: room.found.summary.shares, average: room.average, story: room.council.data };
  const url = URL.createObjectURL(new Blob([JSON.stringify(made, null, 1)], { type: "application/json" }));
  html("a", { href: url, download: `${room.crisis.id}.json` }).click();
  URL.revokeObjectURL(url);
}
