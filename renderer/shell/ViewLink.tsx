import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useEnvironmentId } from './environment.ts';
import { type ViewName, viewPaths } from './views.ts';

export interface ViewLinkProps {
  className?: string | undefined;
  title?: string | undefined;
  onClick?: () => void;
  /** Marks for styles, as of `buttonLook` and `chipLook`. */
  'data-look'?: string;
  'data-level'?: string | undefined;
  'data-size'?: string;
  view: ViewName;
  search?: Record<string, string>;
  children: ReactNode;
}

/** A link to a view of the open environment: `<ViewLink view="services" search={{ service: 'search' }}>`. */
export function ViewLink({ view, search = {}, children, ...rest }: ViewLinkProps) {
  const environment = useEnvironmentId();
  return (
    <Link to={viewPaths[view]} params={{ environment }} search={search} {...(rest as Record<string, unknown>)}>
      {children}
    </Link>
  );
}
