import { join } from 'node:path';
import { GatehouseError } from '../../contract/index.ts';
import type { TlsFiles } from './address.ts';
import type { Machine } from './machine.ts';

/** The certificates that DOCKER_TLS_VERIFY, DOCKER_TLS and DOCKER_CERT_PATH ask for; null when none are. */
export function findEnvironmentTls(machine: Machine, configFolder: string): TlsFiles | null {
  // As the docker CLI: any non-empty DOCKER_TLS_VERIFY verifies; DOCKER_TLS alone encrypts without verifying.
  const verify = Boolean(machine.env.DOCKER_TLS_VERIFY);
  if (!verify && !machine.env.DOCKER_TLS) return null;
  if (!/^(tcp|https):/.test(machine.env.DOCKER_HOST ?? '')) return null;
  const folder = machine.env.DOCKER_CERT_PATH || configFolder;
  const tls = readTls(machine, folder, verify);
  if (tls) return tls;
  // Going on without would send everything in plain text, against what was asked for.
  throw new GatehouseError({
    code: 'engine-missing',
    message: `TLS is asked for (DOCKER_TLS_VERIFY or DOCKER_TLS), but ca.pem, cert.pem and key.pem are not all in ${folder}.`,
    remedy: 'Set DOCKER_CERT_PATH to the folder that holds them.',
  });
}

export function readTls(machine: Machine, folder: string, verify: boolean): TlsFiles | null {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => machine.readText(join(folder, name)));
  return ca && cert && key ? { ca, cert, key, verify } : null;
}
