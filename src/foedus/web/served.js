// What a page cannot work out itself: council rules that an extension has added in Python. The server
// that the page came from simulates them; a page that stands alone says that it cannot.

import { summarise } from "./ensemble.js";
import { DATA, queryOf, settingOf } from "./place.js";

/** What a place gives, from the server: {summary, average, told}. */
export async function fromServer(place, rule) {
  if (!DATA.served) throw new Error(`This page cannot work out the council rule "${rule}": it knows no such rule, or the rule is ` +
    "written in Python. The app (foedus app) and the command line can.");
  const answer = await fetch(`/runs/${place.id}?${queryOf(settingOf(place))}`);
  if (!answer.ok) throw new Error((await answer.text()).trim());
  const { runs, average, told } = await answer.json();
  return { summary: summarise(runs), average, told };
}
