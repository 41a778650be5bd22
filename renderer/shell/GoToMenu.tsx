import { Menu } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { Button } from '../components/Button.tsx';
import { useEnvironmentId } from './environment.ts';
import { type PivotMoment, type PivotSubject, toPivotAddress, toPivots } from './pivot.ts';

export interface GoToMenuProps {
  subject: PivotSubject;
  /** Read when the menu opens, so that what is live is then as it is. */
  moment: () => PivotMoment;
  size?: 'normal' | 'small';
}

/** `Go to…`: everything else about what is shown, at the same moment. */
export function GoToMenu({ subject, moment, size = 'normal' }: GoToMenuProps) {
  const router = useRouter();
  const environment = useEnvironmentId();
  const paths = Object.keys(router.routesByPath);
  return (
    <Menu position="bottom-start" offset={4} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button size={size}>
          Go to <span aria-hidden="true">▾</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {toPivots(subject, moment(), paths).map((pivot) => (
          <Menu.Item
            key={pivot.view}
            onClick={() => void router.navigate({ href: toPivotAddress(environment, pivot) })}
          >
            {pivot.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
