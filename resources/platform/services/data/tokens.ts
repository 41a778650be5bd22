const STOP_WORDS = new Set(
  'a an and are at be by do does for from how i in is it my of on or the to what when where which with you your can'.split(
    ' ',
  ),
);

/** The words of a text in lower case, without the ones that say nothing and without a plural's s. */
export function toTokens(text: string): string[] {
  const words =
    text
      .slice(0, 2_000)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !STOP_WORDS.has(word)).map((word) => (/[^s]s$/.test(word) ? word.slice(0, -1) : word));
}
