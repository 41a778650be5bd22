// Where the keys of a provider come from: a text that never changes, a file that may, or a URL that rotates.
import type { MaybePromise } from '../stages/stage.ts';
import type { KeySet } from './verificationKey.ts';

export interface KeySource {
  /** The keys in force; null while there are none. A promise only when they have to be fetched first. */
  current(): MaybePromise<KeySet | null>;
  /** What is at hand, without asking anybody. */
  peek(): KeySet | null;
  /** For a token whose key is not in `known`: newer keys, null when there are none or it is too soon to ask again. */
  renew(known: KeySet): MaybePromise<KeySet | null>;
  /** Begins to fetch, so that the first request does not wait. */
  warm(): void;
  /** Ends what is being fetched. */
  close(): void;
  status(): KeySourceStatus;
}

export interface KeySourceStatus {
  /** `https://login.example/jwks`, or the kind of a source that is not asked over the network. */
  readonly source: string;
  /** Usable keys; 0 while none were read. */
  readonly keys: number;
  /** Keys that were read and are not used, each with its reason. */
  readonly unused: readonly string[];
  /** How old they are; null while there are none, and for those that do not age. */
  readonly ageMs: number | null;
  /** Why the last attempt to read them failed; null when it did not. */
  readonly failure: string | null;
  /** When it is worth to try again, from now. */
  readonly retryAfterMs: number;
}
