import { Menu } from '@mantine/core';
import { useState } from 'react';
import { buttonLook } from '../../components/Button.tsx';
import {
  givenFilters,
  readSavedFilters,
  type SavedFilter,
  withoutSavedFilter,
  withSavedFilter,
  writeSavedFilters,
} from './savedFilters.ts';
import classes from './TrafficToolbar.module.css';

/** Filters to take up again; the current one is kept under its own text. */
export function SavedFilters({ filter, onFilter }: { filter: string; onFilter: (filter: string) => void }) {
  const [saved, setSaved] = useState(readSavedFilters);
  const change = (next: SavedFilter[]) => {
    setSaved(next);
    writeSavedFilters(next);
  };
  const isSaved = saved.some((one) => one.name === filter);
  return (
    <Menu
      position="bottom-start"
      offset={6}
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button type="button" {...buttonLook()}>
          Saved <span aria-hidden="true">▾</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {givenFilters.map((one) => (
          <Menu.Item key={one.name} onClick={() => onFilter(one.filter)}>
            <span className={classes.savedName}>
              {one.name} <span className={classes.savedFilter}>{one.filter}</span>
            </span>
          </Menu.Item>
        ))}
        {saved.length > 0 ? <Menu.Divider /> : null}
        {saved.map((one) => (
          <Menu.Item key={one.name} onClick={() => onFilter(one.filter)}>
            <span className={classes.savedFilter}>{one.name}</span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        {isSaved ? (
          <Menu.Item onClick={() => change(withoutSavedFilter(saved, filter))}>Forget the filter shown now</Menu.Item>
        ) : (
          <Menu.Item disabled={filter === ''} onClick={() => change(withSavedFilter(saved, { name: filter, filter }))}>
            Save the filter shown now
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
