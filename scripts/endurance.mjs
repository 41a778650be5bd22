// How long the tests of endurance endure: `npm test` shows that they work, CI and `npm run soak` look for what only many
// repetitions find.

/** The number for this run; `GATEHOUSE_TEST_ENDURANCE` is `ci` or `soak` where it is not the usual one. */
export function repetitions({ usual, ci, soak }) {
  const asked = process.env.GATEHOUSE_TEST_ENDURANCE ?? 'usual';
  const count = { usual, ci, soak }[asked];
  if (count === undefined) throw new Error(`GATEHOUSE_TEST_ENDURANCE is "${asked}"; it may be usual, ci or soak`);
  return count;
}
