// Whether a page comes with a content security policy at least as strict as the console's. Pure.
// The host sends it; this is the second lock: whatever answers at the host's port, nothing weaker is shown.

/** What each directive may allow at most. `{host}` stands for the host's name and port. */
const MOST: Readonly<Record<string, readonly string[]>> = {
  'default-src': [],
  // No 'unsafe-inline', no 'unsafe-eval', no hash, no other origin: script is what the host serves as a file.
  'script-src': ["'self'"],
  'worker-src': ["'self'"],
  // Mantine and Recharts set style attributes, which no hash covers; a style cannot run script.
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'", 'ws://{host}'],
  'manifest-src': ["'self'"],
  'frame-ancestors': [],
  'base-uri': [],
  'form-action': [],
};

/** These do not fall back to default-src (CSP Level 3, section 6.8.3) and so must be there. */
const REQUIRED = ['default-src', 'script-src', 'frame-ancestors', 'base-uri', 'form-action'];
/** They can only take away. */
const TIGHTENING = ['sandbox', 'upgrade-insecure-requests', 'block-all-mixed-content', 'require-trusted-types-for'];

const MAX_POLICY_LENGTH = 8192;

/** Why the headers of an answer are not strict enough, in words; undefined when they are. */
export function findPolicyWeakness(headers: Record<string, readonly string[]>, host: string): string | undefined {
  const policies = Object.entries(headers)
    // The report-only header of a similar name enforces nothing.
    .filter(([name]) => name.toLowerCase() === 'content-security-policy')
    // A list in one header is as good as several headers (CSP Level 3, section 2.2.2).
    .flatMap(([, values]) => values.flatMap((value) => value.split(',')));
  if (policies.length === 0) return 'it has no content security policy';
  const weaknesses = policies.map((policy) => findWeakness(policy, host));
  // All policies are enforced together, so one that is strict enough is enough.
  return weaknesses.includes(undefined) ? undefined : weaknesses[0];
}

function findWeakness(policy: string, host: string): string | undefined {
  if (policy.length > MAX_POLICY_LENGTH) return 'its content security policy is too long to be judged';
  const directives = parsePolicy(policy);
  const missing = REQUIRED.find((name) => !directives.has(name));
  if (missing) return `its content security policy lacks ${missing}`;
  for (const [name, sources] of directives) {
    if (TIGHTENING.includes(name)) continue;
    const most = Object.hasOwn(MOST, name) ? MOST[name] : undefined;
    const allowed = (most ?? []).map((source) => source.replace('{host}', host));
    const extra = sources.find((source) => source !== "'none'" && !allowed.includes(source));
    if (extra !== undefined) return `its content security policy allows ${extra} in ${name}`;
    // An empty list is 'none'; of a directive that is not known here, nothing is taken for granted.
    if (most === undefined && !sources.includes("'none'")) return `its content security policy has an unknown ${name}`;
  }
  return undefined;
}

/** Of a directive that is repeated the first one counts (CSP Level 3, section 2.2.1). */
function parsePolicy(policy: string): Map<string, string[]> {
  const directives = new Map<string, string[]>();
  for (const part of policy.split(';')) {
    const [name, ...sources] = part.trim().split(/[\t\n\f\r ]+/);
    if (name && !directives.has(name.toLowerCase())) {
      directives.set(
        name.toLowerCase(),
        sources.map((source) => source.toLowerCase()),
      );
    }
  }
  return directives;
}
