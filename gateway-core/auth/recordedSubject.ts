import { hash } from 'node:crypto';
import type { RecordSubject } from './authSection.ts';
import type { Identity } from './identity.ts';

/**
 * A subject as the tap may keep it. A digest tells requests of one caller from those of another and names nobody to
 * who does not know the subjects already; it is no secret to who does, since they can be tried one by one.
 */
export function toRecordedSubject(identity: Identity | null, record: RecordSubject): string | null {
  if (!identity || record === 'no') return null;
  if (record === 'plain') return identity.subject;
  return hash('sha256', `${identity.provider}\n${identity.subject}`, 'hex').slice(0, 16);
}
