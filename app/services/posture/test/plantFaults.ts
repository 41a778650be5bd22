// Plants faults into a copy of what production is made of, and reads what was found.
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Posture } from '../../../contract/index.ts';
import type { Fault } from './plantedFaults.ts';

const PLATFORM = join(import.meta.dirname, '../../../../resources/platform');
export const PROD_FILE = 'docker-compose.prod.yaml';

/** As few stacks as can be, each with faults of other places: reading one takes its time. */
export function toBatches<F extends Pick<Fault, 'place'>>(all: readonly F[]): F[][] {
  const batches: F[][] = [];
  for (const fault of all) {
    const batch = batches.find((one) => one.every(({ place }) => place !== fault.place));
    if (batch) batch.push(fault);
    else batches.push([fault]);
  }
  return batches;
}

/** Copies what production is made of into a folder, with the faults in it. */
export function plant(folder: string, planted: readonly Fault[]): void {
  const text = readFileSync(join(PLATFORM, PROD_FILE), 'utf8');
  // Through JSON: what an anchor stands for is otherwise one object in all of its places.
  const document = JSON.parse(JSON.stringify(parse(text, { merge: true })));
  const config = parse(readFileSync(join(PLATFORM, 'gateway.yaml'), 'utf8'));
  cpSync(join(PLATFORM, 'nginx'), join(folder, 'nginx'), {
    recursive: true,
    filter: (path) => !path.endsWith('/certificates'),
  });
  for (const { compose, gateway, nginx } of planted) {
    compose?.(document);
    gateway?.(config);
    if (nginx) changeText(join(folder, 'nginx', nginx[0]), nginx);
  }
  writeFileSync(join(folder, PROD_FILE), stringify(document));
  writeFileSync(join(folder, 'gateway.yaml'), stringify(config));
  copyFileSync(join(PLATFORM, 'gatehouse.waivers.yaml'), join(folder, 'gatehouse.waivers.yaml'));
  mkdirSync(join(folder, 'secrets'), { recursive: true });
}

export function changeText(path: string, [, from, to]: readonly [file: string, from: string, to: string]): void {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}

export const toFailures = ({ rules }: Posture): string[] =>
  rules
    .flatMap(({ id, evidence }) =>
      evidence
        .filter(({ status }) => status === 'fail')
        .flatMap(({ subjects }) => subjects.map((subject) => `${id} ${subject}`)),
    )
    .sort();
