import { expect, test } from 'vitest';
import { findDesktopBridge, type ReportParts, toDesktopReport } from './desktopBridge.ts';

const ENVIRONMENT = {
  id: 'docker~shop',
  name: 'Shop',
  mode: 'prod',
  verdict: {
    level: 'down',
    impact: 'search is down',
    firstCause: { kind: 'service', name: 'search', text: 'out of memory' },
    evidence: [],
    next: [],
  },
} as unknown as ReportParts['environment'];

const PARTS = {
  environment: ENVIRONMENT,
  topology: {
    services: [
      { name: 'search', level: 'down' },
      { name: 'pricing', level: 'degraded' },
    ],
  },
  breakers: [
    { upstream: 'search', state: 'open' },
    { upstream: 'search', state: 'open' },
    { upstream: 'pricing', state: 'halfOpen' },
  ],
  posture: {
    rules: [
      {
        id: 'exposure.edge-only',
        status: 'fail',
        evidence: [
          { status: 'fail', subjects: ['postgres'] },
          { status: 'pass', subjects: ['redis'] },
        ],
      },
      { id: 'exposure.loopback', status: 'unknown', evidence: [{ status: 'unknown', subjects: ['backend'] }] },
      { id: 'tls.versions', status: 'fail', evidence: [{ status: 'fail', subjects: ['nginx'] }] },
    ],
  },
} as unknown as ReportParts;

test('what is down, open and exposed is told, each once', () => {
  expect(toDesktopReport(PARTS)).toEqual({
    environment: 'docker~shop',
    name: 'Shop',
    mode: 'prod',
    level: 'down',
    headline: 'search is down',
    cause: 'out of memory',
    alerts: [
      { kind: 'serviceDown', subject: 'search' },
      { kind: 'breakerOpen', subject: 'search' },
      { kind: 'productionExposed', subject: 'postgres' },
    ],
  });
});

test('outside of production nothing is exposed', () => {
  const { alerts } = toDesktopReport({ ...PARTS, environment: { ...ENVIRONMENT, mode: 'dev' } });
  expect(alerts.map(({ kind }) => kind)).not.toContain('productionExposed');
});

test('what is not known yet raises no alert', () => {
  expect(toDesktopReport({ environment: ENVIRONMENT, topology: null, breakers: null, posture: null }).alerts).toEqual(
    [],
  );
});

test('a browser has no bridge, and one of another version is none', () => {
  expect(findDesktopBridge({})).toBeUndefined();
  expect(findDesktopBridge({ gatehouseDesktop: { version: 2 } })).toBeUndefined();
  expect(findDesktopBridge({ gatehouseDesktop: { version: 1 } })).toEqual({ version: 1 });
});
