import { Menu, useMantineColorScheme } from '@mantine/core';
import classes from './AppearanceButton.module.css';

export const schemes = [
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
  { value: 'auto', label: 'As the system' },
] as const;

/** Turns dark to light and back; a system choice turns to the opposite of what is seen. */
export function useAppearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const toggle = () => {
    const isDark = document.documentElement.dataset.mantineColorScheme === 'dark';
    setColorScheme(isDark ? 'light' : 'dark');
  };
  return { colorScheme, setColorScheme, toggle };
}

export function AppearanceButton() {
  const { colorScheme, setColorScheme } = useAppearance();
  return (
    <Menu position="bottom-end" offset={6} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button type="button" className={classes.button} aria-label="Appearance" title="Appearance">
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="1.4" />
            <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
          </svg>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {schemes.map((scheme) => (
          <Menu.Item key={scheme.value} onClick={() => setColorScheme(scheme.value)}>
            <span className={classes.choice} data-chosen={scheme.value === colorScheme || undefined}>
              {scheme.label}
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
