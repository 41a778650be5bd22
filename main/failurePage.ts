// The page that says why the console is not there. A data: address made of escaped text: it needs no host and no file.
import { createHash } from 'node:crypto';
import { BRIDGE_NAME } from './bridge.ts';
import type { HostExit } from './hostProcess.ts';

export interface Failure {
  /** One sentence: what is wrong. */
  readonly title: string;
  /** Label and value, as `Exit code`, `1`. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** The last lines that the host wrote; a stranger's text. */
  readonly lines: readonly string[];
  readonly logPath: string;
}

export function describeHostEnd(exit: HostExit, restarts: number): Pick<Failure, 'title' | 'facts'> {
  const tries = restarts === 0 ? 'Not restarted' : `Restarted ${restarts === 1 ? 'once' : `${restarts} times`}`;
  const how: [string, string] = exit.spawnError
    ? ['Reason', exit.spawnError]
    : exit.signal
      ? ['Ended by signal', exit.signal]
      : ['Exit code', String(exit.code)];
  return {
    title: exit.spawnError ? 'The host of the console could not be started.' : 'The host of the console has ended.',
    facts: [how, ['Since it was last well', tries]],
  };
}

const STYLE = `:root{color-scheme:dark light;--ground:#0d1014;--surface:#13171d;--line:#343e4c;--text:#e7ebf1;--dim:#97a3b4;--down:#ef6a6f;--accent:#8ea6ff}
@media (prefers-color-scheme:light){:root{--ground:#f5f6f8;--surface:#fff;--line:#cbd2db;--text:#151a21;--dim:#566274;--down:#c8363c;--accent:#3f5bd9}}
*{box-sizing:border-box}body{margin:0;padding:48px 24px;background:var(--ground);color:var(--text);font:13px/1.5 Inter,system-ui,sans-serif}
main{max-width:860px;margin:0 auto}h1{margin:0 0 16px;font-size:20px;font-weight:600}h1 span{color:var(--down)}h2{margin:24px 0 8px;font-size:13px;font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
pre{margin:0;padding:12px;max-height:45vh;overflow:auto;border:1px solid var(--line);border-radius:6px;background:var(--surface);font:12px/1.5 "JetBrains Mono",ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
p{color:var(--dim)}div{display:flex;gap:8px;margin-top:24px}
button{padding:6px 12px;border:1px solid var(--line);border-radius:6px;background:var(--surface);color:inherit;font:inherit;cursor:pointer}button:hover{border-color:var(--dim)}
button:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px}button:disabled{opacity:.6;cursor:default}`;

/** The buttons' only logic. Their names are those of the bridge's methods. */
const SCRIPT = `const say = (text) => { document.querySelector('[role=status]').textContent = text; };
document.querySelector('pre').scrollTop = 1e6;
for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await window.${BRIDGE_NAME}[button.name]();
      if (button.name === 'restartHost') return say('Starting …');
    } catch { say('That did not work; see the log.'); }
    button.disabled = false;
  });
}`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Only the one style and the one script above, by their hashes; no address can be loaded from or sent to. */
export const FAILURE_POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export function toFailureUrl(failure: Failure): string {
  return `data:text/html;charset=utf-8;base64,${Buffer.from(toFailureHtml(failure)).toString('base64')}`;
}

export function toFailureHtml({ title, facts, lines, logPath }: Failure): string {
  const rows = [...facts, ['Log', logPath] as const].map(
    ([label, value]) => `<dt>${show(label)}</dt><dd>${show(value)}</dd>`,
  );
  const text = lines.length === 0 ? 'It wrote nothing.' : lines.map(show).join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${FAILURE_POLICY}">
<title>Gatehouse has stopped</title><style>${STYLE}</style></head>
<body><main><h1><span aria-hidden="true">■</span> ${show(title)}</h1><dl>${rows.join('')}</dl>
<h2 id="last">Its last lines</h2><pre tabindex="0" role="region" aria-labelledby="last">${text}</pre>
<div><button name="restartHost" autofocus>Restart</button><button name="openLogFolder">Open log folder</button><button name="quit">Quit</button></div>
<p role="status">A stack that runs on an engine goes on without the console.</p>
</main><script>${SCRIPT}</script></body></html>`;
}

/** Text as text: no markup, no control characters, and nothing that turns the reading direction (U+202E and its kin). */
function show(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out here.
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  );
}
