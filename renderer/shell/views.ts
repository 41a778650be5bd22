// The views of an environment, in the order of the navigation. What is not here does not exist yet.

export const views = [
  { name: 'overview', label: 'Overview', group: 'Now', key: 'g o', question: 'Is it well?' },
  {
    name: 'topology',
    label: 'Topology',
    group: 'Now',
    key: 'g y',
    question: 'Who talks to whom, and where does it hurt?',
  },
  { name: 'traffic', label: 'Traffic', group: 'Now', key: 'g t', question: 'What is passing, what failed?' },
  { name: 'breakers', label: 'Breakers', group: 'Now', key: 'g b', question: 'What is tripped, why, until when?' },
  {
    name: 'services',
    label: 'Services',
    group: 'Platform',
    key: 'g s',
    question: 'What is this container doing?',
  },
  { name: 'routes', label: 'Routes', group: 'Platform', key: 'g r', question: 'Where does a request go?' },
  { name: 'stack', label: 'Stack', group: 'Platform', key: 'g k', question: 'What will change?' },
  { name: 'posture', label: 'Posture', group: 'Platform', key: 'g p', question: 'Is production closed?' },
  { name: 'metrics', label: 'Metrics', group: 'Evidence', key: 'g m', question: 'How does it trend?' },
  { name: 'traces', label: 'Traces', group: 'Evidence', key: 'g e', question: 'Where did the time go?' },
  { name: 'timeline', label: 'Timeline', group: 'Evidence', key: 'g l', question: 'What happened, who did it?' },
] as const;

export type ViewName = (typeof views)[number]['name'];
export const viewGroups = ['Now', 'Platform', 'Evidence'] as const;

export const viewPaths = {
  overview: '/env/$environment/overview',
  topology: '/env/$environment/topology',
  traffic: '/env/$environment/traffic',
  breakers: '/env/$environment/breakers',
  services: '/env/$environment/services',
  routes: '/env/$environment/routes',
  stack: '/env/$environment/stack',
  metrics: '/env/$environment/metrics',
  traces: '/env/$environment/traces',
  posture: '/env/$environment/posture',
  timeline: '/env/$environment/timeline',
} as const satisfies Record<ViewName, string>;
