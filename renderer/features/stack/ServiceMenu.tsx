import { Menu } from '@mantine/core';
import type { Service } from '../../../app/contract/index.ts';
import type { PlanWish } from './planWish.ts';
import classes from './ServiceMenu.module.css';
import { findServiceVerbs } from './serviceVerbs.ts';

export interface ServiceMenuProps {
  service: Pick<Service, 'name' | 'containers'>;
  onWish: (wish: PlanWish) => void;
  /** Opens a part of its drawer; without it there are the verbs alone. */
  onPart?: ((part: 'ports' | 'terminal') => void) | undefined;
}

/** The verbs of one service, at the end of its row; each leads to a plan that says whom it hits. */
export function ServiceMenu({ service, onWish, onPart }: ServiceMenuProps) {
  const isRunning = service.containers.some(({ state }) => state === 'running');
  return (
    <Menu position="bottom-end" offset={4} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button type="button" className={classes.button} aria-label={`Verbs of ${service.name}`}>
          <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true" fill="currentColor">
            <circle cx="2.5" cy="7" r="1.3" />
            <circle cx="7" cy="7" r="1.3" />
            <circle cx="11.5" cy="7" r="1.3" />
          </svg>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {onPart && isRunning ? (
          <>
            <Menu.Item onClick={() => onPart('ports')}>Open a port…</Menu.Item>
            <Menu.Item onClick={() => onPart('terminal')}>Terminal…</Menu.Item>
            <Menu.Divider />
          </>
        ) : null}
        {findServiceVerbs(service).map(({ label, wish, isEnding }) => (
          <Menu.Item key={wish.verb} className={isEnding ? classes.ending : undefined} onClick={() => onWish(wish)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
