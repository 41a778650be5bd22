/** A string of PromQL that stands for exactly this text, whatever is in it. */
export function quotePromql(text: string): string {
  return `"${escapePromql(text)}"`;
}

/** What stands between the quotes. */
export function escapePromql(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** One of these texts, as the pattern of `=~`: nothing in them is a pattern. PromQL anchors it at both ends. */
export function toAlternatives(texts: readonly string[]): string {
  return quotePromql(texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'));
}
