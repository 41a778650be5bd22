import { EmptyState } from '../../components/EmptyState.tsx';
import { FilterInput } from '../../components/FilterInput.tsx';
import { PanelFrame } from '../../components/Panel.tsx';
import { ShortcutList } from '../../shell/ShortcutList.tsx';
import { findShortcuts } from '../../shell/shortcuts.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import classes from './SettingsView.module.css';

export function ShortcutsPanel() {
  const [search, change] = useViewSearch();
  const text = search.key ?? '';
  const groups = findShortcuts(text);
  return (
    <div className={classes.part}>
      <FilterInput
        value={text}
        onChange={(key) => change({ key })}
        label="Find a key"
        placeholder="Key or what it does"
      />
      <PanelFrame title="Keys" source="the same list is at ?">
        {groups.length === 0 ? (
          <EmptyState title="No key does this" next="The palette at ⌘K or Ctrl K runs everything that has a name." />
        ) : (
          <div className={classes.form}>
            <ShortcutList groups={groups} />
          </div>
        )}
      </PanelFrame>
    </div>
  );
}
