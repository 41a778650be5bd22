// Schemas in files beside the configuration become part of it when it is loaded: one revision is one set of schemas.
import { readFileSync, statSync } from 'node:fs';
import { join, normalize } from 'node:path';
import type { DocumentPath } from '../config/loadConfig.ts';
import type { JsonSchema } from './compileSchema.ts';
import type { ValidatingDocument } from './validationSection.ts';

const FILE_BYTES = 1024 * 1024;

interface Fault {
  readonly path: DocumentPath;
  readonly message: string;
}

/**
 * Puts the content of each `schemaFile` beside it as `schema`. A file is read once, however often it is named. Nothing
 * outside of the folder is opened, and no message shows what is in a file: a configuration may come from elsewhere.
 */
export function readSchemaFiles(document: ValidatingDocument, folder: string): Fault[] {
  const read = new Map<string, JsonSchema>();
  const faults: Fault[] = [];
  document.routes.forEach((route, routeIndex) => {
    route.validate?.forEach((rule, ruleIndex) => {
      for (const name of ['body', 'query'] as const) {
        const part = rule[name];
        if (part?.schemaFile === undefined) continue;
        const path = ['routes', routeIndex, 'validate', ruleIndex, name, 'schemaFile'];
        try {
          if (part.schema !== undefined) throw new Error('stands beside schema; remove one of them');
          const schema = read.get(part.schemaFile) ?? readSchema(part.schemaFile, folder);
          read.set(part.schemaFile, schema);
          part.schema = schema;
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          faults.push({ path, message: `"${part.schemaFile}" ${reason}` });
        }
      }
    });
  });
  return faults;
}

function readSchema(name: string, folder: string): JsonSchema {
  if (/(^|\/)\.\.(\/|$)/.test(normalize(name))) throw new Error('lies outside of the folder of the configuration');
  const path = join(folder, name);
  const text = open(path);
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('is not a JSON object');
  return value as JsonSchema;
}

function open(path: string): string {
  try {
    if (statSync(path).size > FILE_BYTES) throw new Error(`has more than ${FILE_BYTES} bytes`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(code === undefined ? message : `cannot be read: ${code}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('is not JSON');
  }
}
