import type { Forward } from '../../../app/contract/index.ts';
import { Button, buttonLook } from '../../components/Button.tsx';
import { useCopied } from '../../components/CopyCommand.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { Since, TimeText, Until } from '../../components/TimeText.tsx';
import classes from './Forwards.module.css';
import { sayConnections, sayOpener, sayTraffic, stateLevels, toAddress, toUrl } from './forwardText.ts';
import { useCloseForward } from './useForwards.ts';

export interface ForwardListProps {
  environment: string;
  label: string;
  forwards: readonly Forward[];
}

/** Open ports with what passes through them; those that were closed say why. */
export function ForwardList({ environment, label, forwards }: ForwardListProps) {
  const { close, isPending } = useCloseForward(environment);
  return (
    <ul className={classes.list} aria-label={label}>
      {forwards.map((forward) => (
        <li key={forward.id} className={classes.forward} data-state={forward.state}>
          <div className={classes.head}>
            <b className={classes.target}>
              {forward.service}:{forward.port}
            </b>
            <StatusText level={stateLevels[forward.state]}>
              {forward.state === 'ended' ? 'closed' : forward.state}, {forward.detail}
            </StatusText>
          </div>
          {forward.state === 'ended' ? null : (
            <div className={classes.verbs}>
              <Address forward={forward} />
              <OpenInBrowser forward={forward} />
              <Button size="small" disabled={isPending} onClick={() => close(forward.id)}>
                Close
              </Button>
            </div>
          )}
          <ForwardFigures forward={forward} />
        </li>
      ))}
    </ul>
  );
}

function Address({ forward }: { forward: Forward }) {
  const [copied, copy] = useCopied();
  const address = toAddress(forward);
  return (
    <button
      type="button"
      className={classes.address}
      title={`Copy the address; it listens on ${forward.addresses.join(' and ')} alone`}
      onClick={() => copy(address)}
    >
      <code>{address}</code>
      <span className={classes.copied} aria-live="polite">
        {copied ? 'Copied' : 'Copy'}
      </span>
    </button>
  );
}

function OpenInBrowser({ forward }: { forward: Forward }) {
  const url = toUrl(forward);
  if (url === null || forward.state !== 'open') return null;
  return (
    <a {...buttonLook('normal', 'small')} href={url} target="_blank" rel="noopener noreferrer">
      Open in the browser
    </a>
  );
}

function ForwardFigures({ forward }: { forward: Forward }) {
  const { state, openedAt, endedAt, closesAt, helper } = forward;
  return (
    <p className={classes.figures}>
      <span>{sayConnections(forward)}</span>
      <span>{sayTraffic(forward)}</span>
      <span>
        {sayOpener(forward)},{' '}
        {state === 'ended' ? (
          <>
            closed at <TimeText at={endedAt} />
          </>
        ) : (
          <>
            <Since at={openedAt} full /> ago
          </>
        )}
      </span>
      {closesAt === null ? null : (
        <span>
          closes in <Until at={closesAt} /> unless somebody connects
        </span>
      )}
      {helper === null ? null : <span className="mono">helper {helper}</span>}
    </p>
  );
}
