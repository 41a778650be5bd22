import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonLook } from '../../components/Button.tsx';
import { useEnvironmentId } from '../../shell/environment.ts';

/** The address of one trace. */
export function TraceLink({ id, children }: { id: string; children: ReactNode }) {
  const environment = useEnvironmentId();
  const address: string = `/env/${environment}/traces/${id}`;
  return (
    <Link to={address} {...buttonLook('normal', 'small')}>
      {children}
    </Link>
  );
}
