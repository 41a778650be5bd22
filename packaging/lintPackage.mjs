// Asks publint about a packed package, for scripts/packageCheck.mjs, which installs this folder's packages first.
import { readFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** @returns {Promise<string[]>} what publint has to say; hints count too */
export async function findFaults(tarball, manifest) {
  const archive = new Uint8Array(readFileSync(tarball)).buffer;
  const { messages } = await publint({ pack: { tarball: archive }, strict: true });
  return messages.map((one) => formatMessage(one, manifest));
}
