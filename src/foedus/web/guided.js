// The guided story: five crises in five screens, each a question, a guess, a council that decides and
// what it shows; at the end, who decides.

import { html, percent } from "./dom.js";
import { LEVELS, overPriors, rankedScore, whoDecides } from "./ensemble.js";
import { Bars, guessForm, verdict, controlFigure } from "./parts.js";
import { DATA, PLAIN, crisisOf, go, hashOf } from "./place.js";
import { CONTROL_RUNS, councilData, setupOf, simulated } from "./setup.js";
import { guesses } from "./guesses.js";

const WHO = "kazakhstan-2022"; // the crisis of the last screen
const HISTORICAL = DATA.crises.filter((crisis) => crisis.history).length;

const asCoded = (id, set = {}) => setupOf({ ...PLAIN, view: "crisis", id, set });
const averaged = (setup) => overPriors(setup.situation, DATA.register, DATA.defaults, {}, setup.options);
const most = (shares) => shares.indexOf(Math.max(...shares));

export class Story {
  constructor(place) {
    const last = DATA.story.length + 1;
    this.step = Math.min(last, Math.max(0, Math.trunc(Number(place.id)) || 0));
    const parts = this.step === 0 ? this.#opening() : this.step === last ? this.#closing() : this.#crisis(DATA.story[this.step - 1]);
    this.node = html("article", { class: "story" }, ...parts);
    document.documentElement.dataset.ready = hashOf(place);
  }

  update() {}

  close() {
    this.council?.pause();
  }

  /** All screens, the one that is shown marked. */
  #steps() {
    const screens = [...DATA.story.map(({ id }) => crisisOf(id).title), "Who decides?"];
    return html("nav", { class: "steps", "aria-label": "Screens of the story" }, html("ol", {},
      ...screens.map((title, n) => html("li", {}, html("a", { href: `#/story/${n + 1}`, title,
        "aria-label": `${n + 1}: ${title}`, "aria-current": n + 1 === this.step ? "step" : null },
        n < DATA.story.length ? String(n + 1) : "Who decides?")))));
  }

  #to(step, words) {
    return html("a", { class: "button", href: `#/story/${step}` }, words);
  }

  #opening() {
    return [html("h1", { tabindex: "-1" }, "An ally calls for help. Who answers?"),
      html("p", { class: "lead" }, "Five times between 2010 and 2022 a member of the Collective Security Treaty Organization, " +
        "the alliance around Russia, was in crisis or at war. What did its allies do?"),
      html("ol", { class: "how" },
        html("li", {}, html("strong", {}, "Guess"), " from what was known that day."),
        html("li", {}, html("strong", {}, "Watch"), " a simulated council decide: one possible history of a thousand."),
        html("li", {}, html("strong", {}, "Compare"), " your guess, the model and history. Choose a member of the council to see why it stood there.")),
      html("p", {}, this.#to(1, "Begin with the first crisis")),
      html("ol", { class: "cards" }, ...DATA.story.map(({ id }, n) => {
        const { title, question } = crisisOf(id);
        const guess = guesses.get(id);
        return html("li", {}, html("a", { href: `#/story/${n + 1}` }, html("strong", {}, title)), html("span", {}, question),
          guess ? html("span", { class: "small" }, `Your guess: ${LEVELS[most(guess)]}`) : null);
      }), html("li", {}, html("a", { href: `#/story/${DATA.story.length + 1}` }, html("strong", {}, "Who decides?")),
        html("span", {}, "How far could the lead state alone move the answer, and how far all the others?"))),
      html("p", { class: "small" }, "The people in these crises are real, and some died. A percentage here is a way to argue about reasons, not a verdict. ",
        html("a", { href: "#/crises" }, `All ${HISTORICAL} crises`))];
  }

  #crisis({ id, shows }) {
    const crisis = crisisOf(id);
    const stage = html("div");
    const answer = (shares) => {
      guesses.set(id, shares);
      known.open = false;
      stage.replaceChildren(this.#answered(crisis, shares, shows));
      this.council.play();
    };
    const known = html("details", { open: !guesses.has(id) }, html("summary", {}, "What was known then"), html("p", { class: "known" }, crisis.summary));
    if (guesses.has(id)) stage.append(this.#answered(crisis, guesses.get(id), shows));
    else stage.append(guessForm((shares) => {
      answer(shares);
      stage.scrollIntoView({ block: "start" });
      stage.querySelector("h2").focus({ preventScroll: true });
    }));
    return [this.#steps(), html("h1", { tabindex: "-1" }, crisis.title), html("p", { class: "question" }, crisis.question), known, stage];
  }

  /** The council that decides, beside what a thousand of them do and what happened. */
  #answered(crisis, shares, shows) {
    const setup = asCoded(crisis.id);
    const { summary, told } = simulated(setup);
    const average = averaged(setup);
    const bars = new Bars();
    bars.show(summary, average, LEVELS.indexOf(crisis.history.level));
    this.council = html("foedus-council", { explains: true });
    this.council.data = councilData(setup, told);
    this.council.addEventListener("foedus-member", ({ detail }) =>
      go({ ...PLAIN, view: "crisis", id: crisis.id, set: {}, member: detail.member, day: detail.day }));
    const isLast = this.step === DATA.story.length;
    return html("div", { class: "stage" },
      html("section", { "aria-label": "One possible history" }, html("h2", { tabindex: "-1" }, "One possible history"), this.council),
      html("section", { "aria-label": "A thousand possible histories" }, html("h2", {}, "A thousand of them"), bars.node,
        verdict(crisis, shares, average), html("p", { class: "shows" }, shows),
        html("p", { class: "actions" }, this.#to(this.step + 1, isLast ? "Who decides?" : "Next crisis"),
          html("a", { class: "button plain", href: `#/crisis/${crisis.id}` }, "Change this crisis"))));
  }

  #closing() {
    return [this.#steps(), html("h1", { tabindex: "-1" }, "Who decides?"),
      html("p", { class: "lead" }, "The lead state's influence moves few answers. What it moves is control."), this.#control(), this.#guessed(),
      html("p", { class: "shows" }, "Five crises prove nothing: a model that fits five may still be wrong. "),
      html("p", { class: "actions" }, html("a", { class: "button", href: "#/crises" }, `Test it on all ${HISTORICAL} crises`),
        crisisOf(WHO) ? html("a", { class: "button plain", href: `#/crisis/${WHO}` }, "Change something yourself") : null)];
  }

  #control() {
    if (!crisisOf(WHO)) return null;
    const figures = [0, 1].map((rho) => {
      const { situation, p, options } = asCoded(WHO, { rho });
      return html("section", {}, html("h2", {}, rho ? "With Russia's influence" : "Without Russia's influence"),
        controlFigure(whoDecides(situation, p, { ...options, n: CONTROL_RUNS }), "Russia"));
    });
    return html("div", {}, html("p", {}, `Take ${crisisOf(WHO).title}, once as if no member listened to Russia, and once as coded. ` +
      "How far could Russia's own interests move the chance of a force, and how far those of all the others?"),
    html("div", { class: "stage even" }, ...figures));
  }

  /** The reader's guesses beside the model and history. */
  #guessed() {
    const rows = DATA.story.filter(({ id }) => guesses.has(id)).map(({ id }) => {
      const crisis = crisisOf(id);
      const [yours, models] = [guesses.get(id), averaged(asCoded(id))];
      return { crisis, yours, models, level: LEVELS.indexOf(crisis.history.level) };
    });
    if (!rows.length) return null;
    const cell = (shares) => `${LEVELS[most(shares)]} (${percent(Math.max(...shares))})`;
    const mean = (of) => (rows.reduce((t, row) => t + rankedScore(of(row), row.level), 0) / rows.length).toFixed(2);
    return html("section", { class: "part" }, html("h2", {}, "You, the model and history"), html("table", { class: "guessed" },
      html("thead", {}, html("tr", {}, ...["Crisis", "You", "The model", "History"].map((word) => html("th", { scope: "col" }, word)))),
      html("tbody", {}, ...rows.map(({ crisis, yours, models }) => html("tr", {}, html("th", { scope: "row" }, crisis.title),
        html("td", {}, cell(yours)), html("td", {}, cell(models)), html("td", {}, crisis.history.level))))),
    html("p", { class: "small" }, `Mean error (ranked probability score, 0 is perfect): yours ${mean((row) => row.yours)}, the model's ` +
      `${mean((row) => row.models)}, without any knowledge ${mean(() => [0.25, 0.25, 0.25, 0.25])}. ` +
      "Whoever coded these crises knew how they ended; perhaps you did too."));
  }
}
