// Runs of the model in JavaScript under given draws: what node and Chromium both do in the tests.

const of = (value, r) => (Array.isArray(value) ? (value.length === 1 ? value[0] : value[r]) : value);
const ofAll = (values, r) => Object.fromEntries(Object.entries(values).map(([k, v]) => [k, of(v, r)]));
const ofEach = (rows, r) => rows.map((row) => of(row, r));

/** The situation with what JSON cannot hold. */
export function situationOf({ situation }) {
  const pools = situation.pools.map((pool) => pool ?? Infinity);
  return { ...situation, pools, alliancePool: situation.alliancePool ?? Infinity };
}

/** Every run of one crisis: {level, dayDecided, dayEnded, ending, troops, days}, codes and chance. */
export function givenRuns(told, run) {
  const { p, n, codes, chance, traced } = told;
  const situation = situationOf(told);
  return Array.from({ length: n }, (_, r) => {
    const standing = Object.fromEntries(Object.entries(codes.standing).map(([k, rows]) => [k, ofEach(rows, r)]));
    const coded = { crisis: ofAll(codes.crisis, r), standing };
    const noise = { crisis: chance.crisis[r], members: ofEach(chance.members, r), intensity: ofEach(chance.intensity, r),
      convening: chance.convening[r], size: chance.size[r], arrival: chance.arrival[r], shares: ofEach(chance.shares, r),
      doubt: chance.doubt ? chance.doubt[r] : null };
    const { level, dayDecided, dayEnded, ending, troops, days } = run(situation, coded, p, noise, traced);
    return { level, dayDecided, dayEnded, ending, troops, days, codes: coded, chance: noise };
  });
}
