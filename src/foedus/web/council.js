// The council as a picture that moves: <foedus-council>.
//
// Members sit around a table at fixed places. The rings are the thresholds of the answers: the
// nearer a member's marker stands to the middle, the more its government is willing to do. The
// element takes one run as JSON (see embed.py), either as its `data` property or in a
// <script type="application/json"> inside it. The attribute `explains` says that the page explains a
// member that is chosen. Plain SVG and script, no framework, no network.

import { html, svg } from "./dom.js";
import { COUNCIL_STYLE } from "./council_style.js";
import { MovingPicture } from "./moving.js";

const WIDE = { width: 640, height: 640, x: 320, y: 306, scale: 1 };
const NARROW = { width: 440, height: 496, x: 220, y: 226, scale: 0.68 };
const NARROW_BELOW = 520; // pixels of the element's width
const RING = [158, 108, 58]; // radius of the thresholds of consult, support, deploy
const RIM = 212; // where the least willing stand
const CORE = 16; // where the most willing stand
const SEAT = 246; // where a member's name and strength stand
const REACH = 3; // log-odds beyond the outer and inner threshold that the table shows
const LEAST_TIE = 0.05; // share of a position below which a tie is not drawn
const DAY_MS = 1500;
const ANSWERS = ["none", "consult", "support", "deploy"];
const VOTE = { 1: "yes", 0: "abstains", "-1": "no" };

/** Distance from the middle at which a position stands: each ring is one threshold. */
export function radiusOf(position, bars) {
  const edges = [bars[0] - REACH, bars[0], bars[1], bars[2], bars[2] + REACH];
  const radii = [RIM, ...RING, CORE];
  const x = Math.min(Math.max(position, edges[0]), edges[4]);
  const n = Math.min(3, edges.findLastIndex((edge) => x >= edge));
  const part = (x - edges[n]) / (edges[n + 1] - edges[n] || 1);
  return radii[n] + part * (radii[n + 1] - radii[n]);
}

/** Angles of the seats: the lead state at the top, the one in crisis opposite where they differ. */
export function seating(members) {
  const lead = members.findIndex((m) => m.roles.includes("lead state"));
  const asks = members.findIndex((m) => m.roles.includes("in crisis"));
  const order = members.map((_, n) => n).filter((n) => n !== lead && n !== asks);
  if (asks >= 0 && asks !== lead) order.splice(Math.floor(order.length / 2), 0, asks);
  if (lead >= 0) order.unshift(lead);
  const angles = [];
  order.forEach((n, place) => (angles[n] = -Math.PI / 2 + (2 * Math.PI * place) / order.length));
  return angles;
}

const at = (place, angle, radius) => ({
  x: place.x + place.scale * radius * Math.cos(angle),
  y: place.y + place.scale * radius * Math.sin(angle),
});

const whole = (n) => n.toLocaleString("en");

/** The level on the table that day: the answer that stands, or what was asked for. */
export function levelOnTable(day) {
  return Math.max(day.answer, Math.min(3, Math.ceil(day.asked)));
}

const HALF_A_STEP = 0.5; // below it a government has asked for nothing

/** "aid", or "aid or a force" where the request leaves it open. */
function askedFor(asked) {
  const low = Math.max(1, Math.floor(asked));
  return ["", "talks", "aid", "a force"].slice(low, asked > low ? low + 2 : low + 1).join(" or ");
}

/** One day in a few sentences. */
export function telling(data, n) {
  const day = data.days[n];
  const before = n ? data.days[n - 1].answer : 0;
  const asker = data.members.find((m) => m.roles.includes("in crisis"));
  const sentences = [`${day.date}, day ${day.day}.`];
  sentences.push(
    day.asked >= HALF_A_STEP ? `${asker.name} asks for ${askedFor(day.asked)}.` : `${asker.name} is in crisis and has asked for nothing.`
  );
  if (!day.sat) sentences.push("The council does not sit today.");
  else if (day.answer > before) {
    const done = ["", "agrees to consult", "agrees to send aid", "agrees to deploy a force"][day.answer];
    sentences.push(`The council ${done}${day.byProcedure ? ", as its procedure asks" : ""}.`);
  } else if (day.answer) sentences.push(`The answer stands: ${ANSWERS[day.answer]}.`);
  else sentences.push("The council sits and agrees on nothing.");
  if (day.inPlace) sentences.push(`${whole(day.inPlace)} troops are in place.`);
  if (n === data.days.length - 1 && data.end) sentences.push(data.end);
  return sentences.join(" ");
}

class FoedusCouncil extends MovingPicture {
  #data = null;
  #day = 0;
  #chosen = null;
  #frame = 0;
  #radii = [];
  #place = WIDE;

  constructor() {
    super(COUNCIL_STYLE);
  }

  /** Another layout where there is little room, so that words stay large enough to read. */
  fit(width) {
    const place = width && width < NARROW_BELOW ? NARROW : WIDE;
    if (place === this.#place) return;
    this.#place = place;
    if (!this.#data) return;
    this.#build();
    this.show(this.#day, { moving: false });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
  }

  /** One run: {title, members, days, end}. Setting it keeps the day and the chosen member. */
  set data(data) {
    this.pause();
    const same = this.#data && this.#data.id === data.id;
    this.#data = data;
    if (!same) {
      this.#day = 0;
      this.#chosen = null;
    }
    this.#build();
    this.show(Math.min(this.#day, data.days.length - 1), { moving: false });
  }

  get data() {
    return this.#data;
  }

  get day() {
    return this.#day;
  }

  /** The member that is chosen, or null. */
  get chosen() {
    return this.#chosen;
  }

  get #still() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  play() {
    const { days } = this.#data;
    if (this.#day >= days.length - 1) this.show(0, { moving: false });
    this.start(() => this.#next(), DAY_MS / Number(this.speed.value));
  }

  #next() {
    if (this.#day >= this.#data.days.length - 1) this.pause();
    else this.show(this.#day + 1);
  }

  choose(id, { silent = false } = {}) {
    this.#chosen = id;
    this.#mark();
    if (!silent) this.report("foedus-member", { member: id, day: this.#day });
  }

  /** Show a day; markers move there unless the reader's system asks for stillness. */
  show(n, { moving = true } = {}) {
    const changed = n !== this.#day;
    this.#day = n;
    const day = this.#data.days[n];
    this.slider.value = n;
    this.slider.setAttribute("aria-valuetext", `day ${day.day}, ${day.date}`);
    this.output.textContent = day.date;
    this.line.textContent = telling(this.#data, n);
    this.#settle(day);
    this.#moveTo(day, moving && !this.#still);
    if (changed) this.report("foedus-day", { day: n });
  }

  #build() {
    const { members, title } = this.#data;
    const place = this.#place;
    this.angles = seating(members);
    this.svg = svg("svg", { viewBox: `0 0 ${place.width} ${place.height}`, role: "group",
      "aria-label": `The council: ${title}` });
    this.rings = RING.map((r, n) => svg("circle", { cx: place.x, cy: place.y, r: place.scale * r,
      class: `ring ${["one", "two", "three"][n]}` }));
    this.ties = svg("g");
    this.arrows = members.map((_, n) => this.#arrow(n));
    this.seats = members.map((member, n) => this.#seat(member, n));
    this.markers = members.map(() => svg("circle", { r: 8, class: "marker" }));
    this.answer = svg("text", { x: place.x, y: place.height - 8, class: "answer" });
    members.forEach((member, n) => this.#tie(member, n));
    this.svg.append(...this.rings, this.ties, ...members.map((_, n) => this.#spoke(n)),
      ...this.arrows, ...this.#ringWords(), ...this.seats, ...this.markers, this.answer);
    this.#controls();
    this.shadowRoot.replaceChildren(this.svg, this.bar, this.line, this.key);
    this.#radii = [];
  }

  /** The answers' names, one on each ring, between the seats. */
  #ringWords() {
    const n = this.angles.length;
    const between = Math.PI / 2 + (n < 2 ? 0.6 : ((n % 2 ? 2 : 1) * Math.PI) / n); // halfway between two seats
    return RING.map((r, n) => {
      const { x, y } = at(this.#place, between, r);
      const word = svg("text", { x, y: y + 5, class: "ring-word" });
      word.textContent = ANSWERS[n + 1];
      return word;
    });
  }

  #spoke(n) {
    const [a, b] = [RIM, CORE].map((radius) => at(this.#place, this.angles[n], radius));
    return svg("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, class: "spoke" });
  }

  #tie(member, n) {
    for (const [id, share] of Object.entries(member.hears)) {
      const to = this.#data.members.findIndex((m) => m.id === id);
      if (to < 0 || share < LEAST_TIE) continue;
      const [a, b] = [n, to].map((seat) => at(this.#place, this.angles[seat], SEAT - 22));
      const d = `M${a.x},${a.y} Q${this.#place.x},${this.#place.y} ${b.x},${b.y}`;
      this.ties.append(svg("path", { d, class: "tie", "data-from": member.id, "stroke-width": 1 + 7 * share }));
    }
  }

  #seat(member, n) {
    const { x, y } = at(this.#place, this.angles[n], SEAT);
    const r = (14 + 16 * Math.sqrt(member.capability)) * Math.sqrt(this.#place.scale);
    const high = Math.sin(this.angles[n]);
    const atTop = high < -0.97;
    const isAbove = !atTop && high < -0.1; // its marker stands below it: its words stand above
    const left = atTop ? x + r + 12 : x;
    const roles = member.roles.join(", ");
    const below = atTop ? (roles ? -20 : -8) : isAbove ? -r - (roles ? 25 : 10) : r + 18;
    const named = (name, dy, text) => {
      const made = svg("text", { x: left, y: y + dy, class: `${name}${atTop ? " beside" : ""}` });
      made.textContent = text;
      return made;
    };
    const seat = svg("g", {
      class: `seat ${member.roles.includes("in crisis") ? "asks" : ""} ${
        member.roles.includes("lead state") ? "lead" : ""}`,
      role: "button", tabindex: 0, "data-member": member.id,
    });
    const words = roles ? 50 : 36;
    const [wide, tall] = atTop ? [2 * r + 130, 2 * r + 12] : [120, 2 * r + words];
    const top = y - r - (isAbove ? words - 6 : 6);
    seat.append(svg("rect", { x: atTop ? x - r - 6 : x - wide / 2, y: top, width: wide, height: tall, class: "hit" }));
    if (roles) seat.append(svg("circle", { cx: x, cy: y, r: r + 4, class: "outer" }));
    seat.append(svg("circle", { cx: x, cy: y, r, class: "strength" }));
    seat.append(named("name", below, member.name), " ");
    if (roles) seat.append(named("role", below + 15, roles), " ");
    seat.vote = svg("text", { x, y: y + 4 });
    seat.line = named("troops", isAbove ? r + 16 : below + (roles ? 30 : 15), "");
    seat.append(seat.vote, " ", seat.line);
    const choose = () => this.choose(member.id);
    seat.addEventListener("click", choose);
    seat.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    });
    for (const [on, events] of [[true, ["mouseenter", "focus"]], [false, ["mouseleave", "blur"]]]) {
      for (const name of events) seat.addEventListener(name, () => this.#light(member.id, on));
    }
    return seat;
  }

  #arrow(n) {
    const asks = this.#data.members.findIndex((m) => m.roles.includes("in crisis"));
    const { x, y } = this.#place;
    const [a, b] = [n, asks < 0 ? n : asks].map((seat) => at(this.#place, this.angles[seat], SEAT));
    const half = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    const side = Math.hypot(half.x - x, half.y - y) < 1 ? 90 * this.#place.scale : 0;
    const bend = { x: half.x + (x - half.x) * 0.35 + side, y: half.y + (y - half.y) * 0.35 };
    return svg("path", { d: `M${a.x},${a.y} Q${bend.x},${bend.y} ${b.x},${b.y}`, class: "force" });
  }

  #controls() {
    const last = this.#data.days.length - 1;
    const speed = this.speed?.value ?? "1";
    this.slider = html("input", { type: "range", min: 0, max: last, step: 1, "aria-label": "Day" });
    this.slider.addEventListener("input", () => {
      this.pause();
      this.show(Number(this.slider.value));
    });
    this.output = html("output");
    const speeds = [["0.5", "slow"], ["1", "normal"], ["2", "fast"]];
    this.speed = html("select", { "aria-label": "Speed" },
      ...speeds.map(([value, word]) => html("option", { value }, word)));
    this.speed.value = speed;
    this.speed.addEventListener("change", () => {
      if (this.playing) { this.pause(); this.play(); }
    });
    this.bar = html("div", { class: "bar" }, this.playButton(),
      html("label", { class: "days" }, this.slider, this.output), this.speed);
    this.line = html("p", { role: "status" });
    this.key = html("p", { class: "key" },
      "Nearer the middle: willing to do more. A marker inside a ring would back that answer. " +
      "Large circles are strong members. Lines: whom a member hears." +
      (this.hasAttribute("explains") ? " Choose a member to see why it stands there." : ""));
  }

  #light(id, on) {
    for (const tie of this.ties.children) {
      tie.classList.toggle("on", on && tie.dataset.from === id);
    }
  }

  #mark() {
    this.seats.forEach((seat) => {
      const chosen = seat.dataset.member === this.#chosen;
      seat.classList.toggle("chosen", chosen);
      seat.setAttribute("aria-pressed", chosen);
    });
  }

  /** Votes, the answer and the troops of a day. */
  #settle(day) {
    const level = levelOnTable(day);
    const { members } = this.#data;
    const most = Math.max(1, ...day.members.map((m) => m.troops));
    day.members.forEach((state, n) => {
      const vote = day.sat && level && !members[n].roles.includes("in crisis") ? VOTE[state.stances[level - 1]] : "";
      const seat = this.seats[n];
      const abstains = vote === VOTE[0]; // too wide a word for a small circle
      const troops = state.troops ? `${whole(state.troops)} troops` : "";
      seat.vote.textContent = abstains ? "" : vote;
      seat.vote.setAttribute("class", `vote ${vote}`);
      seat.line.textContent = abstains ? vote : troops;
      seat.line.classList.toggle("abstains", abstains);
      this.markers[n].setAttribute("class", `marker ${vote}`);
      const on = state.troops > 0 && day.inPlace > 0;
      this.arrows[n].classList.toggle("on", on);
      this.arrows[n].setAttribute("stroke-width", 2 + 8 * Math.sqrt(state.troops / most));
      const said = [members[n].name, ...members[n].roles, vote, troops].filter(Boolean);
      const votes = vote ? ` The vote is on ${ANSWERS[level]}.` : "";
      seat.setAttribute("aria-label", `${said.join(", ")}.${votes} Why?`);
    });
    this.rings.forEach((ring, n) => ring.classList.toggle("stands", day.answer === n + 1));
    this.answer.textContent = `Answer: ${ANSWERS[day.answer]}`;
    this.#mark();
  }

  #moveTo(day, moving) {
    cancelAnimationFrame(this.#frame);
    const ends = day.members.map((m) => radiusOf(m.position, day.bars));
    const starts = this.#radii.length && day.day > 0 ? [...this.#radii]
      : day.members.map((m) => radiusOf(m.private, day.bars));
    const place = (radii) => {
      this.#radii = radii;
      radii.forEach((radius, n) => {
        const { x, y } = at(this.#place, this.angles[n], radius);
        this.markers[n].setAttribute("cx", x);
        this.markers[n].setAttribute("cy", y);
      });
    };
    if (!moving) { place(ends); return; }
    const took = 0.7 * DAY_MS / Number(this.speed.value);
    let begun = null;
    const step = (now) => {
      begun ??= now;
      const t = Math.min(1, (now - begun) / took);
      const eased = t * t * (3 - 2 * t);
      place(starts.map((start, n) => start + eased * (ends[n] - start)));
      if (t < 1) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }
}

if (!customElements.get("foedus-council")) customElements.define("foedus-council", FoedusCouncil);
