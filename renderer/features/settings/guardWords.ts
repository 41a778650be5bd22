import type { Guard } from '../../../app/contract/index.ts';
import type { Choice } from '../../components/Choices.tsx';

/** What each guard means, in the order of its tightness. */
export const guardWords: readonly Choice<Guard | 'default'>[] = [
  { value: 'default', label: 'As usual for its place', note: 'the sandbox is open, all else starts locked' },
  { value: 'open', label: 'Open', note: 'production still asks' },
  { value: 'confirm', label: 'Asks', note: 'each change is confirmed with the project’s name' },
  { value: 'locked', label: 'Locked', note: 'an unlock lifts it for a while, with a reason' },
  { value: 'readOnly', label: 'Read-only', note: 'no unlock lifts it' },
];
