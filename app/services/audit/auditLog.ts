// The audit log: an entry is written before an operation begins and completed when it ended, with its engine calls.
import { hostname, userInfo } from 'node:os';
import {
  type AuditDetail,
  type AuditEntry,
  type AuditOutcome,
  auditDetailSchema,
  type Cursor,
  type EngineCall,
  type Guard,
  type OperationClass,
  type Problem,
} from '../../contract/index.ts';
import { newest } from '../history/happenings.ts';
import type { History } from '../history/history.ts';
import { isAlive } from '../history/isAlive.ts';
import { orderedId } from '../history/orderedId.ts';
import { summariseInput } from './summariseInput.ts';

export interface AuditedAction {
  operation: string;
  summary: string;
  class: OperationClass;
  caller: string;
  environment: string | null;
  /** Engine and project; null for what concerns the host as a whole. */
  place: string | null;
  guard: Guard;
  unlockReason: string | null;
  input: unknown;
}

export type FinalOutcome = Exclude<AuditOutcome, 'running' | 'notFinished'>;

export interface OpenAction {
  /** Takes one call to an engine; after the end nothing is taken. */
  record(call: EngineCall): void;
  /** Only the first end counts. */
  finish(outcome: FinalOutcome, problem?: Problem): void;
}

export interface AuditPageQuery {
  /** Entries of this place and those of the host as a whole; null: all. */
  place: string | null;
  before: Cursor | null;
  limit: number;
}

export interface AuditLog {
  begin(action: AuditedAction): OpenAction;
  /** Newest first. */
  list(query: AuditPageQuery): AuditEntry[];
  /** undefined when there is no such entry. */
  find(id: string): AuditDetail | undefined;
}

const callLimit = 500;

type Stored = Omit<AuditDetail, 'outcome'> & { outcome: AuditOutcome; pid: number };

export function createAuditLog(history: History, now: () => number): AuditLog {
  /** What this process does right now: a row of ours that is not among them was not finished. */
  const running = new Set<string>();

  const store = (stored: Stored, place: string | null) =>
    history.write((database) => {
      const sql = 'INSERT OR REPLACE INTO audit (id, at, place, entry, finished) VALUES (?, ?, ?, ?, ?)';
      database.run(sql, stored.id, stored.at, place, JSON.stringify(stored), stored.finishedAt === null ? 0 : 1);
    });

  return {
    begin({ place, ...action }) {
      const stored: Stored = { ...toStored(action), at: now() };
      running.add(stored.id);
      store(stored, place);
      return {
        record(call) {
          if (!running.has(stored.id)) return;
          stored.engineCallCount += 1;
          if (stored.engineCalls.length < callLimit) stored.engineCalls.push(call);
        },
        finish(outcome, problem) {
          if (!running.delete(stored.id)) return;
          store({ ...stored, outcome, problem: problem ?? null, finishedAt: now() }, place);
        },
      };
    },
    list({ place, before, limit }) {
      const { at, id } = before ?? newest;
      const sql = `SELECT entry FROM audit WHERE (at, id) < (?, ?) AND (? IS NULL OR place IS NULL OR place = ?)
        ORDER BY at DESC, id DESC LIMIT ?`;
      return history
        .read((database) => database.all(sql, at, id, place, place, limit))
        .map((row) => {
          const { engineCalls: _, ...entry } = parseStored(String(row.entry), running);
          return entry;
        });
    },
    find(id) {
      const [row] = history.read((database) => database.all('SELECT entry FROM audit WHERE id = ?', id));
      return row && parseStored(String(row.entry), running);
    },
  };
}

function toStored(action: Omit<AuditedAction, 'place'>): Stored {
  return {
    ...action,
    id: orderedId(),
    at: 0,
    finishedAt: null,
    user: userName(),
    machine: hostname(),
    input: summariseInput(action.input),
    outcome: 'running',
    problem: null,
    engineCallCount: 0,
    engineCalls: [],
    pid: process.pid,
  };
}

function parseStored(text: string, running: ReadonlySet<string>): AuditDetail {
  const stored = JSON.parse(text) as Stored;
  const detail = auditDetailSchema.parse(stored);
  if (detail.outcome !== 'running') return detail;
  const isRunning = stored.pid === process.pid ? running.has(detail.id) : isAlive(stored.pid);
  return { ...detail, outcome: isRunning ? 'running' : 'notFinished' };
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
