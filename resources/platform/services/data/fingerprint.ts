import { createHash } from 'node:crypto';
import { CATALOGUE } from './catalogue.ts';
import { createHistory } from './demand.ts';
import { createOrderHistory } from './orders.ts';

/** What was sold over the counters is made by one law for all: a few products tell when it has changed. */
const SAMPLE = CATALOGUE.filter(({ id }) => id % 100 === 0);

let catalogue: string | undefined;
let past: string | undefined;

/** Of the products, and of `algorithm`, the name and version of what is made of them: 32 hexadecimal digits. */
export function findCatalogueFingerprint(algorithm: string): string {
  catalogue ??= toHash(JSON.stringify(CATALOGUE));
  return toHash(`${algorithm} ${catalogue}`).slice(0, 32);
}

/** Likewise of the products and of what was sold of them. */
export function findPastFingerprint(algorithm: string): string {
  past ??= toHash(JSON.stringify([createOrderHistory(), SAMPLE.map(createHistory)]));
  return findCatalogueFingerprint(`${algorithm} ${past}`);
}

function toHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
