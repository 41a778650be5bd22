import { spotlight } from '@mantine/spotlight';
import { Link } from '@tanstack/react-router';
import { useConnection } from '../api/connection.ts';
import { chipLook } from '../components/Chip.tsx';
import { Kbd } from '../components/Kbd.tsx';
import { StatusText } from '../components/StatusMark.tsx';
import { AppearanceButton } from './AppearanceButton.tsx';
import { BrandMark } from './BrandMark.tsx';
import { EnvironmentChips } from './EnvironmentChips.tsx';
import classes from './TopBar.module.css';
import { ZoneButton } from './ZoneButton.tsx';

export function TopBar({ environment }: { environment: string | null }) {
  return (
    <header className={classes.bar}>
      <Link to="/" className={classes.brand} title="Start">
        <BrandMark /> <span className={classes.name}>Gatehouse</span>
      </Link>
      {environment ? <EnvironmentChips environment={environment} /> : <HostChip />}
      <span className={classes.grow} />
      <button type="button" className={`${chipLook().className} ${classes.palette}`} onClick={() => spotlight.open()}>
        Search or run… <Kbd keys={isApple() ? '⌘K' : 'Ctrl K'} />
      </button>
      <ZoneButton />
      <AppearanceButton />
      {environment ? null : (
        <Link to="/settings" className={chipLook().className}>
          Settings
        </Link>
      )}
    </header>
  );
}

function isApple(): boolean {
  return /Mac|iP(hone|ad)/.test(navigator.platform);
}

function HostChip() {
  const connection = useConnection((state) => state.connection);
  if (connection.state === 'live') return null;
  return (
    <span className={classes.chip}>
      <StatusText level={connection.state === 'lost' ? 'down' : 'unknown'}>
        {connection.state === 'lost' ? 'host lost, reconnecting' : 'connecting to the host'}
      </StatusText>
    </span>
  );
}
