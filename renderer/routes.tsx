// The addresses and the view behind each. A new view is one entry here and one in shell/views.ts.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { StartView } from './features/start/StartView.tsx';
import { NotFound } from './shell/NotFound.tsx';
import { Shell } from './shell/Shell.tsx';
import { parseSearch, stringifySearch } from './shell/searchText.ts';
import { ViewFailure } from './shell/ViewFailure.tsx';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const startRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: StartView });

const galleryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/gallery',
  component: lazyRouteComponent(() => import('./features/gallery/GalleryView.tsx'), 'GalleryView'),
});

const environmentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/env/$environment',
  // Search parameters belong to the views and are plain text.
  validateSearch: (search: Record<string, unknown>) => search as Record<string, string>,
});

const environmentIndexRoute = createRoute({
  getParentRoute: () => environmentRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/env/$environment/overview', params, replace: true });
  },
});

const environmentViews = [
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'overview',
    component: lazyRouteComponent(() => import('./features/overview/OverviewView.tsx'), 'OverviewView'),
  }),
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'topology',
    component: lazyRouteComponent(() => import('./features/topology/TopologyView.tsx'), 'TopologyView'),
  }),
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'traffic',
    component: lazyRouteComponent(() => import('./features/traffic/TrafficView.tsx'), 'TrafficView'),
  }),
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'breakers',
    component: lazyRouteComponent(() => import('./features/breakers/BreakersView.tsx'), 'BreakersView'),
  }),
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'services',
    component: lazyRouteComponent(() => import('./features/services/ServicesView.tsx'), 'ServicesView'),
  }),
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'routes',
    component: lazyRouteComponent(() => import('./features/routes/RoutesView.tsx'), 'RoutesView'),
  }),
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'stack',
    component: lazyRouteComponent(() => import('./features/stack/StackView.tsx'), 'StackView'),
  }),
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'metrics',
    component: lazyRouteComponent(() => import('./features/metrics/MetricsView.tsx'), 'MetricsView'),
  }),
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'traces',
    component: lazyRouteComponent(() => import('./features/traces/TracesView.tsx'), 'TracesView'),
  }),
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'posture',
    component: lazyRouteComponent(() => import('./features/posture/PostureView.tsx'), 'PostureView'),
  }),
  createRoute({
    getParentRoute: () => environmentRoute,
    path: 'timeline',
    component: lazyRouteComponent(() => import('./features/timeline/TimelineView.tsx'), 'TimelineView'),
  }),
] as const;

const routeTree = rootRoute.addChildren([
  startRoute,
  galleryRoute,
  environmentRoute.addChildren([environmentIndexRoute, ...environmentViews]),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: ViewFailure,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
