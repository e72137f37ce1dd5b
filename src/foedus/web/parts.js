// Parts of the page that several views share: bars, the guess, why, and who decides.

import { html, svg, percent, signed, listed } from "./dom.js";
import { LEVELS, rankedScore } from "./ensemble.js";

const DOES = ["does nothing", "agrees to consult", "sends aid", "deploys a force"];
export const MEANS = ["no answer", "talks and statements", "aid, arms or money", "troops are sent"];

/** What the parameter rho is called. */
export const INFLUENCE = "Weight of the lead state's influence";

/** Crises for a menu, those of one alliance together. */
export function crisisOptions(crises, chosen = "") {
  const alliances = [...new Set(crises.map(({ allianceName }) => allianceName))];
  return alliances.map((label) => html("optgroup", { label }, ...crises.filter(({ allianceName }) => allianceName === label)
    .map(({ id, title }) => html("option", { value: id, selected: id === chosen }, title))));
}

/** The four answers as bars: shares of the runs, a tick for the average over uncertain weights. */
export class Bars {
  constructor() {
    this.lead = html("p", { class: "lead", role: "status" });
    this.rows = LEVELS.map((word, k) => {
      const fill = html("span", { class: "fill" });
      const tick = html("span", { class: "tick" });
      const mark = html("span", { class: "happened", hidden: true });
      const share = html("span", { class: "share" });
      const row = html("div", { class: `answer level-${k}`, role: "img" },
        html("span", { class: "word", "aria-hidden": "true" }, word),
        html("span", { class: "track", "aria-hidden": "true" }, fill, tick, mark),
        html("span", { "aria-hidden": "true", class: "share-cell" }, share));
      return { row, fill, tick, mark, share };
    });
    this.key = html("p", { class: "small" });
    this.node = html("div", { class: "bars" }, this.lead, ...this.rows.map((r) => r.row), this.key);
  }

  show(summary, average, happened = null) {
    this.lead.textContent = leading(summary);
    this.rows.forEach(({ row, fill, tick, mark, share }, k) => {
      fill.style.width = `${100 * summary.shares[k]}%`;
      tick.hidden = !average;
      if (average) tick.style.left = `${100 * average[k]}%`;
      mark.hidden = happened !== k;
      share.textContent = average ? `${percent(summary.shares[k])} (${percent(average[k])})` : percent(summary.shares[k]);
      const said = [`${LEVELS[k]}: ${percent(summary.shares[k])}`];
      if (average) said.push(`${percent(average[k])} on average over uncertain weights`);
      if (happened === k) said.push("what happened");
      row.setAttribute("aria-label", said.join(", "));
      row.dataset.share = summary.shares[k].toFixed(4);
    });
    const parts = average ? ["In brackets and as a tick: the average over weights that are not known."] : [];
    parts.push(`Standard error at most ${percent(Math.max(...summary.errors))}.`);
    if (happened !== null) parts.push("Orange: what happened.");
    if (summary.troops) {
      parts.push(`Where a force goes it has ${summary.troops.median.toLocaleString("en")} troops (median).`);
    }
    this.key.textContent = parts.join(" ");
  }
}

/** Whether two shares of the same n runs differ by more than two errors of their difference. */
export const toldApart = (p, q, n) => Math.abs(p - q) > 2 * Math.sqrt((p + q - (p - q) ** 2) / n);

/** What comes most often; no one answer where others come as often within the error. */
export function leading({ shares, nRuns }) {
  const most = shares.indexOf(Math.max(...shares));
  const asOften = shares.map((_, k) => k).filter((k) => k === most || !toldApart(shares[most], shares[k], nRuns));
  if (asOften.length === 1) return `Most often the alliance ${DOES[most]}: in ${percent(shares[most])} of the runs.`;
  const range = [...new Set([Math.min(...asOften.map((k) => shares[k])), shares[most]].map(percent))].join(" to ");
  return `No answer stands out: ${listed(asOften.map((k) => LEVELS[k]))} come about as often, each in ${range} of the runs.`;
}

/** A guess: one answer, or four numbers. `done` gets the four shares. */
export function guessForm(done, question = "What did the alliance do? Guess first.") {
  const given = LEVELS.map((word, k) => html("button", { type: "button", class: `guess level-${k}`,
    onclick: () => done(LEVELS.map((_, j) => (j === k ? 0.7 : 0.1))) },
    html("strong", {}, word), html("span", { class: "small" }, MEANS[k])));
  const numbers = LEVELS.map((word) => html("input", { type: "number", min: 0, max: 100, value: 25, "aria-label": `${word}, per cent` }));
  const told = html("p", { class: "small", role: "alert" });
  const give = () => {
    const values = numbers.map((input) => Math.max(0, Number(input.value) || 0));
    const all = values.reduce((t, v) => t + v);
    if (all > 0) done(values.map((v) => v / all));
    else told.textContent = "Give at least one answer a number above 0.";
  };
  return html("div", { class: "guessing", role: "group", "aria-label": "Your guess" },
    html("p", { class: "lead" }, question),
    html("div", { class: "guesses" }, ...given),
    html("details", {}, html("summary", {}, "Or say how sure you are, in four numbers"),
      html("div", { class: "numbers" }, ...numbers.map((input, k) => html("label", {}, LEVELS[k], input, "%"))),
      html("button", { type: "button", onclick: give }, "This is my forecast"), told));
}

/** How a guess and the model did against history. */
export function verdict(crisis, guess, shares) {
  const level = LEVELS.indexOf(crisis.history.level);
  const [yours, models, blind] = [guess, shares, [0.25, 0.25, 0.25, 0.25]].map((f) => rankedScore(f, level));
  const better = Math.abs(yours - models) < 0.005 ? "You and the model did equally well."
    : yours < models ? "Your forecast was nearer than the model's." : "The model's forecast was nearer than yours.";
  return html("div", { class: "verdict" },
    html("p", { class: "lead" }, `In history: ${crisis.history.level} (${MEANS[level]}). ${better}`),
    html("p", { class: "small" }, `Error (ranked probability score, 0 is perfect): yours ${yours.toFixed(2)}, the model's ${models.toFixed(2)}, ` +
      `without any knowledge ${blind.toFixed(2)}. One crisis proves nothing about you or the model.`));
}

/** Why a member stands where it stands: a sum, with its bars. */
export function whyPanel(found, crisis, state, date, words) {
  const rows = Object.entries(found.terms).filter(([, value]) => Math.abs(value) >= 0.005);
  rows.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  const widest = Math.max(...rows.map(([, value]) => Math.abs(value)), Math.abs(found.influence), 0.5);
  const row = (name, value, strong = false) => html("tr", strong ? { class: "total" } : {},
    html("th", { scope: "row" }, name),
    html("td", { class: "term" }, strong ? "" : html("span", { class: value < 0 ? "lowers" : "raises",
      style: `--part:${Math.abs(value) / widest}` })),
    html("td", { class: "number" }, signed(value)));
  const first = rows.slice(0, 2).map(([name]) => words[name] ?? name);
  const reached = found.bars.filter((bar) => found.position >= bar).length;
  const name = crisis.names[state];
  const moved = Math.abs(found.influence) < 0.05 ? "What the others say hardly moves it." :
    `What it hears from the others moves it ${found.influence > 0 ? "up" : "down"} by ${Math.abs(found.influence).toFixed(2)}.`;
  return html("div", { class: "why" },
    html("h2", { tabindex: "-1" }, `Why ${name} stands where it stands, ${date}`),
    html("p", {}, `${reached ? `It would back ${LEVELS[reached]}` : "It would back no answer"}. ` +
      `What counts most: ${listed(first)}. ${moved}`),
    html("table", {}, html("caption", { class: "unseen" }, "Terms of the position, in log-odds"), html("tbody", {},
      ...rows.map(([key, value]) => row(words[key] ?? key, value)),
      row("own view", found.private, true), row("what it hears", found.influence), row("position", found.position, true))),
    html("p", { class: "small" }, `Needed: consult ${signed(found.bars[0])}, support ${signed(found.bars[1])}, deploy ${signed(found.bars[2])} (log-odds).`));
}

/** Who decides: how far each group's codes move the chance of a force. */
export function controlFigure(found, leadName) {
  const rows = [[`${leadName} alone`, found.lead], ["all other members", found.others]];
  const wide = 300;
  const bar = ([name, { worst, best }], n) => {
    const [low, high] = [Math.min(worst, best), Math.max(worst, best)];
    const y = 26 + 46 * n;
    return [svg("text", { x: 0, y, class: "control-name" }, name),
      svg("line", { x1: 0, x2: wide, y1: y + 14, y2: y + 14, class: "control-track" }),
      svg("line", { x1: wide * low, x2: Math.max(wide * high, wide * low + 2), y1: y + 14, y2: y + 14, class: `control-span n${n}` }),
      svg("text", { x: wide + 8, y: y + 18, class: "control-number" }, `${percent(low)} to ${percent(high)}`)];
  };
  const [own, others] = rows.map(([, { worst, best }]) => Math.abs(best - worst));
  const says = Math.max(own, others) < 0.1 ? "Neither can bring about or stop a force here: the crisis itself decides."
    : own > 2 * others ? `${leadName} decides.` : others > 2 * own ? `The members decide, not ${leadName}.`
      : `${leadName} and the other members share the decision.`;
  return html("figure", { class: "control" }, html("p", { class: "lead" }, says),
    svg("svg", { viewBox: `0 0 ${wide + 110} 106`, role: "img",
      "aria-label": rows.map(([name, f]) => `${name}: chance of a force from ${percent(f.worst)} to ${percent(f.best)}`).join("; ") },
      ...rows.flatMap(bar)),
    html("figcaption", { class: "small" }, "Chance of a force when the four codes of the one group (alignment, stake, ties, " +
      "other wars) go from the least to the most helpful, and the rest stays as set."));
}
