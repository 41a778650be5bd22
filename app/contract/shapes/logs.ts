// Log lines as they cross to a UI: read by the host, so that a window only draws them.
import { z } from 'zod';

/** From the line that says worst to the one that says least. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export const logLevelSchema = z.enum(logLevels);
export type LogLevel = z.infer<typeof logLevelSchema>;

/** `unknown`: lines that do not say how grave they are. */
export const shownLevelSchema = z.enum([...logLevels, 'unknown']);
export type ShownLevel = z.infer<typeof shownLevelSchema>;

/** The sixteen colours that a program can name; a UI has its own for them. */
export const namedColours = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
  'brightBlack',
  'brightRed',
  'brightGreen',
  'brightYellow',
  'brightBlue',
  'brightMagenta',
  'brightCyan',
  'brightWhite',
] as const;
export type NamedColour = (typeof namedColours)[number];

/** A stretch of a text as its program wanted it to look. Only what cannot hide text: no background, nothing that blinks. */
export const textStyleSchema = z.object({
  start: z.number(),
  end: z.number(),
  /** One of the named colours, `#rrggbb`, or null: as the rest. */
  colour: z.union([z.enum(namedColours), z.string().regex(/^#[0-9a-f]{6}$/)]).nullable(),
  bold: z.boolean(),
  dim: z.boolean(),
  italic: z.boolean(),
  underline: z.boolean(),
});
export type TextStyle = z.infer<typeof textStyleSchema>;

export const logLineSchema = z.object({
  /** Epoch ms as the engine stamped it; 0 when it did not. */
  at: z.number(),
  /** The same with nanoseconds, `2026-01-02T03:04:05.123456789Z`: sorts as text. Empty without a stamp. */
  stamp: z.string(),
  service: z.string(),
  container: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  /** null: it does not say, or not in a way that is known. */
  level: logLevelSchema.nullable(),
  /** Untrusted text, one line, cut to 16 KiB by the host, control characters but tab removed. */
  text: z.string(),
  /** What `text` says without its level, time and fields; all of it where nothing more is known of its format. */
  message: z.string(),
  /** What a structured line says besides, in its order. */
  fields: z.array(z.tuple([z.string(), z.string()])),
  /** 16 or 32 hexadecimal digits. */
  traceId: z.string().nullable(),
  requestId: z.string().nullable(),
  /** Of `message`. */
  styles: z.array(textStyleSchema),
  /** Where the search matches: 0 is `message`, 1 the first field's value; from start (included) to end (excluded). */
  hits: z.array(z.tuple([z.number(), z.number(), z.number()])),
  /** The search matches, be it in what is not shown by itself. False without a search. */
  isHit: z.boolean(),
  /** The rest of a line that is longer than the host keeps is not there. */
  cut: z.boolean(),
  /** It came after later ones were shown. */
  late: z.boolean(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** UTC with nanoseconds, as lines have it. */
export const stampSchema = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);

const serviceNameSchema = z.string().min(1).max(256);
export const logSearchLimit = 256;

/** Which lines are meant. Everything that is set has to hold. */
export const logFilterSchema = z.object({
  /** Empty: all. */
  services: z.array(serviceNameSchema).max(200).default([]),
  /** One container of them, by its name. */
  container: z.string().min(1).max(256).nullable().default(null),
  /** Empty: all, those that say none too. */
  levels: z.array(shownLevelSchema).max(8).default([]),
  /** Text, or a regular expression of ECMAScript without back references and looking around. Empty: no search. */
  search: z.string().max(logSearchLimit).default(''),
  isPattern: z.boolean().default(false),
  matchCase: z.boolean().default(false),
  /** false: what does not match the search is there too, unmarked. */
  onlyHits: z.boolean().default(true),
  trace: z
    .string()
    .regex(/^(?:[0-9a-fA-F]{16}|[0-9a-fA-F]{32})$/, 'a trace id has 16 or 32 hexadecimal digits')
    .nullable()
    .default(null),
  /** Epoch ms, both included; null: without that end. */
  from: z.number().min(0).nullable().default(null),
  to: z.number().min(0).nullable().default(null),
});
export type LogFilter = z.infer<typeof logFilterSchema>;
/** As it is asked: what is left out is not set. */
export type LogFilterInput = z.input<typeof logFilterSchema>;

/** How far a look into the past went. */
export const logReachSchema = z.object({
  /** Lines that were read for it, in all containers. */
  read: z.number(),
  /** From where to ask on in the same direction; null: nothing more is there. */
  cursor: stampSchema.nullable(),
  /** Why it did not go further, in words; null when it did not have to. */
  endedBy: z.string().nullable(),
});
export type LogReach = z.infer<typeof logReachSchema>;

/** A log that the engine does not give. */
export const unreadableLogSchema = z.object({ service: z.string(), container: z.string(), reason: z.string() });
export type UnreadableLog = z.infer<typeof unreadableLogSchema>;

/** Lines by time. */
export const logPageSchema = z.object({
  lines: z.array(logLineSchema),
  reach: logReachSchema,
  unreadable: z.array(unreadableLogSchema),
});
export type LogPage = z.infer<typeof logPageSchema>;

/** The first batch is the past, with its reach; later ones come as lines are written. */
export const logBatchSchema = z.object({
  lines: z.array(logLineSchema),
  /** Lines that were dropped since the viewer was too slow, before those of this batch. */
  skipped: z.number(),
  /** Of the past that was read; null in later batches. */
  reach: logReachSchema.nullable(),
  /** A stretch of time in which the engine could not be read, before the lines of this batch. */
  away: z.object({ from: z.number(), to: z.number() }).nullable(),
  /** All of them, when that changed; null: as before. */
  unreadable: z.array(unreadableLogSchema).nullable(),
});
export type LogBatch = z.infer<typeof logBatchSchema>;

/** A piece of a file with log lines. The last one says why it ends where it does. */
export const logFilePieceSchema = z.object({
  text: z.string(),
  /** So far, over all pieces. */
  lines: z.number(),
  end: z.object({ isWhole: z.boolean(), reason: z.string().nullable() }).nullable(),
});
export type LogFilePiece = z.infer<typeof logFilePieceSchema>;
