// Reads crises as JSON lines on standard input and writes one line for each. What is asked for: `runs`
// under given draws, `why` each member stands where it stands on the given day of each run, or `own`:
// how often each answer comes with the script's own draws.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { givenRuns, situationOf } from "./given_runs.js";

const folder = pathToFileURL(`${process.argv[2]}/`);
const { run } = await import(new URL("model.js", folder).href);
const { ensemble, overPriors, summarise, why } = await import(new URL("ensemble.js", folder).href);

const WAYS = {
  runs: (told) => givenRuns(told, run).map(({ codes, chance, ...found }) => found),
  why: (told) => givenRuns(told, run).map((lived, r) =>
    told.situation.members.map((_, i) => why(situationOf(told), told.p, lived, told.days[r], i))),
  own: (told) => {
    const found = ensemble(situationOf(told), () => told.p, told);
    return { shares: summarise(found).shares, levels: found.map(({ level }) => level) };
  },
  priors: (told) => overPriors(situationOf(told), told.register, told.p, {}, told),
};

for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(WAYS[process.argv[3]](told))}\n`);
}
