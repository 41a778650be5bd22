// The part of the catalogue that is about what is kept secret for an operator. A value goes in and never comes out.
import { z } from 'zod';
import { mutation, query } from './operation.ts';
import { environmentIdSchema } from './shapes/environment.ts';
import { bearerTokenSchema, secretsAboutSchema } from './shapes/secrets.ts';

const nothing = z.void();
const inEnvironment = z.object({ environment: environmentIdSchema });

export const secretsOperations = {
  about: query({
    class: 'observe',
    summary: 'Whether this host can keep secrets, by whom they are sealed, and for which places it keeps one',
    input: nothing,
    output: secretsAboutSchema,
  }),
  find: query({
    class: 'observe',
    summary: 'Since when a token for replays is kept for an environment',
    input: inEnvironment,
    /** Epoch ms. */
    output: z.object({ keptAt: z.number().nullable() }),
  }),
  keepToken: mutation({
    class: 'sensitiveRead',
    summary: 'Keep a bearer token for replays in an environment, sealed by the key store of the system',
    input: inEnvironment.extend({ bearerToken: bearerTokenSchema }),
    output: nothing,
  }),
  forgetToken: mutation({
    class: 'sensitiveRead',
    summary: 'Forget the token for replays that is kept for a place',
    input: z.object({ place: z.string().min(1).max(1000) }),
    output: nothing,
  }),
} as const;
