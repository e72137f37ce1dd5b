// The guesses that a reader has given, and how they did over all crises.

import { html } from "./dom.js";
import { LEVELS, rankedScore } from "./ensemble.js";
import { crisisOf } from "./place.js";

export const sent = new Set();
export const guesses = new Map();

export function tally() {
  const played = [...guesses].map(([id, shares]) => [crisisOf(id), shares]);
  const mean = (of) => played.map(([crisis, shares]) => of(crisis, shares)).reduce((t, v) => t + v, 0) / played.length;
  const yours = mean((crisis, shares) => rankedScore(shares, LEVELS.indexOf(crisis.history.level)));
  const words = played.length === 1 ? "Guess other crises to test yourself and the model." : `Over ${played.length} crises your mean error is ${yours.toFixed(2)}.`;
  return html("p", { class: "small" }, words);
}
