// Variables in compose files (compose specification, "Interpolation"): a first cut of the forms in daily use.

export interface Interpolated {
  text: string;
  /** Variables without a value and without a default; they became empty. */
  missing: string[];
}

const expression = /\$(?:\$|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+])([^{}]*))?\})/g;

/** `$VAR`, `${VAR}`, `${VAR-default}`, `${VAR:-default}`, `${VAR+other}`, `${VAR:+other}`; `$$` is a dollar sign. */
export function interpolate(text: string, variables: Readonly<Record<string, string | undefined>>): Interpolated {
  const missing: string[] = [];
  const replaced = text.replace(expression, (whole, plain?: string, braced?: string, operator?: string, word = '') => {
    if (whole === '$$') return '$';
    const name = plain ?? braced ?? '';
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    // With a colon an empty value counts as none.
    const isSet = value !== undefined && !(operator?.startsWith(':') && value === '');
    if (operator?.endsWith('+')) return isSet ? word : '';
    if (isSet) return value;
    if (operator?.endsWith('-')) return word;
    missing.push(name);
    return '';
  });
  return { text: replaced, missing };
}

/** A `.env` file: NAME=value, quotes removed, comments and empty lines left out. */
export function parseEnvFile(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match?.[1]) continue;
    const raw = match[2] ?? '';
    const quoted = /^(["'])(.*)\1$/.exec(raw);
    variables[match[1]] = quoted ? (quoted[2] ?? '') : raw.replace(/\s+#.*$/, '');
  }
  return variables;
}
