// Variables in compose files and .env files (compose specification, "Interpolation"). Pure.

export interface Interpolated {
  readonly text: string;
  /** Variables without a value and without a default; they became empty. */
  readonly missing: readonly string[];
  /** Why the text cannot be: a variable that is required, or braces that are wrong. */
  readonly fault?: string;
}

export type Lookup = (name: string) => string | undefined;

const name = /^[A-Za-z_][A-Za-z0-9_]*/;
const operator = /^(:?[-+?])/;
/** Deeper nesting is no configuration but an attack on the stack. */
const depthLimit = 20;

/**
 * `$V`, `${V}`, `${V:-default}`, `${V-default}`, `${V:?error}`, `${V?error}`, `${V:+other}`, `${V+other}`, nested to any
 * reasonable depth; `$$` is a dollar sign; a dollar sign before anything else stays.
 */
export function interpolate(text: string, lookup: Lookup, depth = 0): Interpolated {
  const missing: string[] = [];
  let out = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar === -1) break;
    out += text.slice(at, dollar);
    const rest = text.slice(dollar + 1);
    const plain = name.exec(rest)?.[0];
    if (rest.startsWith('$')) {
      out += '$';
      at = dollar + 2;
    } else if (plain) {
      const value = lookup(plain);
      if (value === undefined) missing.push(plain);
      out += value ?? '';
      at = dollar + 1 + plain.length;
    } else if (rest.startsWith('{')) {
      const end = findClosing(text, dollar);
      const inner = end === -1 ? undefined : replaceBraced(text.slice(dollar + 2, end), lookup, depth);
      if (!inner)
        return { text, missing, fault: 'braces after a dollar sign that hold no variable; write $$ for a dollar sign' };
      missing.push(...inner.missing);
      if (inner.fault !== undefined) return { text, missing, fault: inner.fault };
      out += inner.text;
      at = end + 1;
    } else {
      out += '$';
      at = dollar + 1;
    }
  }
  return { text: out + text.slice(at), missing };
}

/** The brace that ends the one at `start`; only `${` opens another one. */
function findClosing(text: string, start: number): number {
  let open = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text.startsWith('${', at)) {
      open += 1;
      at += 1;
    } else if (text[at] === '}') {
      open -= 1;
      if (open === 0) return at;
    }
  }
  return -1;
}

function replaceBraced(inner: string, lookup: Lookup, depth: number): Interpolated | undefined {
  const variable = name.exec(inner)?.[0];
  if (variable === undefined || depth > depthLimit) return undefined;
  const value = lookup(variable);
  const rest = inner.slice(variable.length);
  if (rest === '') return { text: value ?? '', missing: value === undefined ? [variable] : [] };
  const form = operator.exec(rest)?.[1];
  if (form === undefined) return undefined;
  // Compose replaces in the word even where it is not used, so that a required variable in it stops the load.
  const word = interpolate(rest.slice(form.length), lookup, depth + 1);
  if (word.fault !== undefined) return word;
  // With a colon an empty value counts as none.
  const isSet = value !== undefined && !(form.startsWith(':') && value === '');
  const { missing } = word;
  if (form.endsWith('-')) return { text: isSet ? value : word.text, missing };
  if (form.endsWith('+')) return { text: isSet ? word.text : '', missing };
  if (isSet) return { text: value, missing };
  return { text: '', missing, fault: `required variable ${variable} has no value${word.text && `: ${word.text}`}` };
}
