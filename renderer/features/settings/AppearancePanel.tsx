import { useReducedMotion } from '@mantine/hooks';
import { Choices } from '../../components/Choices.tsx';
import { PanelFrame } from '../../components/Panel.tsx';
import { useNow } from '../../components/useNow.ts';
import { toTimes } from '../../components/useTimes.ts';
import { schemes, useAppearance } from '../../shell/AppearanceButton.tsx';
import { usePreferences } from '../../state/preferences.ts';
import classes from './SettingsView.module.css';

export function AppearancePanel() {
  const { colorScheme, setColorScheme } = useAppearance();
  const { timeZone, setTimeZone } = usePreferences();
  const isReduced = useReducedMotion();
  const now = useNow();
  return (
    <div className={classes.part}>
      <PanelFrame title="Appearance" source="this browser">
        <div className={classes.form}>
          <Choices label="Colours" choices={schemes} chosen={colorScheme} onChoose={setColorScheme} />
          <Choices
            label="Times"
            choices={[
              { value: 'utc', label: 'UTC, as logs and traces have it', note: toTimes('utc').moment(now) },
              { value: 'local', label: 'The clock of this machine', note: toTimes('local').moment(now) },
            ]}
            chosen={timeZone}
            onChoose={setTimeZone}
          />
          <p className={classes.note}>What is copied or saved is UTC in any case, so that others read the same.</p>
          <div>
            <p className={classes.label}>Motion</p>
            <p>{isReduced ? 'None: the system asks for reduced motion.' : 'As the system allows it.'}</p>
            <p className={classes.note}>
              It follows the system’s setting for reduced motion, and has no switch of its own.
            </p>
          </div>
        </div>
      </PanelFrame>
    </div>
  );
}
