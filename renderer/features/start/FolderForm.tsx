import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { FieldWithVerb } from '../../components/Field.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PanelFailure, PanelFrame } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import classes from './FolderForm.module.css';

/** A folder with compose files, to be read; its project then stands in the list. */
export function FolderForm() {
  const [folder, setFolder] = useState('');
  const open = useMutation(useTRPC().environment.openFolder.mutationOptions());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate({ folder: folder.trim() });
  };
  return (
    <PanelFrame title="Open a folder" source="read, never written">
      <form className={classes.form} onSubmit={submit}>
        <FieldWithVerb
          label="Folder with compose files, on the machine of the host"
          mono
          value={folder}
          onChange={(event) => setFolder(event.target.value)}
          placeholder="/srv/shop"
        >
          <Button type="submit" disabled={folder.trim() === '' || open.isPending}>
            {open.isPending ? 'Reading…' : 'Read'}
          </Button>
        </FieldWithVerb>
        <div role="status">
          {open.data ? (
            <StatusText level="ok">
              {open.data.name}: {formatQuantity(open.data.services, 'service')} in{' '}
              {formatQuantity(open.data.files.length, 'file')}
            </StatusText>
          ) : null}
        </div>
      </form>
      {open.error ? <PanelFailure problem={problemOf(open.error)} /> : null}
      <div className={classes.command}>
        <CopyCommand command={`gatehouse serve --stack ${folder.trim() || 'DIR'}`} />
      </div>
    </PanelFrame>
  );
}
