// The picture of a time line: relevance above, a ribbon a member, calls and exits on the ribbons.

import { svg } from "./dom.js";
import { GOT, SHORT_OF, answerOf, markOf, beforeOf, linesOf } from "./timeline_lines.js";

export const BROAD = { width: 1000, left: 178, right: 96, top: 34, relevance: 120, gap: 24, row: 38, band: 24, nameAbove: false };
export const BESIDE = { ...BROAD, width: 740, left: 134, right: 84 }; // the year stands at its right
export const SLIM = { width: 400, left: 4, right: 38, top: 34, relevance: 90, gap: 14, row: 50, band: 22, nameAbove: true };
const LATE = 5; // an exit in the last years is named at the right of the ribbons
const TRUST_SPAN = [250, 750]; // thousandths at which the colours end
const GONE = { leave: "left", freeze: "froze" }; // what a member does itself; stripes show the rest

function text(words, attributes) {
  const made = svg("text", attributes);
  made.textContent = words;
  return made;
}

const monthOf = (date) => Number(date.slice(0, 4)) + (Number(date.slice(5, 7)) - 0.5) / 12;

/** Places of years and rows; row -1 is the lead state's. */
export class Places {
  constructor(data, layout) {
    Object.assign(this, layout);
    [this.first, this.last] = data.years;
    this.n = this.last - this.first + 1;
    this.ribbons = this.top + this.relevance + this.gap;
    this.height = this.ribbons + (data.states.length + 1) * this.row + 22;
  }

  x(year) {
    return this.left + ((year - this.first) / this.n) * (this.width - this.left - this.right);
  }

  /** Middle of a row's ribbon. */
  y(row) {
    return this.ribbons + (row + 1) * this.row + (this.nameAbove ? this.row - this.band / 2 : this.row / 2);
  }

  level(thousandth) {
    return this.top + this.relevance * (1 - thousandth / 1000);
  }

  yearAt(x) {
    const year = this.first + Math.floor(((x - this.left) / (this.width - this.left - this.right)) * this.n);
    return Math.min(this.last, Math.max(this.first, year));
  }
}

/** The whole picture; the cursor and the veil are its last two children. */
export function timelinePicture(data, changes, at, says) {
  const lines = linesOf(data, changes);
  return svg("svg", { viewBox: `0 0 ${at.width} ${at.height}`, class: `picture ${at.nameAbove ? "narrow" : ""}`, role: "img", "aria-label": says },
    hatching(), decades(at), relevancePart(data, changes, lines, at), leadRow(data, at),
    ...lines.states.map((state, row) => ribbon(state, row, at)),
    ...data.events.filter(({ kind }) => kind in GONE).map((event) => exit(data, event, lines, at)),
    ...data.calls.map((call) => callMark(call, changes, at)), ...callWords(data, changes, at));
}

function hatching() {
  return svg("defs", {}, svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("line", { x1: 0, y1: 0, x2: 0, y2: 6, class: "stripe" })));
}

function decades(at) {
  const step = at.n > 45 ? (at.nameAbove ? 20 : 10) : at.nameAbove ? 10 : 5;
  const years = Array.from({ length: at.n }, (_, k) => at.first + k).filter((year) => year % step === 0);
  return svg("g", {}, ...years.flatMap((year) => [
    svg("line", { class: "grid", x1: at.x(year), x2: at.x(year), y1: at.top, y2: at.height - 20 }),
    text(String(year), { class: "tick", x: at.x(year), y: at.height - 4 })]));
}

function relevancePart(data, changes, lines, at) {
  const { mean, low, high } = lines.relevance;
  const before = beforeOf(data, changes);
  const end = at.x(at.last + 1) + 6;
  return svg("g", {}, text("Relevance to its members, 0 to 1", { class: "heading", x: at.left, y: 16 }),
    ...[0, 500, 1000].map((level) => svg("line", { class: "grid", x1: at.left, x2: at.x(at.last + 1), y1: at.level(level), y2: at.level(level) })),
    ...(at.nameAbove ? [] : [0, 500, 1000].map((level) => text((level / 1000).toFixed(1), { class: "side", x: at.left - 8, y: at.level(level) + 4 }))),
    svg("path", { class: "span", d: `${path(high, 0, at)}L${path(low, 0, at, true).slice(1)}Z` }),
    before && svg("path", { class: "was", d: path(data.relevance.mean.slice(lines.start), lines.start, at) }),
    before && svg("path", { class: "before", d: path(before.relevance, lines.start, at) }),
    svg("path", { class: "mean", d: path(mean, 0, at) }),
    text((mean.at(-1) / 1000).toFixed(2), { class: "now", x: end, y: at.level(mean.at(-1)) + 5 }));
}

/** A line through the ends of years. */
function path(values, start, at, back = false) {
  const points = values.map((value, k) => `${at.x(at.first + start + k + 1).toFixed(1)},${at.level(value).toFixed(1)}`);
  return `M${(back ? points.reverse() : points).join("L")}`;
}

function nameOf(words, row, at) {
  return at.nameAbove ? text(words, { class: "name", x: at.left, y: at.y(row) - at.band / 2 - 6 })
    : text(words, { class: "name", x: at.left - 10, y: at.y(row) + 5 });
}

function leadRow(data, at) {
  return svg("g", {}, nameOf(`${data.leadState} (leads)`, -1, at),
    svg("rect", { class: "cell lead", x: at.x(at.first), width: at.x(at.last + 1) - at.x(at.first), y: at.y(-1) - 3, height: 6 }));
}

function ribbon(state, row, at) {
  const made = svg("g", {}, nameOf(state.name, row, at));
  state.member.forEach((member, k) => {
    const [inside, aside] = [(at.band * member) / 1000, (at.band * state.aside[k]) / 1000];
    const [x, width] = [at.x(at.first + k), at.x(at.first + k + 1) - at.x(at.first + k)];
    const y = at.y(row) - (inside + aside) / 2;
    if (inside > 0.2) made.append(cell(state.trust[k], { x, width: width + 0.3, y, height: inside }));
    if (aside > 0.2) made.append(svg("rect", { class: "frozen", fill: "url(#hatch)", x, width, y: y + inside, height: aside }));
  });
  return made;
}

function cell(trust, place) {
  const [low, high] = TRUST_SPAN;
  const part = Math.max(-1, Math.min(1, (2 * (trust - low)) / (high - low) - 1));
  const made = svg("rect", { ...place, class: `cell ${part < 0 ? "doubts" : "hopes"}` });
  made.style.setProperty("--part", `${Math.round(100 * Math.abs(part))}%`);
  return made;
}

function exit(data, event, lines, at) {
  const made = svg("g", { class: event.year - at.first >= lines.start ? "ghost" : null });
  for (const row of event.rows.filter((n) => n >= 0)) {
    const [x, y] = [at.x(monthOf(event.date)), at.y(row)];
    if (event.kind === "leave") made.append(svg("path", { class: "gone", d: `M${x - 6},${y - 6}l12,12M${x + 6},${y - 6}l-12,12` }));
    if (!isCrowded(data, event, row, at)) made.append(exitWords(event, x, row, at));
  }
  return made;
}

/** Whether the same state goes again soon after: there is room for the later words only. */
const isCrowded = (data, event, row, at) => data.events.some((other) => other.kind in GONE && other.rows.includes(row) &&
  other.date > event.date && at.x(other.year) - at.x(event.year) < (at.nameAbove ? 70 : 100));

function exitWords(event, x, row, at) {
  const words = `${GONE[event.kind]} ${event.year}`;
  if (at.nameAbove) return text(words, { class: "told", x: Math.min(x + 4, at.width - 4), y: at.y(row) - at.band / 2 - 6, "text-anchor": x > at.width - 90 ? "end" : "start" });
  const late = event.year > at.last - LATE;
  return text(words, { class: "told", x: late ? at.x(at.last + 1) + 8 : x + 12, y: at.y(row) + 5 });
}

function callMark(call, changes, at) {
  const [x, y] = [at.x(monthOf(call.date)), at.y(call.row)];
  const kind = markOf(call, changes);
  const r = kind === "none" ? 3 : 4 + 1.6 * call.asked;
  return svg("g", { "data-call": call.id }, svg("circle", { class: `call ${kind}`, cx: x, cy: y, r }),
    Object.hasOwn(changes, call.id) && svg("circle", { class: "changed", cx: x, cy: y, r: r + 6 }));
}

/** The big calls are named on the picture where there is room. */
function callWords(data, changes, at) {
  if (at.nameAbove) return [];
  const taken = new Map();
  return data.calls.filter((call) => wordy(call, changes)).flatMap((call) => {
    const [x, y] = [Math.max(at.left + 40, at.x(monthOf(call.date))), at.y(call.row) - at.band / 2 - 3];
    if (x - (taken.get(call.row) ?? -Infinity) < 96) return [];
    taken.set(call.row, x);
    const helped = markOf(call, changes) === "kept";
    return [text((helped ? GOT : SHORT_OF)[answerOf(call, changes)], { class: `told ${helped ? "helped" : ""}`, x, y, "text-anchor": "middle" })];
  });
}

const wordy = (call, changes) => call.row >= 0 && call.asked >= 2 && markOf(call, changes) !== "none";
