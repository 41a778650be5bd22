import type { Posture } from '../../../app/contract/index.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import classes from './PostureView.module.css';

/** What is wrong with the file of waivers, which of them count no more, and which nothing needs. */
export function WaiverNotes({ waivers }: { waivers: Posture['waivers'] }) {
  if (waivers.problem === null && waivers.notes.length === 0) return null;
  return (
    <ul className={classes.notes} aria-label="Waivers">
      {waivers.problem ? (
        <li>
          <StatusText level="degraded">{waivers.problem} None of them counts.</StatusText>
        </li>
      ) : null}
      {waivers.notes.map((note) => (
        <li key={note}>
          <StatusText level="unknown">{note}</StatusText>
        </li>
      ))}
    </ul>
  );
}
