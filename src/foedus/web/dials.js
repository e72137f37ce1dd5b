// Dials: a slider for each code and parameter, and menus for theory, rule, request and run.

import { html } from "./dom.js";
import { hears } from "./ensemble.js";
import { INFLUENCE } from "./parts.js";
import { CALLS, CHOICES, DATA } from "./place.js";

export class Dials {
  constructor(crisis, moved) {
    this.crisis = crisis;
    this.moved = moved;
    this.inputs = new Map();
    const of = (kind) => Object.keys(DATA.attributes).filter((name) => DATA.attributes[name].of === kind);
    const members = crisis.situation.members;
    this.node = html("details", { class: "part dials" }, html("summary", {}, "Change something"),
      html("div", { class: "choices" },
        this.#choice("theory", "Theory", DATA.theories.map((t) => [t.name === "full" ? "" : t.name, t.title])),
        this.#choice("rule", "Council rule", [["", "the treaty's own"], ...DATA.rules.map(ruleOption)]),
        this.#choice("call", "Request", [["", "as in history"], ...Object.entries(CALLS)]),
        this.#choice("run", "Run shown", [["", "a typical one"], ...Array.from({ length: 20 }, (_, n) => [String(n), `run ${n}`])])),
      this.#dial("rho", INFLUENCE, 0, 3, 0.05),
      html("details", {}, html("summary", {}, "The crisis"), ...of("crisis").map((name) => this.#code(name))),
      ...members.map((state) => html("details", {}, html("summary", {}, crisis.names[state]),
        ...of("member").filter((name) => name !== "capability").map((name) => this.#code(name, state)))));
  }

  #choice(name, label, options) {
    const made = html("select", { name, onchange: () => this.moved({ name, value: made.value }, true) },
      ...options.map(([value, word, disabled]) => html("option", { value, disabled }, word)));
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

/** A rule that is written in Python is worked out by a server; without one it cannot be chosen. */
function ruleOption({ name, words, isPython }) {
  const isOut = isPython && !DATA.served;
  return [name, isOut ? `${words} (in Python only, not in this page)` : words, isOut];
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

export function rhoDial(place, moved) {
  const value = place.set.rho ?? DATA.defaults.rho;
  const output = html("output", {}, value.toFixed(2));
  const input = html("input", { type: "range", min: 0, max: 3, step: 0.05, value, "aria-label": INFLUENCE });
  input.addEventListener("input", () => { output.textContent = Number(input.value).toFixed(2); });
  input.addEventListener("change", () => moved({ name: "rho", value: Number(input.value) }, true));
  return html("label", { class: "dial" }, html("span", {}, INFLUENCE), input, output);
}
