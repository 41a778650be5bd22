/** The number for this run; throws when `GATEHOUSE_TEST_ENDURANCE` names none of the three. */
export function repetitions(counts: { readonly usual: number; readonly ci: number; readonly soak: number }): number;
