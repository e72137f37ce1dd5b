// A picture that moves, as an element of its own: what <foedus-council> and <foedus-timeline> share.
// Its data come as its `data` property, or as JSON in a <script type="application/json"> inside it.

import { html } from "./dom.js";

export class MovingPicture extends HTMLElement {
  #timer = 0;

  constructor(style) {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.sizes = new ResizeObserver(([entry]) => this.fit(entry.contentRect.width));
  }

  connectedCallback() {
    const inside = this.querySelector('script[type="application/json"]');
    if (!this.data && inside) this.data = JSON.parse(inside.textContent);
    this.sizes.observe(this);
  }

  disconnectedCallback() {
    this.pause();
    this.sizes.disconnect();
  }

  get playing() {
    return this.#timer !== 0;
  }

  /** Take a step again and again. */
  start(step, ms) {
    this.#timer = setInterval(step, ms);
    this.button.textContent = "Pause";
  }

  pause() {
    clearInterval(this.#timer);
    this.#timer = 0;
    if (this.button) this.button.textContent = "Play";
  }

  playButton() {
    this.button = html("button", { type: "button", onclick: () => (this.playing ? this.pause() : this.play()) },
      this.playing ? "Pause" : "Play");
    return this.button;
  }

  report(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
