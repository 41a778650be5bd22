// Verbs on the stack and its services for the palette: each opens its plan, which has to be read and said yes to. Pure.
import type { Environment, Service } from '../../app/contract/index.ts';

interface PaletteVerb {
  id: string;
  label: string;
  keywords: string;
  onClick: () => void;
}

type Search = Record<string, string>;

export function toStackVerbs(
  mode: Environment['mode'],
  services: readonly Pick<Service, 'name' | 'containers'>[],
  open: (search: Search) => void,
): PaletteVerb[] {
  const verb = (label: string, search: Search): PaletteVerb => ({
    id: `stack ${Object.values(search).join(' ')}`,
    label: `${label}…`,
    keywords: `stack plan ${search.plan ?? ''}`,
    onClick: () => open(search),
  });
  const other = mode === 'prod' ? 'dev' : 'prod';
  return [
    verb('Bring the stack up', { plan: 'up' }),
    verb('Take the stack down', { plan: 'down' }),
    verb('Restart the stack', { plan: 'restart' }),
    // Where nothing runs there is nothing to switch from.
    ...(mode === 'unknown' ? [] : [verb(`Switch to ${other}`, { plan: 'switch', to: other })]),
    ...services.flatMap(({ name, containers }) =>
      containers.some(({ state }) => state === 'running' || state === 'restarting')
        ? [
            verb(`Restart ${name}`, { plan: 'restart', on: name }),
            verb(`Stop ${name}`, { plan: 'stop', on: name }),
            verb(`Scale ${name}`, { plan: 'scale', scale: `${name}:${containers.length}` }),
          ]
        : [verb(`Start ${name}`, { plan: containers.length > 0 ? 'start' : 'up', on: name })],
    ),
  ];
}

/** Into a service that runs: its ports on this machine, and a terminal. */
export function toReachVerbs(
  services: readonly Pick<Service, 'name' | 'containers'>[],
  open: (search: Search) => void,
): PaletteVerb[] {
  return services
    .filter(({ containers }) => containers.some(({ state }) => state === 'running'))
    .flatMap(({ name }) => [
      {
        id: `ports ${name}`,
        label: `Open a port of ${name}…`,
        keywords: 'forward tunnel reach',
        onClick: () => open({ service: name, tab: 'ports' }),
      },
      {
        id: `terminal ${name}`,
        label: `Terminal in ${name}…`,
        keywords: 'shell exec',
        onClick: () => open({ service: name, tab: 'terminal' }),
      },
    ]);
}
