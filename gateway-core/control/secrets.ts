// Secrets of a configuration: found by the schema (`writeOnly`) and by name, masked where a configuration is shown, and
// put back when a text that was shown comes back changed.
import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Scalar } from 'yaml';
import { ConfigError } from '../config/configError.ts';
import { findSource } from '../config/configSource.ts';
import type { GatewayConfig } from '../config/document.ts';
import { configSchema } from '../config/schema.ts';

export const MASKED = '[masked]';

/** By the end of its name, so that `tokenHeader` and `secretFile` stay readable. */
const SECRET_NAME = /(?:secret|password|passwd|passphrase|token|credentials?|api-?key|private-?key|signing-?key|hmac-?key|authorization)$/i; // biome-ignore format: one pattern
const USER_INFORMATION = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]+@/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

type Path = readonly (string | number)[];

interface SecretScalar {
  readonly path: Path;
  readonly node: Scalar;
  readonly value: string;
}

interface Schema {
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

function findSecretScalars(document: Document.Parsed): SecretScalar[] {
  const found: SecretScalar[] = [];
  const visit = (node: unknown, schemas: readonly Schema[], path: Path): void => {
    if (isMap(node)) {
      for (const pair of node.items)
        if (isPair(pair) && isScalar(pair.key)) {
          const key = String(pair.key.value);
          visit(pair.value, schemas.flatMap((schema) => stepInto(schema, key)), [...path, key]); // biome-ignore format: one step
        }
    } else if (isSeq(node))
      node.items.forEach((item, index) => {
        visit(item, schemas.flatMap(itemsOf), [...path, index]);
      });
    else if (isScalar(node) && typeof node.value === 'string' && isSecret(node.value, schemas, path))
      found.push({ path, node, value: node.value });
  };
  visit(document.contents, expand(configSchema as Schema), []);
  return found;
}

function isSecret(value: string, schemas: readonly Schema[], path: Path): boolean {
  const name = path.findLast((step) => typeof step === 'string') ?? '';
  return schemas.some((schema) => schema.writeOnly === true) || isSecretName(name) || USER_INFORMATION.test(value);
}

function expand(schema: Schema): Schema[] {
  const parts = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  return [schema, ...parts.flatMap(expand)];
}

function stepInto({ properties, additionalProperties }: Schema, key: string): Schema[] {
  const own = properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (own) return expand(own);
  return typeof additionalProperties === 'object' ? expand(additionalProperties) : [];
}

function itemsOf({ items }: Schema): Schema[] {
  return items ? expand(items) : [];
}

/** Every secret value of a configuration that was loaded from a text; of another, none can be known but by name. */
export function collectSecrets(config: GatewayConfig): ReadonlySet<string> {
  const source = findSource(config);
  if (!source) return new Set();
  return new Set(findSecretScalars(parseDocument(source.text)).map(({ value }) => value));
}

/** A copy of plain data in which secrets are replaced: those values, and whatever has a secret's name. */
export function maskData(value: unknown, secrets: ReadonlySet<string>, name = ''): unknown {
  if (typeof value === 'string') {
    // Of an address only what stands before the @ is secret; where it leads may be read.
    if (USER_INFORMATION.test(value)) return value.replace(USER_INFORMATION, `$1${MASKED}@`);
    return secrets.has(value) || isSecretName(name) ? MASKED : value;
  }
  if (Array.isArray(value)) return value.map((item) => maskData(item, secrets, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, maskData(part, secrets, key)]));
}

/** The text with every secret replaced by a mark that says where it stood; comments lose them too. */
export function maskText(text: string): string {
  const document = parseDocument(text);
  const secrets = findSecretScalars(document);
  let masked = text;
  for (const { path, node } of secrets.toSorted((a, b) => startOf(b.node) - startOf(a.node))) {
    const [start, end] = node.range ?? [0, 0];
    // A block scalar's range takes the end of its last line with it.
    const lineEnd = text.slice(start, end).endsWith('\n') ? '\n' : '';
    masked = `${masked.slice(0, start)}${JSON.stringify(toMark(path))}${lineEnd}${masked.slice(end)}`;
  }
  for (const { value } of secrets) if (value.length >= 8) masked = masked.replaceAll(value, MASKED);
  return masked;
}

/** The marks of maskText, replaced by what stands at their places in the text in force. Throws ConfigError where nothing does. */
export function unmaskText(text: string, inForce: string | undefined, fileName: string): string {
  if (!text.includes('[masked')) return text;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const current = new Map(
    inForce === undefined
      ? []
      : findSecretScalars(parseDocument(inForce)).map(({ path, value }) => [toMark(path), value]),
  );
  let unmasked = text;
  for (const node of collectScalars(document.contents).toReversed()) {
    const mark = node.value;
    if (typeof mark !== 'string' || !/^\[masked(?::[^\]]*)?\]$/.test(mark)) continue;
    const value = current.get(mark);
    const [start, end] = node.range ?? [0, 0];
    if (value === undefined) {
      const { line, col } = lines.linePos(start);
      const message = `${mark} stands for a secret that is not in the configuration in force; write the secret itself`;
      throw new ConfigError(fileName, [{ line, column: col, where: '', message }]);
    }
    unmasked = `${unmasked.slice(0, start)}${JSON.stringify(value)}${unmasked.slice(end)}`;
  }
  return unmasked;
}

function toMark(path: Path): string {
  return `[masked:${path.map((step) => encodeURIComponent(step)).join('/')}]`;
}

function startOf(node: Scalar): number {
  return node.range?.[0] ?? 0;
}

/** In the order of the text. Aliases stand for a scalar that is found at its anchor. */
function collectScalars(node: unknown): Scalar[] {
  if (isAlias(node)) return [];
  if (isScalar(node)) return [node];
  if (isSeq(node)) return node.items.flatMap(collectScalars);
  if (isMap(node)) return node.items.flatMap((pair) => (isPair(pair) ? collectScalars(pair.value) : []));
  return [];
}
