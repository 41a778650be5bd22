// The token that stands in for an Authorization which nobody kept: given once, or kept where the system seals it.
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Labelled, TextField } from '../../components/Field.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import classes from './ReplayButton.module.css';

export interface TokenChoice {
  token: string;
  usesKept: boolean;
  isToKeep: boolean;
}

export const noToken: TokenChoice = { token: '', usesKept: false, isToKeep: false };

export interface TokenFieldProps {
  environment: string;
  choice: TokenChoice;
  onChoose: (choice: TokenChoice) => void;
}

export function TokenField({ environment, choice, onChoose }: TokenFieldProps) {
  const trpc = useTRPC();
  const { data: about } = useQuery(trpc.secrets.about.queryOptions());
  const { data: kept } = useQuery(trpc.secrets.find.queryOptions({ environment }));
  const { token, usesKept, isToKeep } = choice;
  return (
    <>
      {kept?.keptAt ? (
        <label className={classes.choice}>
          <input
            type="checkbox"
            checked={usesKept}
            onChange={(event) => onChoose({ ...choice, usesKept: event.target.checked })}
          />
          <span>
            Send the token that is kept since <TimeText at={kept.keptAt} look="moment" />
          </span>
        </label>
      ) : null}
      {usesKept ? null : (
        <Labelled label={isToKeep ? 'Bearer token' : 'Bearer token, sent once and written down nowhere'}>
          <TextField
            type="password"
            value={token}
            onChange={(event) => onChoose({ ...choice, token: event.target.value.trim() })}
          />
        </Labelled>
      )}
      {about?.keeps && !usesKept ? (
        <label className={classes.choice}>
          <input
            type="checkbox"
            checked={isToKeep}
            onChange={(event) => onChoose({ ...choice, isToKeep: event.target.checked })}
          />
          <span>Keep it for this environment. {about.detail}</span>
        </label>
      ) : null}
    </>
  );
}
