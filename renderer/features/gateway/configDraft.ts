// The edit of a configuration that was not applied yet: kept in this window, with what it was made from. Pure but for the
// functions at the end.
import type { GatewayConfigView } from '../../../app/contract/index.ts';

export interface DraftBase {
  /** The text that it was made from. */
  text: string;
  /** Of every replica at that time. */
  etags: string[];
  revision: string;
}

export interface ConfigDraft {
  text: string;
  base: DraftBase;
}

/** As much as a gateway takes. */
const LENGTH_LIMIT = 1024 * 1024;

export function toBase({ text, replicas, revision }: GatewayConfigView): DraftBase {
  return { text: text ?? '', etags: [...new Set(replicas.map(({ etag }) => etag))].sort(), revision };
}

/** What was typed; null once it says what is in force anyway. */
export function withText(draft: ConfigDraft | null, config: GatewayConfigView, text: string): ConfigDraft | null {
  const base = draft?.base ?? toBase(config);
  return text === base.text && isCurrent({ text, base }, config) ? null : { text, base };
}

/** Nobody has changed the configuration since the draft was begun. */
export function isCurrent({ base }: ConfigDraft, config: GatewayConfigView): boolean {
  return base.etags.join() === toBase(config).etags.join();
}

/** The same edit, to be applied to what is in force now: whoever takes this has seen the difference. */
export function rebase(draft: ConfigDraft, config: GatewayConfigView): ConfigDraft {
  return { ...draft, base: toBase(config) };
}

/** What was stored may be of another version or of another hand. */
export function parseDraft(stored: string | null): ConfigDraft | null {
  try {
    const { text, base } = JSON.parse(stored ?? 'null') as ConfigDraft;
    const texts = [text, base.text, base.revision, ...base.etags];
    return texts.every((one) => typeof one === 'string' && one.length <= LENGTH_LIMIT) ? { text, base } : null;
  } catch {
    return null;
  }
}

const keyOf = (environment: string) => `gatehouse.gateway.draft ${environment}`;

export function readDraft(environment: string): ConfigDraft | null {
  return parseDraft(sessionStorage.getItem(keyOf(environment)));
}

export function writeDraft(environment: string, draft: ConfigDraft | null): void {
  try {
    if (draft) sessionStorage.setItem(keyOf(environment), JSON.stringify(draft));
    else sessionStorage.removeItem(keyOf(environment));
  } catch {
    // A full or forbidden storage: the edit then lasts as long as the page.
  }
}
