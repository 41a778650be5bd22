import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './theme/mantine.css';
import './theme/tokens.css';
import './theme/base.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { SessionGate } from './shell/SessionGate.tsx';
import { colorSchemeManager, mantineTheme } from './theme/mantineTheme.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element "root"');

// Mantine would write its variables into inline <style> elements, which the content security policy may forbid:
// the defaults come as a file, ours from theme/.
createRoot(root).render(
  <MantineProvider
    theme={mantineTheme}
    colorSchemeManager={colorSchemeManager}
    defaultColorScheme="dark"
    withCssVariables={false}
    withGlobalClasses={false}
  >
    <SessionGate />
  </MantineProvider>,
);
