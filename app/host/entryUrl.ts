/** The console's address with a one-time code. It stands in the fragment, which never travels in a request. */
export function toEntryUrl(url: string, code: string): string {
  return `${url}/#code=${code}`;
}
