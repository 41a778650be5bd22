import { z } from 'zod';

export const bearerTokenSchema = z
  .string()
  .min(1)
  .max(8192)
  .regex(/^[A-Za-z0-9._~+/=-]+$/, 'not a bearer token (RFC 6750, section 2.1)');

export const secretsAboutSchema = z.object({
  /** false: nothing is written down, in no form. */
  keeps: z.boolean(),
  /** What seals them, or why none are kept. */
  detail: z.string(),
  /** What was kept and cannot be read any more; null: nothing. */
  damage: z.string().nullable(),
  /** Engine and project, and since when (epoch ms). Never a value. */
  kept: z.array(z.object({ place: z.string(), keptAt: z.number() })),
});
export type SecretsAbout = z.infer<typeof secretsAboutSchema>;
