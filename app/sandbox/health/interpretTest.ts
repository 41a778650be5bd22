// A health test is a command of the image, and no image is here. What can be done of it is done for real: a GET of the
// same URL, or a connection to the port; the output says what was done and what was not. Pure.

export type ProbePlan =
  | { kind: 'http'; port: number; path: string; says: string }
  | { kind: 'tcp'; port: number; says: string }
  | { kind: 'process'; says: string };

export interface ProbeSubject {
  test: readonly string[];
  /** Container ports in order; a connection goes to the first. */
  ports: readonly number[];
  /** The product of a stand-in; null for a workload of ours. */
  standInFor: string | null;
}

/** Commands whose work is a GET of the URL they are given; `probe` is the one in the platform's own images. */
const HTTP_TOOLS = new Set(['curl', 'wget', 'probe']);

export function interpretTest({ test, ports, standInFor }: ProbeSubject): ProbePlan {
  const [form = '', ...rest] = test;
  const words = form === 'CMD-SHELL' ? rest.join(' ').split(/\s+/) : form === 'CMD' ? rest : [...test];
  const tool = (words[0] ?? '').split('/').at(-1) ?? '';
  const url = HTTP_TOOLS.has(tool) ? findLocalUrl(words) : undefined;
  if (url !== undefined && ports.includes(url.port)) {
    return { kind: 'http', ...url, says: `GET ${url.path} on port ${url.port}` };
  }
  const who = standInFor === null ? '' : `stand-in for ${standInFor}: `;
  const [first] = ports;
  if (first === undefined) {
    return { kind: 'process', says: `${who}the process runs and exposes no port; ${tool} was not run` };
  }
  return { kind: 'tcp', port: first, says: `${who}port ${first} accepts connections; ${tool} was not run` };
}

function findLocalUrl(words: readonly string[]): { port: number; path: string } | undefined {
  for (const word of words) {
    const url = URL.parse(word.replace(/^["']|["';]+$/g, ''));
    if (url === null || url.protocol !== 'http:') continue;
    if (!['localhost', '127.0.0.1', '0.0.0.0', '[::1]'].includes(url.hostname)) continue;
    return { port: url.port === '' ? 80 : Number(url.port), path: url.pathname + url.search };
  }
  return undefined;
}
