import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleExchange } from '../../../app/contract/exchangeSample.ts';
import { type Exchange, parseExchangeFilter } from '../../../app/contract/index.ts';
import { FOLD_HEAD, FOLD_MINIMUM, TrafficLog, toFoldKey } from './trafficLog.ts';

const ok = (parts: Partial<Exchange> = {}) => sampleExchange(parts);
const refused = (parts: Partial<Exchange> = {}) => sampleExchange({ status: 503, code: 'breaker-open', ...parts });
const many = (count: number, make: () => Exchange) => Array.from({ length: count }, make);

/** Rows as text: ids, and folds as `fold N`. */
function rowsOf(log: TrafficLog): string[] {
  return Array.from({ length: log.rowCount }, (_, index) => {
    const row = log.findRow(index);
    if (!row) return 'missing';
    return row.kind === 'exchange' ? row.exchange.id : `fold ${row.count}`;
  });
}

describe('TrafficLog', () => {
  it('shows the newest first', () => {
    const log = new TrafficLog();
    const exchanges = many(3, ok);
    log.append(exchanges);
    expect(rowsOf(log)).toEqual(exchanges.map(({ id }) => id).reverse());
    expect(log.findRow(3)).toBeUndefined();
  });

  it('passes over what it already keeps, as repeated after a reconnect', () => {
    const log = new TrafficLog();
    const [first, second, third] = many(3, ok) as [Exchange, Exchange, Exchange];
    log.append([first, second]);
    log.append([second, third]);
    expect(rowsOf(log)).toEqual([third.id, second.id, first.id]);
  });

  it('forgets the oldest above its capacity, and would take them again', () => {
    const log = new TrafficLog(2);
    const exchanges = many(3, ok);
    log.append(exchanges);
    expect(log.keptCount).toBe(2);
    expect(rowsOf(log)).toEqual([exchanges[2]?.id, exchanges[1]?.id]);
    log.append(exchanges.slice(0, 1));
    expect(rowsOf(log)[0]).toBe(exchanges[0]?.id);
  });

  it('folds a long run of alike refusals after its newest ones, and opens it', () => {
    const log = new TrafficLog();
    const run = many(FOLD_MINIMUM, refused);
    const before = ok();
    const after = ok();
    log.append([before, ...run, after]);
    const newestFirst = run.map(({ id }) => id).reverse();
    expect(rowsOf(log)).toEqual([
      after.id,
      ...newestFirst.slice(0, FOLD_HEAD),
      `fold ${FOLD_MINIMUM - FOLD_HEAD}`,
      before.id,
    ]);
    const fold = log.findRow(1 + FOLD_HEAD);
    if (fold?.kind !== 'fold') throw new Error('no fold where one is expected');
    expect(fold.oldest.id).toBe(run[0]?.id);
    log.toggleRun(fold.run);
    expect(rowsOf(log)).toHaveLength(1 + FOLD_MINIMUM + 1 + 1);
    expect(log.findRow(1 + FOLD_HEAD)).toMatchObject({ kind: 'fold', expanded: true });
    log.toggleRun(fold.run);
    expect(rowsOf(log)).toHaveLength(1 + FOLD_HEAD + 1 + 1);
  });

  it.each([
    ['a shorter run', many(FOLD_MINIMUM - 1, refused)],
    ['what the upstream answered', many(20, () => sampleExchange({ status: 500 }))],
    ['what passed', many(20, ok)],
    ['refusals of different routes in turn', many(20, () => refused()).map((e, i) => ({ ...e, route: `r${i % 2}` }))],
  ])('does not fold %s', (_name, exchanges) => {
    const log = new TrafficLog();
    log.append(exchanges);
    expect(log.rowCount).toBe(exchanges.length);
  });

  it('finds the place of an exchange, the fold where it is hidden, and nothing for others', () => {
    const log = new TrafficLog();
    const run = many(20, refused);
    const [before, after] = [ok(), ok()];
    log.append([before, ...run, after]);
    expect(log.findIndex(after.id)).toBe(0);
    expect(log.findIndex(run.at(-1)?.id ?? '')).toBe(1);
    expect(log.findIndex(run[0]?.id ?? '')).toBe(1 + FOLD_HEAD);
    expect(log.findIndex(before.id)).toBe(1 + FOLD_HEAD + 1);
    expect(log.findIndex('unknown')).toBe(-1);
  });

  // The oracle filters and groups everything again at each step, which the log must never do.
  it('shows the same rows as if all were filtered and folded anew', () => {
    const exchange = fc.record({
      status: fc.constantFrom(200, 503, 429),
      code: fc.constantFrom(null, 'breaker-open'),
      repeat: fc.integer({ min: 1, max: 12 }),
    });
    const step = fc.oneof(
      { weight: 6, arbitrary: exchange },
      { weight: 1, arbitrary: fc.constantFrom('', 'status:5xx', 'code:breaker-open') },
    );
    const property = fc.property(
      fc.array(step, { maxLength: 30 }),
      fc.integer({ min: 1, max: 40 }),
      (steps, capacity) => {
        const log = new TrafficLog(capacity);
        let all: Exchange[] = [];
        for (const item of steps) {
          if (typeof item === 'string') log.setFilter(item);
          else {
            const { repeat, ...parts } = item;
            const exchanges = many(repeat, () => sampleExchange(parts));
            log.append(exchanges);
            all = [...all, ...exchanges].slice(-capacity);
          }
          expect(rowsOf(log)).toEqual(foldAnew(all, log.filter));
          expect(log.matchingCount).toBe(all.filter(parseExchangeFilter(log.filter).matches).length);
        }
      },
    );
    fc.assert(property);
  });
});

function foldAnew(all: Exchange[], filter: string): string[] {
  const groups: Exchange[][] = [];
  for (const exchange of all.filter(parseExchangeFilter(filter).matches)) {
    const last = groups.at(-1);
    if (last?.[0] && toFoldKey(last[0]) === toFoldKey(exchange)) last.push(exchange);
    else groups.push([exchange]);
  }
  return groups.reverse().flatMap((group) => {
    const ids = group.map(({ id }) => id).reverse();
    const folds = group[0] && toFoldKey(group[0]) !== null && group.length >= FOLD_MINIMUM;
    return folds ? [...ids.slice(0, FOLD_HEAD), `fold ${ids.length - FOLD_HEAD}`] : ids;
  });
}
