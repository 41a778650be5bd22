// Beside the diff: what stands in the way, whom it hits, and what becomes of ports, data and images.
import type { ReactNode } from 'react';
import type { Level, Plan, PlanNote, Topology } from '../../../app/contract/index.ts';
import { useLive } from '../../api/useLive.ts';
import { formatBytes } from '../../components/format.ts';
import { BlastRadiusFacts } from './BlastRadiusFacts.tsx';
import { toBlastRadius } from './blastRadius.ts';
import classes from './PlanImpact.module.css';
import { PlanNotes } from './PlanNotes.tsx';
import { findInterrupted, sortByDowntime, toDowntimeText, toPortText, toWriterText } from './planView.ts';

export function PlanImpact({ environment, plan }: { environment: string; plan: Plan }) {
  const { data: topology } = useLive('stack.topology', { environment });
  // Whom it hits says the same with its numbers, once it is known who depends on whom.
  const warnings = plan.warnings.filter(({ code }) => topology === null || code !== 'dependents-affected');
  return (
    <div className={classes.impact}>
      <Notes title="Stands in the way" level="down" notes={plan.blockers} />
      <Notes title="To be known" level="degraded" notes={warnings} />
      {topology ? <Hit topology={topology} plan={plan} /> : null}
      <Ports ports={plan.ports} />
      <Volumes plan={plan} />
      <Images images={plan.images} />
      <Downtime downtime={plan.downtime} />
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.part}>
      <h3 className={classes.heading}>{title}</h3>
      {children}
    </section>
  );
}

function Notes({ title, level, notes }: { title: string; level: Level; notes: readonly PlanNote[] }) {
  if (notes.length === 0) return null;
  return (
    <Part title={title}>
      <PlanNotes notes={notes} level={level} />
    </Part>
  );
}

function Hit({ topology, plan }: { topology: Topology; plan: Plan }) {
  const metrics = useLive('metrics.routes', { environment: topology.environment });
  const services = findInterrupted(plan);
  if (services.length === 0) return null;
  const radius = toBlastRadius(services, topology, metrics.state === 'live' ? metrics.data : null);
  return (
    <Part title="Whom it hits">
      <BlastRadiusFacts radius={radius} />
    </Part>
  );
}

function Ports({ ports: { opened, closed } }: Pick<Plan, 'ports'>) {
  if (opened.length + closed.length === 0) return null;
  return (
    <Part title="Ports of the machine">
      <ul className={classes.lines}>
        {opened.map((port) => (
          <Line key={`+${toPortText(port)}`} sign="+" words="opened" tone="added">
            {toPortText(port)}
          </Line>
        ))}
        {closed.map((port) => (
          <Line key={`-${toPortText(port)}`} sign="−" words="closed" tone="removed">
            {toPortText(port)}
          </Line>
        ))}
      </ul>
    </Part>
  );
}

interface LineProps {
  sign: string;
  /** What the sign says. */
  words: string;
  tone: 'added' | 'removed' | 'kept';
  children: ReactNode;
}

function Line({ sign, words, tone, children }: LineProps) {
  return (
    <li className={classes.line} data-tone={tone}>
      <span className={classes.sign} aria-hidden="true">
        {sign}
      </span>
      <span className="heard">{words} </span>
      <span className={classes.lineText}>{children}</span>
    </li>
  );
}

const fates = {
  created: { sign: '+', tone: 'added' },
  kept: { sign: '=', tone: 'kept' },
  removed: { sign: '−', tone: 'removed' },
} as const;

/** Where data lies, how much it is, and of which mode it is. */
function Volumes({ plan: { volumes, steps } }: { plan: Plan }) {
  if (volumes.length === 0 || steps.length === 0) return null;
  return (
    <Part title="Volumes">
      <ul className={classes.lines}>
        {volumes.map((volume) => (
          <Line key={volume.name} {...fates[volume.fate]} words={volume.fate}>
            <span className="mono">{volume.name}</span>
            <span className="dim">
              {' '}
              {volume.fate}, {toWriterText(volume)}
              {volume.fate === 'created'
                ? ''
                : `, ${volume.sizeBytes === null ? 'size unknown' : formatBytes(volume.sizeBytes)}`}
              {volume.services.length > 0 ? `, for ${volume.services.join(', ')}` : ''}
            </span>
          </Line>
        ))}
      </ul>
    </Part>
  );
}

const imageWords = { toPull: 'to pull', toBuild: 'to build', missing: 'missing', present: 'present' } as const;

function Images({ images }: Pick<Plan, 'images'>) {
  const wanted = images.filter(({ state }) => state !== 'present');
  if (wanted.length === 0) return null;
  return (
    <Part title="Images">
      <ul className={classes.lines}>
        {wanted.map(({ reference, state, services }) => (
          <Line
            key={reference}
            sign={state === 'missing' ? '!' : '+'}
            words=""
            tone={state === 'missing' ? 'removed' : 'added'}
          >
            <span className="mono">{reference}</span>
            <span className="dim">
              {' '}
              {imageWords[state]}, for {services.join(', ')}
            </span>
          </Line>
        ))}
      </ul>
    </Part>
  );
}

function Downtime({ downtime }: Pick<Plan, 'downtime'>) {
  if (downtime.length === 0) return null;
  return (
    <Part title="Downtime, estimated">
      <ul className={classes.lines}>
        {sortByDowntime(downtime).map((one) => (
          <li key={one.service} className={classes.downtime} title={one.basis}>
            <span>{one.service}</span>
            <span className="dim">{toDowntimeText(one)}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}
