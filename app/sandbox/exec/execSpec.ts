// What a client asks for in POST /containers/{id}/exec and POST /exec/{id}/start.
import { z } from 'zod';
import { EngineError } from '../http/engineError.ts';
import { parseBody } from '../http/parseBody.ts';

const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const texts = z
  .array(z.string().max(32_768))
  .max(1_000)
  .nullish()
  .transform((value) => value ?? []);

const createBody = z.looseObject({
  Cmd: texts,
  Env: texts,
  Tty: flag,
  AttachStdin: flag,
  AttachStdout: flag,
  AttachStderr: flag,
  Privileged: flag,
  User: z.string().nullish(),
});

/** About what an operating system takes; execs are kept after their end, so their texts are bounded. */
const ARGUMENTS_LIMIT = 128 * 1024;

const startBody = z.looseObject({ Detach: flag, Tty: flag });

export interface ExecSpec {
  command: string[];
  env: string[];
  tty: boolean;
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  privileged: boolean;
  user: string;
}

/** Throws EngineError 400. */
export function parseExecSpec(body: unknown): ExecSpec {
  const given = parseBody(createBody, body ?? {}, 'exec');
  if (given.Cmd.length === 0) throw new EngineError(400, 'No exec command specified');
  const length = [...given.Cmd, ...given.Env].reduce((sum, text) => sum + text.length, 0);
  if (length > ARGUMENTS_LIMIT) throw new EngineError(400, `Cmd and Env have more than ${ARGUMENTS_LIMIT} characters`);
  return {
    command: given.Cmd,
    env: given.Env,
    tty: given.Tty,
    stdin: given.AttachStdin,
    stdout: given.AttachStdout,
    stderr: given.AttachStderr,
    privileged: given.Privileged,
    user: given.User ?? '',
  };
}

/** Throws EngineError 400. */
export function parseExecStart(body: unknown): { detach: boolean; tty: boolean } {
  const given = parseBody(startBody, body ?? {}, 'exec start');
  return { detach: given.Detach, tty: given.Tty };
}
