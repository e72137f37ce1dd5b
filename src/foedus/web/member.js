// One member on one day of a room's council: what it wanted, what it heard, and how it votes.

import { html, percent, listed } from "./dom.js";
import { LEVELS } from "./ensemble.js";

const VOTES = { 1: "yes", 0: "abstains", "-1": "no" };

function backs(position, bars) {
  const reached = bars.filter((bar) => position >= bar).length;
  return reached ? `would back ${LEVELS[reached]}` : "would back no answer";
}

export function memberNote(data, n, id) {
  const day = data.days[n];
  const i = data.members.findIndex((m) => m.id === id);
  const [member, state] = [data.members[i], day.members[i]];
  const nameOf = (other) => data.members.find((m) => m.id === other)?.name ?? other;
  const loud = Object.entries(member.hears).filter(([, share]) => share >= 0.05).sort((a, b) => b[1] - a[1]).slice(0, 3);
  const heard = loud.length ? `Its position comes from ${listed(loud.map(([other, share]) => `${nameOf(other)} (${percent(share)})`))}, the rest is its own view.`
    : "It follows nobody.";
  const votes = member.roles.includes("in crisis") ? "It is in crisis and has no vote."
    : `Votes: ${listed(state.stances.map((stance, k) => `${LEVELS[k + 1]} ${VOTES[stance]}`))}.`;
  return html("section", { class: "card", "aria-label": member.name, role: "status" }, html("h2", {}, `${member.name}, ${day.date}`),
    html("p", {}, `By its own view it ${backs(state.private, day.bars)}. After the talk it ${backs(state.position, day.bars)}. ${votes}`),
    html("p", { class: "small" }, heard));
}
