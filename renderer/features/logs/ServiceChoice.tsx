import { Menu } from '@mantine/core';
import { useLive } from '../../api/useLive.ts';
import { buttonLook } from '../../components/Button.tsx';
import { formatQuantity } from '../../components/format.ts';
import classes from './LogToolbar.module.css';
import { toServiceColour } from './serviceColour.ts';

export interface ServiceChoiceProps {
  environment: string;
  /** Empty: all. */
  chosen: readonly string[];
  onChoose: (services: readonly string[]) => void;
}

/** Whose lines are shown: all services, or some of them. */
export function ServiceChoice({ environment, chosen, onChoose }: ServiceChoiceProps) {
  const { data } = useLive('stack.topology', { environment });
  // Those that an address names are listed although they are not there.
  const names = [...new Set([...(data?.services.map(({ name }) => name) ?? []), ...chosen])].toSorted();
  const [only] = chosen;
  const label =
    chosen.length === 0 ? 'All services' : chosen.length === 1 ? only : formatQuantity(chosen.length, 'service');
  const toggle = (name: string) =>
    onChoose(chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name]);
  return (
    <Menu position="bottom-start" offset={6} closeOnItemClick={false} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button type="button" {...buttonLook()} data-active={chosen.length > 0 || undefined}>
          <span className={classes.services}>{label}</span> <span aria-hidden="true">▾</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown}>
        <Menu.Item role="menuitemcheckbox" aria-checked={chosen.length === 0} onClick={() => onChoose([])}>
          <Check isChecked={chosen.length === 0} /> All services
        </Menu.Item>
        <Menu.Divider />
        {names.map((name) => (
          <Menu.Item
            key={name}
            role="menuitemcheckbox"
            aria-checked={chosen.includes(name)}
            onClick={() => toggle(name)}
          >
            <Check isChecked={chosen.includes(name)} /> <span style={{ color: toServiceColour(name) }}>{name}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Check({ isChecked }: { isChecked: boolean }) {
  return (
    <span className={classes.check} aria-hidden="true">
      {isChecked ? '✓' : ''}
    </span>
  );
}
