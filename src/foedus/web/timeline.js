// An alliance over decades as a picture that moves: <foedus-timeline>.
//
// A ribbon is a member, a circle a call, and the line above says how relevant the alliance is to its
// members. A reader scrubs, opens a year, changes answers, and sees the later years move. The element takes
// a chronicle as JSON (see timeline_data.py), as its `data` property or in a
// <script type="application/json"> inside it. Plain SVG and script, no framework, no network.

import { html, svg } from "./dom.js";
import { MovingPicture } from "./moving.js";
import { TIMELINE_STYLE } from "./timeline_style.js";
import { DID, callOf, checked, linesOf, movesOf, sidesOf, tellingYear } from "./timeline_lines.js";
import { BESIDE, BROAD, SLIM, Places, timelinePicture } from "./timeline_picture.js";
import { yearPanel } from "./timeline_year.js";

const SLIM_BELOW = 620; // pixels of the element's width
const BESIDE_FROM = 1000;
const YEAR_MS = 420;

class FoedusTimeline extends MovingPicture {
  #data = null;
  #year = 0;
  #changes = {};
  #layout = BROAD;

  constructor() {
    super(TIMELINE_STYLE);
  }

  fit(width) {
    const layout = width && width < SLIM_BELOW ? SLIM : width < BESIDE_FROM ? BROAD : BESIDE;
    if (layout === this.#layout) return;
    this.#layout = layout;
    if (this.#data) this.#draw();
  }

  /** A chronicle. Setting it opens the year of its most telling call, with nothing changed. */
  set data(data) {
    this.#data = data;
    this.#changes = {};
    this.#year = tellingYear(data);
    this.#build();
  }

  get data() {
    return this.#data;
  }

  get year() {
    return this.#year;
  }

  /** The changed answers by call: 0 to 3, or "without". */
  get changes() {
    return this.#changes;
  }

  /** Show a year and changes; what the chronicle does not have is passed over. */
  show({ year = this.#year, changes = this.#changes } = {}) {
    const [first, last] = this.#data.years;
    this.#changes = checked(this.#data, changes);
    this.#year = Math.min(last, Math.max(first, Math.trunc(Number(year)) || tellingYear(this.#data)));
    this.#draw();
  }

  play() {
    const [first, last] = this.#data.years;
    if (this.#year >= last) this.#go(first);
    this.start(() => (this.#year >= last ? this.pause() : this.#go(this.#year + 1)), YEAR_MS);
    this.#mark();
  }

  pause() {
    super.pause();
    if (this.button) this.#mark();
  }

  // ---- building -------------------------------------------------------------------------------

  #build() {
    const [first, last] = this.#data.years;
    this.stage = html("div", { onclick: (event) => this.#clicked(event) });
    this.slider = html("input", { type: "range", min: first, max: last, step: 1, oninput: () => { this.pause(); this.#go(Number(this.slider.value)); } });
    this.output = html("output");
    const jump = (words, step) => html("button", { type: "button", onclick: () => this.#jump(step) }, words);
    this.result = html("div", { class: "result", role: "status", hidden: true });
    this.panel = html("div");
    const bar = html("div", { class: "bar" }, this.playButton(),
      html("label", {}, html("span", {}, "Year"), this.slider, this.output), jump("Call before", -1), jump("Next call", 1));
    this.frame = html("div", {}, html("div", { class: "moves" }, this.stage, key(), bar, this.result), this.panel);
    this.shadowRoot.replaceChildren(this.frame);
    this.#draw();
  }

  #draw() {
    this.at = new Places(this.#data, this.#layout);
    this.frame.className = this.#layout === BESIDE ? "beside" : "";
    this.panel.classList.toggle("is-narrow", this.#layout !== BROAD);
    this.word = svg("text", { class: "cursor-word", y: this.at.height - 4 });
    this.veil = svg("rect", { class: "veil", y: 22, height: this.at.height - 44, visibility: "hidden" });
    this.cursor = svg("rect", { class: "cursor", y: this.at.top - 6, height: this.at.height - this.at.top - 12 });
    const picture = timelinePicture(this.#data, this.#changes, this.at, this.#says());
    picture.append(this.veil, this.cursor, this.word);
    this.stage.replaceChildren(picture);
    this.#tell();
    this.#go(this.#year);
  }

  #says() {
    const { mean } = linesOf(this.#data, this.#changes).relevance;
    const changed = Object.keys(this.#changes).map((call) => this.#words(call)).join("; ");
    const change = changed && ` Changed: ${changed}.`;
    return `${this.#data.name}, ${this.#data.years.join(" to ")}. ${this.#data.finding}. Relevance at the end: ${(mean.at(-1) / 1000).toFixed(2)}.${change}`;
  }

  #words(call) {
    const { title } = callOf(this.#data, call);
    return this.#changes[call] === "without" ? `${title} never happens` : `${title}: the alliance ${DID[this.#changes[call]]}`;
  }

  #tell() {
    const calls = Object.keys(this.#changes);
    this.result.hidden = !calls.length;
    if (!calls.length) return void this.result.replaceChildren();
    const { year } = sidesOf(this.#data, this.#changes);
    const button = (words, name, onclick) => html("button", { type: "button", "aria-label": name, onclick }, words);
    this.result.replaceChildren(html("h2", {}, "What if?"),
      html("ul", { class: "changes" }, ...calls.map((call) => html("li", {}, `${this.#words(call)}. `,
        button("Undo", `Undo: ${this.#words(call)}`, () => this.#choose(call, String(callOf(this.#data, call).answer)))))),
      html("ul", {}, ...movesOf(this.#data, this.#changes).map((line) => html("li", {}, line))),
      html("p", { class: "small" }, `From ${year} on the model decides who stays. Blue: with your answers. Grey dashes: with history's answers. ` +
        `Orange dots: what happened. ${this.#data.runs.toLocaleString("en")} chronicles, the same chance in both.`),
      ...(calls.length > 1 ? [button("Back to history", null, () => this.#change({}))] : []));
  }

  // ---- moving ---------------------------------------------------------------------------------

  #go(year) {
    const moved = year !== this.#year;
    this.#year = year;
    this.slider.value = year;
    this.output.textContent = year;
    this.panel.replaceChildren(yearPanel(this.#data, year, this.#changes, (call, answer) => this.#choose(call, answer)));
    this.#mark();
    if (moved) this.#tellPage("foedus-year");
  }

  /** Put the cursor on the year; while the years play, the future is veiled. */
  #mark() {
    const { at } = this;
    const [x, end] = [at.x(this.#year), at.x(this.#year + 1)];
    this.cursor.setAttribute("x", x);
    this.cursor.setAttribute("width", end - x);
    this.word.textContent = this.#year;
    this.word.setAttribute("x", (x + end) / 2);
    this.veil.setAttribute("x", end);
    this.veil.setAttribute("width", Math.max(0, at.width - end));
    this.veil.setAttribute("visibility", this.playing ? "visible" : "hidden");
  }

  #choose(call, answer) {
    this.#change({ ...this.#changes, [call]: answer });
  }

  #change(changes) {
    this.pause();
    this.#changes = checked(this.#data, changes);
    const focused = this.shadowRoot.activeElement?.dataset ?? {};
    this.#draw();
    const again = [...this.panel.querySelectorAll("[data-key]")].find((b) => b.dataset.call === focused.call && b.dataset.key === focused.key);
    (again ?? this.slider).focus({ preventScroll: true });
    if (this.stage.getBoundingClientRect().bottom < 200) this.stage.scrollIntoView({ block: "start" });
    this.#tellPage("foedus-change");
  }

  #jump(step) {
    this.pause();
    const years = [...new Set(this.#data.calls.map((call) => call.year))];
    const next = step > 0 ? years.find((year) => year > this.#year) : years.findLast((year) => year < this.#year);
    if (next !== undefined) this.#go(next);
  }

  #clicked(event) {
    const box = this.stage.firstChild.getBoundingClientRect();
    this.pause();
    this.#go(this.at.yearAt(((event.clientX - box.left) / box.width) * this.at.width));
  }

  #tellPage(name) {
    this.report(name, { year: this.#year, changes: this.#changes });
  }
}

/** What colours and marks mean, beside a small picture of each. */
function key() {
  const mark = (...children) => svg("svg", { viewBox: "0 0 22 18", "aria-hidden": "true" }, ...children);
  const box = (kind, part) => {
    const made = svg("rect", { class: `cell ${kind}`, width: 22, height: 14, y: 2 });
    made.style.setProperty("--part", part);
    return mark(made);
  };
  const rows = [[box("hopes", "85%"), "member that expects help"], [box("doubts", "85%"), "member that expects little"],
    [mark(svg("circle", { class: "call kept", cx: 11, cy: 9, r: 7 })), "called, and got what it asked for"],
    [mark(svg("circle", { class: "call not", cx: 11, cy: 9, r: 6 })), "called, and got less"],
    [mark(svg("circle", { class: "call none", cx: 11, cy: 9, r: 3 })), "crisis without a call"],
    [mark(svg("path", { class: "gone", d: "M5,3l12,12M17,3l-12,12" })), "left"],
    [mark(...[0, 6, 12, 18].map((x) => svg("line", { class: "stripe", x1: x, y1: 16, x2: x + 6, y2: 2 }))), "frozen or suspended"]];
  return html("ul", { class: "key" }, ...rows.map(([picture, words]) => html("li", {}, picture, words)));
}

customElements.define("foedus-timeline", FoedusTimeline);
