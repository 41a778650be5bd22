import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonLook } from '../../components/Button.tsx';
import { type LogsWanted, logsAddress } from './logsAddress.ts';

/** To the lines of services at a time; without any service there is nothing to link to. */
export function LogsLink({
  environment,
  wanted,
  children,
}: {
  environment: string;
  wanted: LogsWanted;
  children: ReactNode;
}) {
  const { history } = useRouter();
  if (wanted.services.length === 0) return null;
  const address = logsAddress(environment, wanted);
  return (
    <a
      href={address}
      {...buttonLook('normal', 'small')}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        history.push(address);
      }}
    >
      {children}
    </a>
  );
}
