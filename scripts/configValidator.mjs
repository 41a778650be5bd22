// Prints gateway-core/config/validateDocument.ts with its schema compiled; scripts/build.mjs puts it into the programs.
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { configSchema } from '../gateway-core/config/schema.ts';
import { validatorOptions } from '../gateway-core/config/validateDocument.ts';

const ajv = new Ajv({ ...validatorOptions, code: { source: true, esm: true } });
const code = standalone.default(ajv, ajv.compile(configSchema));
process.stdout.write(`${code}\nexport { validate as validateDocument };\n`);
