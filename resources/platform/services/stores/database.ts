// A relational database, as the shop's code sees it: SQL that Postgres and SQLite both understand, with $1 to $n for values.
// Behind PgBouncer in transaction mode a connection is this program's for one transaction alone, so nothing here may
// outlast one: no session settings, no named statements, no LISTEN, no session locks.

export type Value = string | number | null;
/** Whole numbers come as numbers, times as ISO text in UTC with milliseconds. */
export type Row = Record<string, string | number | null>;

export interface Queries {
  /** Rejects with StoreAway when the database cannot be asked, and with the database's own error when it refuses. */
  query<Result = Row>(sql: string, values?: readonly Value[]): Promise<Result[]>;
}

export interface Transaction extends Queries {
  /** Behind a select: its rows stay as they are until the transaction ends. Empty where transactions run one by one. */
  readonly rowLock: '' | ' for update';
  /** Waits for other transactions that hold this name; it is held until this one ends. */
  lock(name: string): Promise<void>;
}

export interface Connections {
  open: number;
  idle: number;
  /** Callers that wait for one. */
  waiting: number;
}

export interface Database extends Queries {
  /** For people. */
  readonly described: string;
  readonly engine: 'postgres' | 'sqlite';
  /** As the last question showed it. */
  readonly isAway: boolean;
  /**
   * All of `work` or nothing of it. Work may be run again when the database chose it as the victim of a deadlock, so it has
   * no effects but those of its queries. When the answer to the commit is lost, it rejects although all may have happened.
   */
  transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: { statementTimeoutMs?: number },
  ): Promise<Result>;
  connections(): Connections;
  close(): Promise<void>;
}

/** Rows of one statement: far from the 65,535 values of Postgres and the 32,766 of SQLite, and few round trips. */
const ROWS_AT_ONCE = 250;

/** Inserts any number of rows in few statements. `ending` goes behind the values, for example `on conflict do nothing`. */
export async function insertRows(
  queries: Queries,
  into: { table: string; columns: readonly string[]; ending?: string },
  rows: readonly (readonly Value[])[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const some = rows.slice(start, start + ROWS_AT_ONCE);
    const values = toPlaceholders(some.length, into.columns.length);
    const sql = `insert into ${into.table} (${into.columns.join(', ')}) values ${values} ${into.ending ?? ''}`;
    await queries.query(sql, some.flat());
  }
}

/** `($1, $2), ($3, $4)` for two rows of two. */
function toPlaceholders(rows: number, columns: number): string {
  const row = (index: number) =>
    `(${Array.from({ length: columns }, (_, column) => `$${index * columns + column + 1}`).join(', ')})`;
  return Array.from({ length: rows }, (_, index) => row(index)).join(', ');
}

/** `$3, $4, $5` for a list of three whose first is $3. */
export function toList(count: number, first = 1): string {
  return Array.from({ length: count }, (_, index) => `$${first + index}`).join(', ');
}
