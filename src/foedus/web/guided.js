// The guided story: five crises in five screens, each a question, a guess, a council that decides.

import { html } from "./dom.js";
import { LEVELS, overPriors, whoDecides } from "./ensemble.js";
import { Bars, guessForm, verdict, controlFigure } from "./parts.js";
import { DATA, PLAIN, crisisOf, go, hashOf } from "./place.js";
import { CONTROL_RUNS, councilData, setupOf, simulated } from "./setup.js";
import { guesses } from "./guesses.js";

export class Story {
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
      const { summary, told } = simulated(setup);
      const average = overPriors(setup.situation, DATA.register, DATA.defaults, {}, setup.options);
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
