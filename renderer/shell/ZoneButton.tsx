import { chipLook } from '../components/Chip.tsx';
import { useTimes } from '../components/useTimes.ts';
import { usePreferences } from '../state/preferences.ts';

/** In which zone all clocks are, and the other one at a press. */
export function ZoneButton() {
  const { zone, zoneName } = useTimes();
  const toggle = useToggleZone();
  const other = zone === 'utc' ? 'the clock of this machine' : 'UTC';
  return (
    <button
      type="button"
      className={chipLook().className}
      onClick={toggle}
      aria-label={`Times are in ${zoneName}; show ${other}`}
      title={`Times are in ${zoneName}; press for ${other}`}
    >
      {zone === 'utc' ? 'UTC' : 'local'}
    </button>
  );
}

export function useToggleZone(): () => void {
  const { timeZone, setTimeZone } = usePreferences();
  return () => setTimeZone(timeZone === 'utc' ? 'local' : 'utc');
}
