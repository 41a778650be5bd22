// The posture in a few words, for the overview. Pure.
import type { Level, Posture } from '../../../app/contract/index.ts';
import { formatQuantity } from '../../components/format.ts';

export function toExposure({ failing, unknown, mode }: Pick<Posture, 'failing' | 'unknown' | 'mode'>): {
  level: Level;
  text: string;
} {
  const grave = (['critical', 'high'] as const).filter((severity) => failing[severity] > 0);
  if (grave.length > 0) {
    const counts = grave.map((severity) => `${failing[severity]} ${severity}`).join(', ');
    return { level: 'down', text: `not closed: ${counts}` };
  }
  const lesser = failing.medium + failing.low;
  if (lesser > 0) return { level: 'degraded', text: `${formatQuantity(lesser, 'lesser rule')} to mend` };
  const open = unknown.critical + unknown.high;
  if (open > 0) return { level: 'unknown', text: `${formatQuantity(open, 'grave rule')} not known` };
  return {
    level: 'ok',
    text: mode === 'prod' ? 'closed, as production has to be' : 'as closed as development has to be',
  };
}
