// Mantine's theme, made of our tokens, and where the chosen colour scheme is kept.
import { createTheme, localStorageColorSchemeManager, type MantineColorsTuple } from '@mantine/core';

/** Mantine wants ten shades of a colour; ours is one token a theme, so each shade is that token. */
function tokenShades(token: string): MantineColorsTuple {
  const shade = `var(${token})`;
  return [shade, shade, shade, shade, shade, shade, shade, shade, shade, shade];
}

export const mantineTheme = createTheme({
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-mono)',
  primaryColor: 'accent',
  colors: { accent: tokenShades('--accent') },
  defaultRadius: 'var(--radius-md)',
  cursorType: 'pointer',
  respectReducedMotion: true,
});

export const colorSchemeManager = localStorageColorSchemeManager({ key: 'gatehouse.appearance' });
