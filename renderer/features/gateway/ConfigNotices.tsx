import { lazy, Suspense, useState } from 'react';
import type { GatewayConfigView } from '../../../app/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { useCopied } from '../../components/CopyCommand.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { Dialog, DialogActions } from '../../shell/Dialog.tsx';
import { TextBlock } from '../stack/TextBlock.tsx';
import classes from './ConfigPanel.module.css';
import type { ConfigDraft } from './configDraft.ts';

const TextCompare = lazy(() =>
  import('./TextCompare.tsx').then(({ TextCompare: component }) => ({ default: component })),
);

export interface ConfigNoticesProps {
  config: GatewayConfigView;
  /** An edit that was made from what is not in force any more. */
  draft: ConfigDraft | null;
  onTakeOver: () => void;
  onDrop: () => void;
}

/** What differs: another one's change from this edit, replicas from each other, what runs from the file. */
export function ConfigNotices({ config, draft, onTakeOver, onDrop }: ConfigNoticesProps) {
  const { replicas, etag, silent, file, patch, lastRefusal } = config;
  const others = replicas.filter((replica) => replica.etag !== etag);
  return (
    <>
      {draft ? <Conflict config={config} draft={draft} onTakeOver={onTakeOver} onDrop={onDrop} /> : null}
      {others.length > 0 ? (
        <Notice level="down">
          Replicas differ: {others.map(({ gateway, revision }) => `${gateway} runs ${revision}`).join(', ')}. What is
          applied next goes to all of them.
        </Notice>
      ) : null}
      {silent > 0 ? (
        <Notice level="degraded">
          {silent} of {silent + replicas.length} replicas do not answer; nothing can be changed until they do.
        </Notice>
      ) : null}
      {lastRefusal ? (
        <Notice level="degraded">
          The last one that was offered ({lastRefusal.origin}, <TimeText at={lastRefusal.at} />) was refused:{' '}
          {lastRefusal.problems[0]?.message}.
        </Notice>
      ) : null}
      {file?.isInForce === false ? (
        <Notice level="degraded" action={patch ? <PatchButton patch={patch} path={file.path} /> : null}>
          What runs is not what <span className="mono">{file.path}</span> says: a restart would take the file. Gatehouse
          does not write it.
        </Notice>
      ) : null}
    </>
  );
}

interface NoticeProps {
  level: 'down' | 'degraded';
  action?: React.ReactNode;
  children: React.ReactNode;
}

function Notice({ level, action, children }: NoticeProps) {
  return (
    <div className={classes.notice} data-level={level} role="status">
      <StatusText level={level}>{children}</StatusText>
      {action}
    </div>
  );
}

/** The difference as `patch` reads it, for the operator to apply to the file. */
function PatchButton({ patch, path }: { patch: string; path: string }) {
  const [shown, show] = useState(false);
  const [copied, copy] = useCopied();
  return (
    <>
      <Button size="small" onClick={() => show(true)}>
        Patch…
      </Button>
      <Dialog title={`From ${path} to what runs`} shown={shown} onClose={() => show(false)} width="min(860px, 92vw)">
        <p className="dim">
          Apply it with <span className="mono">patch -p0</span> where the file lies. Secrets stand masked in it: a hunk
          that touches one has to be made by hand.
        </p>
        <TextBlock label="Patch">{patch}</TextBlock>
        <DialogActions>
          <Button look="primary" onClick={() => copy(patch)}>
            {copied ? 'Copied' : 'Copy the patch'}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}

interface ConflictProps extends Omit<ConfigNoticesProps, 'draft'> {
  draft: ConfigDraft;
}

/** Three texts: what the edit was made from, what somebody else put in force, and the edit. */
function Conflict({ config, draft, onTakeOver, onDrop }: ConflictProps) {
  const [compared, compare] = useState<'theirs' | 'mine' | null>(null);
  const inForce = config.text ?? '';
  return (
    <>
      <Notice level="down">
        Another configuration came into force at <TimeText at={config.at} /> ({config.note ?? config.origin}): your edit
        was made from {draft.base.revision}, and {config.revision} runs.
      </Notice>
      <div className={classes.choice}>
        <Button aria-pressed={compared === 'theirs'} onClick={() => compare(compared === 'theirs' ? null : 'theirs')}>
          What they changed
        </Button>
        <Button aria-pressed={compared === 'mine'} onClick={() => compare(compared === 'mine' ? null : 'mine')}>
          Your edit against theirs
        </Button>
        <span className={classes.grow} />
        <Button onClick={onDrop}>Take theirs, drop the edit</Button>
        <Button onClick={onTakeOver} title="What they changed and your edit does not have is taken back when you apply">
          Keep the edit, to apply over theirs
        </Button>
      </div>
      {compared ? (
        <div className={classes.compared}>
          <Suspense fallback={null}>
            {compared === 'theirs' ? (
              <TextCompare label="What they changed" before={draft.base.text} after={inForce} />
            ) : (
              <TextCompare label="Your edit against theirs" before={inForce} after={draft.text} />
            )}
          </Suspense>
        </div>
      ) : null}
    </>
  );
}
