// Reads chronicles as JSON lines on standard input and writes one line for each. What is asked for: `runs`
// under given parameters and chance, or `own`: the means over runs of the script's own draws.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { lived, yearsAfter } = await import(new URL("timeline_model.js", pathToFileURL(`${process.argv[2]}/`)).href);

const WAYS = {
  runs: ({ data, answers, since, runs }) => runs.map(({ p, yearly, unseen }) =>
    lived(data, answers, since, p, { yearly: (y, i) => yearly[y][i], unseen: (i) => unseen[i] })),
  own: ({ data, answers, since }) => yearsAfter(data, answers, since),
};

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(WAYS[process.argv[3]](JSON.parse(line)))}\n`);
}
