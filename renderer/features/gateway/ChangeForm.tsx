// The yes to a change of the gateway: its reason, the project's name where the guard asks for it, and the button.
import { type ReactNode, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { TypedName } from '../../components/TypedName.tsx';
import { canChange, useEnvironment, useEnvironmentId } from '../../shell/environment.ts';
import { toProject } from '../../shell/toProject.ts';
import { useUiState } from '../../state/uiState.ts';
import classes from './ChangeForm.module.css';

export interface ChangeInput {
  reason: string;
  confirm?: string;
}

export interface ChangeFormProps {
  /** What will happen, in one sentence with numbers. */
  sentence: ReactNode;
  verb: string;
  look?: 'primary' | 'danger';
  isBusy: boolean;
  /** Why it cannot be done now. */
  obstacle?: string | null;
  placeholder?: string;
  onApply: (input: ChangeInput) => void;
}

export function ChangeForm(props: ChangeFormProps) {
  const { sentence, verb, look = 'primary', isBusy, obstacle = null, placeholder, onApply } = props;
  const environment = useEnvironmentId();
  const { data: frame } = useEnvironment();
  const showUnlock = useUiState((state) => state.showUnlock);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const project = toProject(environment);
  const asks = frame?.guard === 'confirm';
  if (!frame || !canChange(frame.guard)) {
    return (
      <div className={classes.form}>
        <p className={classes.sentence}>
          {sentence} <span className="dim">{frame?.guardReason}</span>
        </p>
        {frame?.guard === 'locked' ? <Button onClick={() => showUnlock(true)}>Unlock…</Button> : null}
      </div>
    );
  }
  const isSaid = !asks || typed === project;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isSaid && !isBusy && obstacle === null) onApply({ reason, ...(asks ? { confirm: typed } : {}) });
      }}
    >
      <div className={classes.sentence}>
        {sentence}
        {obstacle ? <p className={classes.obstacle}>{obstacle}</p> : null}
        {asks ? <TypedName project={project} typed={typed} onType={setTyped} /> : null}
      </div>
      <TextField
        className={classes.reason}
        aria-label="Reason"
        value={reason}
        maxLength={120}
        placeholder={placeholder ?? 'why, for the history'}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button type="submit" look={look} disabled={!isSaid || isBusy || obstacle !== null}>
        {verb}
      </Button>
    </form>
  );
}
