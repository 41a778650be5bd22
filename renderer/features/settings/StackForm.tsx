import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type EnvironmentSettings, environmentColours, type Guard, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { Choices } from '../../components/Choices.tsx';
import { Labelled, TextField } from '../../components/Field.tsx';
import { PanelFailure, PanelFrame } from '../../components/Panel.tsx';
import { guardWords } from './guardWords.ts';
import classes from './SettingsView.module.css';
import { canForget, type StackRow } from './stackRows.ts';

export interface StackFormProps {
  row: StackRow;
  isBusy: boolean;
  onSaved: () => void;
  onForget: () => void;
  onClose: () => void;
}

type Default = 'default';

/** Name, colour and guard of one stack. What is left as it is usual for the place changes with the place. */
export function StackForm({ row, isBusy, onSaved, onForget, onClose }: StackFormProps) {
  const { environment, settings, project } = row;
  const [name, setName] = useState(settings.name ?? '');
  const [colour, setColour] = useState<NonNullable<EnvironmentSettings['colour']> | Default>(
    settings.colour ?? 'default',
  );
  const [guard, setGuard] = useState<Guard | Default>(settings.guard ?? 'default');
  const save = useMutation(useTRPC().environment.configure.mutationOptions({ onSuccess: onSaved }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (environment === null) return;
    const change = {
      name: name.trim() === '' ? null : name.trim(),
      colour: colour === 'default' ? null : colour,
      // A guard that is not touched is not sent: setting it anew would need an unlock.
      ...(guard === (settings.guard ?? 'default') ? {} : { guard: guard === 'default' ? null : guard }),
    };
    save.mutate({ environment, ...change });
  };
  return (
    <PanelFrame
      title={`Settings of ${project}`}
      source={environment ?? row.engine}
      tools={
        <Button size="small" look="quiet" onClick={onClose}>
          Close
        </Button>
      }
    >
      <form className={classes.form} onSubmit={submit}>
        {environment === null ? (
          <p className={classes.note}>Its engine is not known to this host now: it can only be forgotten.</p>
        ) : (
          <>
            <Labelled label="Name">
              <TextField
                className={classes.name}
                value={name}
                maxLength={60}
                placeholder={project}
                onChange={(event) => setName(event.target.value)}
              />
            </Labelled>
            <Choices
              label="Colour"
              chosen={colour}
              onChoose={setColour}
              choices={[
                { value: 'default', label: 'by its name' },
                ...environmentColours.map((value) => ({ value, label: <Colour name={value} /> })),
              ]}
            />
            <Choices label="Guard" chosen={guard} onChoose={setGuard} choices={guardWords} />
          </>
        )}
        {save.error ? <PanelFailure problem={problemOf(save.error)} /> : null}
        <div className={classes.actions}>
          <span role="status" className="dim">
            {save.isSuccess && !save.isPending ? 'Saved' : ''}
          </span>
          {canForget(row) ? (
            <Button look="danger" disabled={isBusy} onClick={onForget} title="The stack itself is not touched">
              Forget
            </Button>
          ) : null}
          {environment === null ? null : (
            <Button type="submit" look="primary" disabled={save.isPending}>
              Save
            </Button>
          )}
        </div>
      </form>
    </PanelFrame>
  );
}

function Colour({ name }: { name: string }) {
  return (
    <span className={classes.stack}>
      <span className={classes.swatch} style={{ background: `var(--environment-${name})` }} /> {name}
    </span>
  );
}
