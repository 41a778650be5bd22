import type { PostureRule, PostureStatus } from '../../../app/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { FilterInput } from '../../components/FilterInput.tsx';
import { ToggleGroup } from '../../components/ToggleGroup.tsx';
import { Toolbar } from '../../components/Toolbar.tsx';
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
    <Toolbar>
      <FilterInput
        value={filter}
        onChange={onFilter}
        label="Filter the rules"
        placeholder="Rule, service, severity: critical postgres"
      />
      <ToggleGroup label="Status">
        {allStatuses.map((one) => (
          <Button
            key={one}
            look="toggle"
            aria-pressed={status === one}
            disabled={counts[one] === 0 && status !== one}
            onClick={() => onStatus(status === one ? null : one)}
          >
            {statusWords[one]} <span className="dim">{counts[one]}</span>
          </Button>
        ))}
      </ToggleGroup>
    </Toolbar>
  );
}
