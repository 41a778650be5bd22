import { type FormEvent, useEffect, useRef, useState } from 'react';
import { exchangeCode, parseCode } from '../api/session.ts';
import { Button } from '../components/Button.tsx';
import { CopyCommand } from '../components/CopyCommand.tsx';
import { FieldWithVerb } from '../components/Field.tsx';
import { BrandMark } from './BrandMark.tsx';
import classes from './LockedPage.module.css';

export interface LockedPageProps {
  problem: string | null;
  onToken: (token: string) => void;
}

/** Says how to get in: a code from the machine on which the host runs. */
export function LockedPage({ problem, onToken }: LockedPageProps) {
  const [text, setText] = useState('');
  const [said, setSaid] = useState(problem);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const code = parseCode(text);
    if (!code) return setSaid('A code looks like K7QX-2M4P.');
    setBusy(true);
    const result = await exchangeCode(code);
    setBusy(false);
    if (result.token) onToken(result.token);
    else setSaid(result.problem);
  };

  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <BrandMark /> Gatehouse
        </div>
        <h1 className={classes.title}>This window is locked</h1>
        <p className={classes.text}>Get a one-time code where the host runs, and enter it here.</p>
        <CopyCommand command="gatehouse code" />
        <form className={classes.form} onSubmit={submit}>
          <FieldWithVerb
            label="One-time code"
            ref={input}
            mono
            className={classes.code}
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="XXXX-XXXX"
            autoComplete="one-time-code"
            aria-describedby="code-problem"
          >
            <Button type="submit" look="primary" disabled={busy || text.trim() === ''}>
              {busy ? 'Opening…' : 'Open'}
            </Button>
          </FieldWithVerb>
          <p id="code-problem" className={classes.problem} role="status">
            {said ?? ''}
          </p>
        </form>
      </div>
    </main>
  );
}
