import type { Posture } from '../../../app/contract/index.ts';
import { formatQuantity } from '../../components/format.ts';
import { StatusText } from '../../components/StatusMark.tsx';
import classes from './PostureView.module.css';

/** What is wrong with the file of waivers, which of them count no more, and which nothing needs. */
export function WaiverNotes({ waivers }: { waivers: Posture['waivers'] }) {
  if (waivers.problem === null && waivers.notes.length === 0) return null;
  return (
    <section className={classes.notes} aria-label="Waivers">
      {waivers.problem ? <StatusText level="degraded">{waivers.problem} None of them counts.</StatusText> : null}
      {waivers.notes.length > 0 ? (
        <details>
          <summary>
            <StatusText level="unknown">{formatQuantity(waivers.notes.length, 'remark')} on the waivers</StatusText>
          </summary>
          <ul className={classes.remarks}>
            {waivers.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}
