// The configuration: read, tried, compared, put in force, taken back. A bad one changes nothing.
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseDocument } from 'yaml';
import { ConfigError } from '../../config/configError.ts';
import { findSource } from '../../config/configSource.ts';
import type { GatewayConfig } from '../../config/document.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { configSchema } from '../../config/schema.ts';
import { type KeptConfig, toProblems } from '../../control/configs.ts';
import { diffConfigs, isSame, toLines } from '../../control/diffConfigs.ts';
import { collectSecrets, maskData, maskText, unmaskText } from '../../control/secrets.ts';
import type { Core } from '../../exchange/core.ts';
import { AdminProblem, type Body, defineOperation, type Operation, type Reply } from '../operation.ts';

const group = 'configuration';
const FILE_NAME = 'configuration';

const text: Body = {
  type: 'application/yaml',
  description: 'A gateway.yaml. Values that GET /config masked may stay masked: they stand for the secrets in force.',
  limitBytes: 1024 * 1024,
};

const ifMatch = {
  in: 'header',
  description: 'ETag of the configuration that the change was made from; * for whichever is in force.',
  schema: { type: 'string', maxLength: 256 },
} as const;

const note = {
  in: 'query',
  description: 'Why, for the history.',
  schema: { type: 'string', maxLength: 200 },
} as const;

const refusals = {
  412: { description: 'Another configuration is in force by now', schema: 'Problem' },
  422: { description: 'It is not valid; nothing changed', schema: 'ConfigRefusal' },
  428: { description: 'If-Match is missing', schema: 'Problem' },
} as const;

export const configOperations: readonly Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/config',
    id: 'getConfig',
    group,
    summary: 'The configuration in force, as text and with its defaults filled in; secrets are masked',
    answers: { 200: { description: 'The configuration; ETag is for If-Match', schema: 'Config' } },
    handle: async ({ core }) => {
      const { current } = core.configs;
      const { configFile } = core;
      const file = configFile && { path: configFile.path, isInForce: await isFileInForce(core, configFile.path) };
      return {
        headers: toTagHeader(current),
        json: { ...viewConfig(current), file: file ?? null, lastRefusal: core.configs.lastRefusal },
      };
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/config/validate',
    id: 'validateConfig',
    group,
    summary: 'Whether a configuration could be put in force',
    body: text,
    answers: { 200: { description: 'Valid or not, with every problem and its place', schema: 'ConfigVerdict' } },
    handle: ({ core, body }) => {
      try {
        const config = readText(core, String(body));
        core.configs.check(config);
        return { json: { isValid: true, revision: config.revision, problems: [] } };
      } catch (error) {
        return { json: { isValid: false, revision: null, problems: toProblems(error) } };
      }
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/config/diff',
    id: 'diffConfig',
    group,
    summary: 'What a configuration would change, by route, upstream and setting',
    body: text,
    answers: { 200: { description: 'The differences', schema: 'ConfigDiff' }, 422: refusals[422] },
    handle: ({ core, body }) => {
      const config = orRefuse(() => readText(core, String(body)));
      return { json: viewDiff(core.configs.current.config, config) };
    },
  }),
  defineOperation({
    method: 'PUT',
    path: '/config',
    id: 'applyConfig',
    group,
    summary: 'Puts a configuration in force, without losing a request',
    description: 'It lasts until the next change of the file or the next start: the file is not written.',
    parameters: { 'if-match': ifMatch, note },
    body: text,
    answers: { 200: { description: 'It is in force', schema: 'AppliedConfig' }, ...refusals },
    handle: ({ core, body, values }) => {
      checkTag(core, values['if-match']);
      const kept = orRefuse(() =>
        core.configs.offer(() => readText(core, String(body)), { origin: 'api', note: values.note ?? null }),
      );
      return toApplied(kept);
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/config/reload',
    id: 'reloadConfig',
    group,
    summary: 'Reads the configuration file again, as SIGHUP does',
    answers: {
      200: { description: 'What the file says is in force', schema: 'AppliedConfig' },
      409: { description: 'This gateway has no configuration file', schema: 'Problem' },
      422: refusals[422],
    },
    handle: ({ core: { configFile } }) => {
      if (!configFile) throw noFile();
      return toApplied(orRefuse(() => configFile.reload('api')));
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/config/file',
    id: 'getConfigFile',
    group,
    summary: 'What the configuration file says now, secrets masked, whatever is in force',
    answers: {
      200: { description: 'The file', schema: 'ConfigFile' },
      409: { description: 'This gateway has no configuration file', schema: 'Problem' },
    },
    handle: async ({ core }) => {
      const { configFile } = core;
      if (!configFile) throw noFile();
      return { json: { path: configFile.path, text: await readFileMasked(configFile.path) } };
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/config/history',
    id: 'getConfigHistory',
    group,
    summary: 'The last 20 configurations, newest first, with what each changed',
    answers: {
      200: {
        description: 'The history',
        schema: { type: 'array', items: { $ref: '#/components/schemas/HistoryEntry' } },
      },
    },
    handle: ({ core }) => ({ json: core.configs.history.map(viewEntry) }),
  }),
  defineOperation({
    method: 'GET',
    path: '/config/history/{id}',
    id: 'getKeptConfig',
    group,
    summary: 'One configuration of the history, masked, with what going back to it would change',
    parameters: { id: { in: 'path', description: 'Its id.', required: true, schema: { type: 'integer', minimum: 1 } } },
    answers: {
      200: { description: 'The configuration', schema: 'KeptConfig' },
      404: { description: 'It is not kept', schema: 'Problem' },
    },
    handle: ({ core, values: { id } }) => {
      const kept = getKept(core, id);
      return { json: { ...viewConfig(kept), diff: viewDiff(core.configs.current.config, kept.config) } };
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/config/rollback',
    id: 'rollBackConfig',
    group,
    summary: 'Puts a configuration of the history in force again',
    parameters: {
      'if-match': ifMatch,
      to: {
        in: 'query',
        description: 'Id of the one that is wanted.',
        required: true,
        schema: { type: 'integer', minimum: 1 },
      },
      note,
    },
    answers: {
      200: { description: 'It is in force', schema: 'AppliedConfig' },
      404: { description: 'It is not kept', schema: 'Problem' },
      ...refusals,
    },
    handle: ({ core, values }) => {
      checkTag(core, values['if-match']);
      const kept = getKept(core, values.to);
      return toApplied(
        orRefuse(() =>
          core.configs.offer(() => kept.config, { origin: 'rollback', note: values.note ?? `to ${kept.id}` }),
        ),
      );
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/schema',
    id: 'getConfigSchema',
    group,
    summary: 'The JSON Schema of gateway.yaml, for editors',
    answers: { 200: { description: 'The schema', type: 'application/schema+json' } },
    handle: () => ({ text: JSON.stringify(configSchema), type: 'application/schema+json' }),
  }),
];

function readText(core: Core, body: string): GatewayConfig {
  const inForce = findSource(core.configs.current.config)?.text;
  // What the text names lies beside the file, wherever the text comes from.
  return loadConfig(unmaskText(body, inForce, FILE_NAME), FILE_NAME, core.configFile && dirname(core.configFile.path));
}

/** RFC 9110, 13.1.1: a change is made to what its author saw, or not at all. */
function checkTag(core: Core, given: string | undefined): void {
  if (given === undefined)
    throw new AdminProblem(428, 'precondition-required', {
      detail: 'Say in If-Match which configuration the change was made from: the ETag of GET /config.',
    });
  const { tag } = core.configs.current;
  const tags = given.split(',').map((part) => part.trim());
  if (given.trim() === '*' || tags.includes(`"${tag}"`)) return;
  throw new AdminProblem(412, 'config-changed', {
    detail: `Another configuration is in force by now, with the ETag "${tag}"; read it, and make the change again.`,
  });
}

function orRefuse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AdminProblem) throw error;
    const problems = toProblems(error);
    const detail =
      error instanceof ConfigError
        ? `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}; nothing changed.`
        : `${problems[0]?.message}; nothing changed.`;
    throw new AdminProblem(422, 'config-invalid', { detail, problems });
  }
}

function getKept(core: Core, id: number): KeptConfig {
  const kept = core.configs.history.find((entry) => entry.id === id);
  if (kept) return kept;
  const ids = core.configs.history.map((entry) => entry.id).join(', ');
  throw new AdminProblem(404, 'config-unknown', { detail: `The configuration ${id} is not kept; there are ${ids}.` });
}

function toTagHeader({ tag }: KeptConfig): Record<string, string> {
  return { etag: `"${tag}"` };
}

function toApplied(kept: KeptConfig): Reply {
  return { headers: toTagHeader(kept), json: viewEntry(kept) };
}

function viewEntry({ id, at, origin, note: why, config, changes, tag }: KeptConfig) {
  return { id, at, origin, note: why, revision: config.revision, changes, etag: `"${tag}"` };
}

function viewConfig(kept: KeptConfig) {
  const { config } = kept;
  const source = findSource(config);
  return {
    ...viewEntry(kept),
    /** null: it was made by a program, not read from a text. */
    text: source ? maskText(source.text) : null,
    effective: maskData(config, collectSecrets(config)),
  };
}

function viewDiff(before: GatewayConfig, after: GatewayConfig) {
  const diff = diffConfigs(before, after);
  return { isSame: isSame(diff), lines: toLines(diff), ...diff };
}

function noFile(): AdminProblem {
  return new AdminProblem(409, 'no-config-file', { detail: 'This gateway was not started from a file.' });
}

/** null: it cannot be read, or is no YAML, of which nobody knows where its secrets stand. */
async function readFileMasked(path: string): Promise<string | null> {
  try {
    const text = await readFile(path, 'utf8');
    return parseDocument(text).errors.length === 0 ? maskText(text) : null;
  } catch {
    return null;
  }
}

/** null: the file cannot be read. */
async function isFileInForce(core: Core, path: string): Promise<boolean | null> {
  try {
    return (await readFile(path, 'utf8')) === findSource(core.configs.current.config)?.text;
  } catch {
    return null;
  }
}
