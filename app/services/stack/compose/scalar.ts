// What a plain scalar of YAML means to compose, whose parser is neither YAML 1.1 nor 1.2: `0644` is octal, `yes` is a
// text, a date becomes a time and is printed as Go prints it.
import type { Place, ScalarNode } from './node.ts';

const nulls = new Set(['', '~', 'null', 'Null', 'NULL']);
const trues = new Set(['true', 'True', 'TRUE']);
const falses = new Set(['false', 'False', 'FALSE']);

const fractionForm = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** The limits of Go's int64 and uint64; beyond them a whole number becomes a double. */
const wholeMin = -(2n ** 63n);
const wholeMax = 2n ** 64n - 1n;

export function resolvePlain(source: string, place: Place): ScalarNode {
  if (nulls.has(source)) return { kind: 'scalar', value: null, place };
  if (trues.has(source)) return { kind: 'scalar', value: true, place };
  if (falses.has(source)) return { kind: 'scalar', value: false, place };
  const number = parseNumber(source);
  if (number) return { kind: 'scalar', ...number, place };
  return { kind: 'scalar', value: parseTime(source) ?? source, place };
}

function parseNumber(source: string): { value: number; text: string } | undefined {
  // A leading underscore makes a name, one further inside is a separator.
  if (!/^[-+.0-9]/.test(source)) return undefined;
  const plain = source.replaceAll('_', '');
  const whole = parseWhole(plain);
  if (whole !== undefined && whole >= wholeMin && whole <= wholeMax) {
    return { value: Number(whole), text: whole.toString() };
  }
  if (/^[-+]?\.(inf|Inf|INF)$/.test(plain)) {
    const value = plain.startsWith('-') ? -Infinity : Infinity;
    return { value, text: value < 0 ? '-Inf' : '+Inf' };
  }
  if (/^\.(nan|NaN|NAN)$/.test(plain)) return { value: Number.NaN, text: 'NaN' };
  if (!fractionForm.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? { value, text: toGoNumber(value) } : undefined;
}

function parseWhole(plain: string): bigint | undefined {
  const [, sign, prefix = '', digits = ''] = /^([-+]?)(0[xX]|0[bB]|0[oO]|0(?=[0-9]))?([0-9a-fA-F]+)$/.exec(plain) ?? [];
  if (sign === undefined) return undefined;
  const base = { '0x': '0x', '0b': '0b', '0o': '0o', '0': '0o' }[prefix.toLowerCase()] ?? '';
  const form = { '0x': /^[0-9a-fA-F]+$/, '0b': /^[01]+$/, '0o': /^[0-7]+$/ }[base] ?? /^[0-9]+$/;
  if (!form.test(digits)) return undefined;
  const size = BigInt(`${base}${digits}`);
  return sign === '-' ? -size : size;
}

/** As Go prints a double with %v: the shortest form, with an exponent of two digits below 1e-4 and from 1e6 on. */
export function toGoNumber(value: number): string {
  if (value === 0) return '0';
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return expand(digits, exponent);
  const size = Math.abs(exponent).toString().padStart(2, '0');
  return `${digits}e${exponent < 0 ? '-' : '+'}${size}`;
}

function expand(digits: string, exponent: number): string {
  const sign = digits.startsWith('-') ? '-' : '';
  const [whole = '', rest = ''] = digits.replace('-', '').split('.');
  const all = whole + rest;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${all}`;
  if (all.length <= exponent + 1) return sign + all.padEnd(exponent + 1, '0');
  return `${sign}${all.slice(0, exponent + 1)}.${all.slice(exponent + 1)}`;
}

const timeForms = [
  /^(\d{4})-(\d{1,2})-(\d{1,2})$/,
  // With a T the zone has to be said, with a space it must not.
  /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?(Z|[-+]\d{2}:\d{2})$/,
  /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/,
];

/** `2024-01-02` becomes `2024-01-02 00:00:00 +0000 UTC`; undefined for what is no time. */
function parseTime(source: string): string | undefined {
  const parts = timeForms.map((form) => form.exec(source)).find((match) => match !== null);
  if (!parts) return undefined;
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', part = '', zone = 'Z'] = parts;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const two = (text: string) => text.padStart(2, '0');
  const fraction = part.replace(/0+$/, '');
  const offset = zone === 'Z' ? '+0000 UTC' : `${zone.replace(':', '')} ${zone.replace(':', '')}`;
  const time = `${two(hour)}:${two(minute)}:${two(second)}${fraction && `.${fraction}`}`;
  return `${year}-${two(month)}-${two(day)} ${time} ${offset}`;
}

function isDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
