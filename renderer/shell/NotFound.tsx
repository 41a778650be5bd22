import { Link } from '@tanstack/react-router';
import { buttonLook } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';

export function NotFound() {
  return (
    <EmptyState
      title="Nothing has this address"
      next="The view may have been renamed, or the link was cut."
      action={
        <Link to="/" {...buttonLook('primary')}>
          Go to Start
        </Link>
      }
    />
  );
}
