import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type HelperConsent, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { Labelled, SelectField } from '../../components/Field.tsx';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import classes from './Forwards.module.css';

export interface HelperQuestionProps {
  environment: string;
  service: string;
  port: number;
  isBusy: boolean;
  onConsent: (consent: HelperConsent) => void;
}

/** Says what would be started, from what and where, before anything is. */
export function HelperQuestion({ environment, service, port, isBusy, onConsent }: HelperQuestionProps) {
  const looked = useQuery(useTRPC().forwards.look.queryOptions({ environment, service, port }));
  const [image, setImage] = useState<string | null>(null);
  const [network, setNetwork] = useState<string | null>(null);
  if (looked.isPending) return <PanelSkeleton rows={2} />;
  if (looked.isError) return <PanelFailure problem={problemOf(looked.error)} />;
  const way = looked.data;
  if (way.kind === 'none') return <PanelFailure problem={way.problem} />;
  if (way.kind === 'relay') return <p role="status">{way.through} can carry it now: open it again.</p>;
  const chosen = { image: image ?? way.images[0] ?? '', network: network ?? way.networks[0] ?? '' };
  return (
    <section className={classes.helper} aria-label="A helper container">
      <p>
        {way.reason} A small container can: without rights, with no file that it may write, and gone when the port is
        closed or the console ends, however it ends.
      </p>
      <div className={classes.choices}>
        <Choice label="From the image, which is there" value={chosen.image} options={way.images} onChoose={setImage} />
        <Choice label="on the network" value={chosen.network} options={way.networks} onChoose={setNetwork} />
        <Button look="primary" disabled={isBusy} onClick={() => onConsent(chosen)}>
          {isBusy ? 'Starting…' : 'Start it and open'}
        </Button>
      </div>
    </section>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly string[];
  onChoose: (value: string) => void;
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <Labelled label={label} inline>
      <SelectField value={value} onChoose={onChoose}>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </SelectField>
    </Labelled>
  );
}
