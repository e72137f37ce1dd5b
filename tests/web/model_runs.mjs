// Runs the model in JavaScript on situations, codes and draws given as JSON lines on standard input,
// one crisis a line, and writes what each run gave, one crisis a line.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { run } = await import(pathToFileURL(process.argv[2]).href);
const of = (value, r) => (Array.isArray(value) ? (value.length === 1 ? value[0] : value[r]) : value);
const ofAll = (values, r) => Object.fromEntries(Object.entries(values).map(([k, v]) => [k, of(v, r)]));

for await (const line of createInterface({ input: process.stdin })) {
  const { situation, p, n, codes, chance, traced } = JSON.parse(line);
  situation.pools = situation.pools.map((pool) => pool ?? Infinity);
  situation.alliancePool ??= Infinity;
  const found = [];
  for (let r = 0; r < n; r++) {
    const standing = Object.fromEntries(
      Object.entries(codes.standing).map(([name, rows]) => [name, rows.map((row) => of(row, r))]));
    const noise = { ...chance, crisis: chance.crisis[r], members: chance.members.map((row) => row[r]),
      intensity: chance.intensity.map((row) => row[r]), convening: chance.convening[r],
      size: chance.size[r], arrival: chance.arrival[r], shares: chance.shares.map((row) => row[r]),
      doubt: chance.doubt ? chance.doubt[r] : null };
    const { level, dayDecided, dayEnded, ending, troops, days } =
      run(situation, { crisis: ofAll(codes.crisis, r), standing }, ofAll(p, r), noise, traced);
    found.push({ level, dayDecided, dayEnded, ending, troops, days });
  }
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
