// The first chip: which stack is open, and the others with the verdict, the place and the guard of each.
import { Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { EnvironmentColour, FoundProject } from '../../app/contract/index.ts';
import { useLive } from '../api/useLive.ts';
import { chipLook } from '../components/Chip.tsx';
import { formatQuantity } from '../components/format.ts';
import { StatusMark } from '../components/StatusMark.tsx';
import classes from './EnvironmentMenu.module.css';
import { guardWords } from './environment.ts';

/** Each one that is looked at is opened on the host while the menu is: more are found, and not looked at. */
const LOOKED_AT = 10;

export interface EnvironmentMenuProps {
  id: string;
  name: string;
  colour: EnvironmentColour | undefined;
}

export function EnvironmentMenu({ id, name, colour }: EnvironmentMenuProps) {
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  return (
    <Menu
      position="bottom-start"
      offset={6}
      transitionProps={{ duration: 0 }}
      opened={isOpen}
      onChange={setOpen}
      width={420}
    >
      <Menu.Target>
        <button type="button" className={`${chipLook().className} ${classes.chip}`} title="Other environments">
          <Swatch colour={colour} />
          <b>{name}</b> <span aria-hidden="true">▾</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {isOpen ? <Stacks id={id} /> : null}
        <Menu.Divider />
        <Menu.Item onClick={() => void navigate({ to: '/' })}>Start…</Menu.Item>
        <Menu.Item
          onClick={() =>
            void navigate({ to: '/env/$environment/settings', params: { environment: id }, search: { part: 'stacks' } })
          }
        >
          Names, colours and guards…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Stacks({ id }: { id: string }) {
  const navigate = useNavigate();
  const { data: found } = useLive('environment.found');
  const projects = found?.projects ?? [];
  const open = (environment: string) => void navigate({ to: '/env/$environment/overview', params: { environment } });
  return projects.map((project, place) => (
    <Menu.Item
      key={project.environment}
      aria-current={project.environment === id ? 'true' : undefined}
      className={classes.item}
      onClick={() => open(project.environment)}
    >
      {place < LOOKED_AT ? <LookedAt project={project} /> : <Found project={project} />}
    </Menu.Item>
  ));
}

function LookedAt({ project }: { project: FoundProject }) {
  const { data, state } = useLive('environment.watch', { environment: project.environment });
  if (!data) return <Found project={project} />;
  const { verdict, mode, place, guard, engineKind } = data;
  // The last word of a host that is gone is not shown as the current one.
  const level = state === 'live' ? verdict.level : 'unknown';
  return (
    <span className={classes.stack}>
      <Swatch colour={data.colour} />
      <span className={classes.words}>
        <span className={classes.name}>
          <b>{data.name}</b>
          <span className={classes.facts}>
            {engineKind === 'sandbox' ? 'SANDBOX' : mode === 'unknown' ? 'mode unknown' : mode} · {place} ·{' '}
            {guardWords[guard]}
          </span>
        </span>
        <span className={classes.verdict}>
          <StatusMark level={level} /> {verdict.impact}
        </span>
      </span>
    </span>
  );
}

function Found({ project }: { project: FoundProject }) {
  return (
    <span className={classes.stack}>
      <Swatch colour={undefined} />
      <span className={classes.words}>
        <span className={classes.name}>
          <b>{project.name}</b>
          <span className={classes.facts}>on {project.engine}</span>
        </span>
        <span className={classes.verdict}>{formatQuantity(project.containers.running, 'container')} running</span>
      </span>
    </span>
  );
}

function Swatch({ colour }: { colour: EnvironmentColour | undefined }) {
  return (
    <span className={classes.swatch} style={colour ? { background: `var(--environment-${colour})` } : undefined} />
  );
}
