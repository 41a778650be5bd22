// The platform's compose files as tests look at them, and the override for engines that cannot pull.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export interface ComposeService {
  image: string;
  build?: { dockerfile: string };
  restart: string;
  command?: string[];
  environment?: Record<string, string>;
  networks?: string[] | Record<string, { aliases?: string[] } | null>;
  network_mode?: string;
  ports?: string[];
  volumes?: string[];
  secrets?: (string | { source: string })[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; interval: string };
  deploy?: { resources: { limits: { cpus: string; memory: string } } };
}

export interface ComposeFile {
  name: string;
  services: Record<string, ComposeService>;
  networks: Record<string, { internal: boolean }>;
  volumes: Record<string, unknown>;
  secrets?: Record<string, { file: string }>;
}

export const PLATFORM_FOLDER = fileURLToPath(new URL('..', import.meta.url));
export const LOCAL_OVERRIDE = fileURLToPath(new URL('../../../.ci/engine/docker-compose.local.yaml', import.meta.url));

export type Mode = 'dev' | 'prod';
export const FILE_NAMES = { dev: 'docker-compose.yaml', prod: 'docker-compose.prod.yaml' } as const;

export function readCompose(mode: Mode): ComposeFile {
  return parse(readFileSync(`${PLATFORM_FOLDER}/${FILE_NAMES[mode]}`, 'utf8'), { merge: true }) as ComposeFile;
}

export function readOverride(): unknown {
  return parse(readFileSync(LOCAL_OVERRIDE, 'utf8'));
}

/** `${BACKEND_IMAGE:-a:1}` as it is when nobody says otherwise. */
export function toImage({ image }: ComposeService): string {
  return image.replace(/^\$\{\w+:-(.*)\}$/, '$1');
}

export function toNetworkNames({ networks = [] }: ComposeService): string[] {
  return Array.isArray(networks) ? networks : Object.keys(networks);
}
