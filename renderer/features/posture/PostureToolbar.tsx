import type { PostureRule, PostureStatus } from '../../../app/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { FilterInput } from '../../components/FilterInput.tsx';
import classes from './PostureView.module.css';
import { allStatuses, countStatuses, statusWords } from './postureFilter.ts';

export interface PostureToolbarProps {
  rules: readonly PostureRule[];
  filter: string;
  status: PostureStatus | null;
  onFilter: (filter: string) => void;
  /** null: all. */
  onStatus: (status: PostureStatus | null) => void;
}

export function PostureToolbar({ rules, filter, status, onFilter, onStatus }: PostureToolbarProps) {
  const counts = countStatuses(rules);
  return (
    <div className={classes.toolbar}>
      <FilterInput
        value={filter}
        onChange={onFilter}
        label="Filter the rules"
        placeholder="Rule, service, severity: critical postgres"
      />
      <fieldset className={classes.choices}>
        <legend className="heard">Status</legend>
        {allStatuses.map((one) => (
          <Button
            key={one}
            className={classes.toggle}
            aria-pressed={status === one}
            disabled={counts[one] === 0 && status !== one}
            onClick={() => onStatus(status === one ? null : one)}
          >
            {statusWords[one]} <span className="dim">{counts[one]}</span>
          </Button>
        ))}
      </fieldset>
    </div>
  );
}
