// Whether a value is a configuration, as far as its schema can say it. This file is compiled where sources run: a build puts
// in its place what scripts/configValidator.mjs prints, since compiling the schema took half of the gateway's start.
import { Ajv, type Options } from 'ajv';
import type { ConfigDocument } from './document.ts';
import { configSchema } from './schema.ts';

export const validatorOptions: Options = { allErrors: true, verbose: true, allowUnionTypes: true };

export const validateDocument = new Ajv(validatorOptions).compile<ConfigDocument>(configSchema);
