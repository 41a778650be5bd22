// Whether a browser could show what is behind a port, before anybody has asked it. Pure.
import type { ServiceKind } from '../../contract/index.ts';

/** Consoles and HTTP APIs of what is no web service by its kind. */
const ofStores: readonly number[] = [6333, 7474, 8080, 8081, 8123, 8222, 9001, 9200, 15_672];
/** 443 and 8443 too: their certificate is of another name, and what enters them cannot be looked at. */
const neverWeb: readonly number[] = [443, 4317, 5432, 5672, 6334, 6379, 6432, 8443, 9300];

export function isUsuallyWeb(kind: ServiceKind, port: number): boolean {
  if (neverWeb.includes(port)) return false;
  return kind === 'store' || kind === 'queue' ? ofStores.includes(port) : true;
}
