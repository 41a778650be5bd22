import { Kbd } from '../components/Kbd.tsx';
import { useUiState } from '../state/uiState.ts';
import { Dialog } from './Dialog.tsx';
import classes from './KeysSheet.module.css';
import { views } from './views.ts';

const sections = [
  {
    title: 'Everywhere',
    keys: [
      { keys: '⌘K', meaning: 'Search or run' },
      { keys: '/', meaning: 'Filter of the view' },
      { keys: '?', meaning: 'These keys' },
      { keys: 'Esc', meaning: 'Close, leave' },
    ],
  },
  {
    title: 'In lists',
    keys: [
      { keys: 'j k', meaning: 'Down, up' },
      { keys: '↵', meaning: 'Open' },
      { keys: 'n N', meaning: 'Logs: next match, one before' },
      { keys: 'w', meaning: 'Logs: break long lines' },
    ],
  },
  {
    title: 'Go to',
    keys: [
      { keys: 'g h', meaning: 'Start' },
      ...views.map((view) => ({ keys: view.key as string, meaning: view.label as string })),
    ],
  },
];

export function KeysSheet() {
  const { keysShown, showKeys } = useUiState();
  return (
    <Dialog title="Keys" shown={keysShown} onClose={() => showKeys(false)} width="560px">
      <div className={classes.columns}>
        {sections.map((section) => (
          <section key={section.title}>
            <h3 className={classes.heading}>{section.title}</h3>
            <dl className={classes.list}>
              {section.keys.map((entry) => (
                <div key={entry.keys} className={classes.entry}>
                  <dt>
                    <Kbd keys={entry.keys} />
                  </dt>
                  <dd>{entry.meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
