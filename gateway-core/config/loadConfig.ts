// Text → configuration in force: parse (yaml), validate (JSON Schema), check what a schema cannot say, fill in defaults.
import { dirname } from 'node:path';
import type { ErrorObject } from 'ajv';
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { readSchemaFiles } from '../validation/schemaFiles.ts';
import { ConfigError, type ConfigProblem } from './configError.ts';
import { keepSource } from './configSource.ts';
import type { ConfigDocument, GatewayConfig } from './document.ts';
import { resolveConfig } from './resolveConfig.ts';
import { findSemanticFaults } from './semantics.ts';
import { validateDocument } from './validateDocument.ts';

export type DocumentPath = readonly (string | number)[];

/**
 * Reads a gateway.yaml. Opens no socket, and no file but the schemas that it names, which lie in `folder`. Throws
 * ConfigError with every problem found, each with its line and column; a configuration that is returned is complete and
 * consistent.
 */
export function loadConfig(text: string, fileName = 'gateway.yaml', folder = dirname(fileName)): GatewayConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const fail = (problems: ConfigProblem[]): never => {
    throw new ConfigError(fileName, problems);
  };

  if (document.errors.length > 0)
    fail(
      document.errors.map((error) => {
        const at = lines.linePos(error.pos[0]);
        return { line: at.line, column: at.col, where: '', message: error.message };
      }),
    );

  const value = toPlain(document, fileName);
  const locate = (path: DocumentPath): Pick<ConfigProblem, 'line' | 'column' | 'where'> => ({
    ...findPosition(document, lines, path),
    where: toWhere(path),
  });

  if (!validateDocument(value))
    fail(
      (validateDocument.errors ?? []).filter(isOwnError).map((error) => {
        const { path, message } = toReadable(error);
        return { ...locate(path), message };
      }),
    );

  const checked = value as ConfigDocument;
  const files = readSchemaFiles(checked, folder);
  const faults = files.length > 0 ? files : findSemanticFaults(checked);
  if (faults.length > 0) fail(faults.map((fault) => ({ ...locate(fault.path), message: fault.message })));
  return keepSource(resolveConfig(checked), { fileName, text });
}

function toPlain(document: Document.Parsed, fileName: string): unknown {
  try {
    // Aliases can blow up a small text to gigabytes; no gateway.yaml needs a hundred of them.
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError(fileName, [{ line: null, column: null, where: '', message }]);
  }
}

/** The place of the nearest node that exists, so that a missing key points at the map that lacks it. */
function findPosition(document: Document.Parsed, lines: LineCounter, path: DocumentPath) {
  for (let length = path.length; length >= 0; length--) {
    const prefix = path.slice(0, length);
    const offset = findKeyOffset(document, prefix) ?? findValueOffset(document, prefix);
    if (offset === undefined) continue;
    const at = lines.linePos(offset);
    return { line: at.line, column: at.col };
  }
  return { line: null, column: null };
}

function findValueOffset(document: Document.Parsed, path: DocumentPath): number | undefined {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

/** The key is where an operator looks for `unknown key` and `duplicate id`, not the start of its value. */
function findKeyOffset(document: Document.Parsed, path: DocumentPath): number | undefined {
  const key = path.at(-1);
  const parent = path.length <= 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (typeof key !== 'string' || !isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
  return pair && isNode(pair.key) ? pair.key.range?.[0] : undefined;
}

/** `/routes/2/upstream` → `routes[2].upstream` */
function toWhere(path: DocumentPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

function isOwnError(error: ErrorObject): boolean {
  // `propertyNames` only repeats what the error inside it said.
  return error.keyword !== 'propertyNames';
}

function toReadable(error: ErrorObject): { path: DocumentPath; message: string } {
  const path: (string | number)[] = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'additionalProperties') {
    const key = String(params.additionalProperty);
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    return { path: [...path, key], message: `unknown key "${key}"; known here: ${known.join(', ')}` };
  }
  if (error.keyword === 'required') {
    return { path, message: `the key "${String(params.missingProperty)}" is missing; add it` };
  }
  // The value of a secret must not get into a log.
  if ((error.parentSchema as { writeOnly?: boolean } | undefined)?.writeOnly)
    return { path, message: `the secret ${error.message ?? 'is not valid'}` };
  const allowed = 'allowedValues' in params ? ` (${[params.allowedValues].flat().join(', ')})` : toConstant(params);
  return { path, message: `${JSON.stringify(error.data)} ${error.message ?? 'is not valid'}${allowed}` };
}

function toConstant(params: Record<string, unknown>): string {
  return 'allowedValue' in params ? ` (${JSON.stringify(params.allowedValue)})` : '';
}
