import { Menu } from '@mantine/core';
import type { Environment } from '../../../app/contract/index.ts';
import { Button } from '../../components/Button.tsx';
import { type PlanWish, wishFor } from './planWish.ts';

export interface StackVerbsProps {
  mode: Environment['mode'];
  /** The guard lets changes through, perhaps after a confirmation. */
  isOpen: boolean;
  onWish: (wish: PlanWish) => void;
}

/** Each verb leads to a plan. Behind a guard plans can be read all the same: making one changes nothing. */
export function StackVerbs({ mode, isOpen, onWish }: StackVerbsProps) {
  const other = mode === 'prod' ? 'dev' : 'prod';
  const goOn = mode === 'unknown' ? wishFor('up', { mode: other }) : wishFor('switch', { mode: other });
  const switchLabel = mode === 'unknown' ? `Bring up in ${other}…` : `Switch to ${other}…`;
  if (!isOpen) {
    return (
      <Menu position="bottom-end" offset={6} transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <Button>Plan without doing…</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onWish(wishFor('up'))}>Bring up</Menu.Item>
          <Menu.Item onClick={() => onWish(goOn)}>{switchLabel.slice(0, -1)}</Menu.Item>
          <Menu.Item onClick={() => onWish(wishFor('restart'))}>Restart</Menu.Item>
          <Menu.Item onClick={() => onWish(wishFor('down'))}>Take down</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    );
  }
  return (
    <>
      <Button look="danger" onClick={() => onWish(wishFor('down'))}>
        Take down…
      </Button>
      <Button onClick={() => onWish(wishFor('restart'))}>Restart…</Button>
      <Button onClick={() => onWish(goOn)}>{switchLabel}</Button>
      <Button look="primary" onClick={() => onWish(wishFor('up'))}>
        Bring up…
      </Button>
    </>
  );
}
