import type { Level, PlanNote } from '../../../app/contract/index.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import classes from './PlanNotes.module.css';

/** What a plan or a run has to say, each with what to do. */
export function PlanNotes({ notes, level, label }: { notes: readonly PlanNote[]; level: Level; label?: string }) {
  return (
    <ul className={classes.notes} aria-label={label}>
      {notes.map((note) => (
        <li key={`${note.code} ${note.subject} ${note.message}`} className={classes.note}>
          <StatusMark level={level} />
          <span>
            {note.message} <span className="dim">{note.remedy}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
