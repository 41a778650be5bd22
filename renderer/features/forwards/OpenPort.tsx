// Opening a port of one service: those it is known to have, any other, and the yes to a helper container where it takes one.
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { type Forward, type HelperConsent, problemOf, type Service } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { TextField } from '../../components/Field.tsx';
import { PanelFailure } from '../../components/Panel.tsx';
import { GuardGate } from '../../shell/GuardGate.tsx';
import classes from './Forwards.module.css';
import { listPorts, parsePortText, toAddress, toForwardCommand } from './forwardText.ts';
import { HelperQuestion } from './HelperQuestion.tsx';

export interface OpenPortProps {
  environment: string;
  service: Pick<Service, 'name' | 'ports'>;
  /** Those of this service that are open. */
  open: readonly Forward[];
}

interface Wish {
  port: number;
  localPort?: number;
  helper?: HelperConsent;
}

export function OpenPort({ environment, service, open }: OpenPortProps) {
  const mutation = useMutation(useTRPC().forwards.open.mutationOptions());
  const [wish, setWish] = useState<Wish | null>(null);
  const problem = mutation.error ? problemOf(mutation.error) : null;
  return (
    <GuardGate what="Opening a port">
      {({ confirm, isSaid }) => {
        const ask = (next: Wish) => {
          setWish(next);
          const { name } = service;
          mutation.mutate({ environment, service: name, ...next, ...(confirm === undefined ? {} : { confirm }) });
        };
        const isHeld = !isSaid || mutation.isPending;
        return (
          <>
            <KnownPorts service={service} open={open} isHeld={isHeld} onOpen={(port) => ask({ port })} />
            <OtherPort service={service.name} isHeld={isHeld} onOpen={ask} />
            {problem?.code === 'helper-needed' && wish ? (
              <HelperQuestion
                environment={environment}
                service={service.name}
                port={wish.port}
                isBusy={mutation.isPending}
                onConsent={(helper) => ask({ ...wish, helper })}
              />
            ) : null}
            {problem && problem.code !== 'helper-needed' ? <PanelFailure problem={problem} /> : null}
          </>
        );
      }}
    </GuardGate>
  );
}

interface KnownPortsProps {
  service: OpenPortProps['service'];
  open: readonly Forward[];
  isHeld: boolean;
  onOpen: (port: number) => void;
}

function KnownPorts({ service, open, isHeld, onOpen }: KnownPortsProps) {
  const ports = listPorts(service.ports);
  if (ports.length === 0) return <p className="dim">Its image names no port; any that it listens on can be opened.</p>;
  return (
    <ul className={classes.ports} aria-label={`Ports of ${service.name}`}>
      {ports.map(({ port, published }) => {
        const opened = open.find((forward) => forward.port === port);
        return (
          <li key={port} className={classes.port}>
            <b className="mono">{port}</b>
            <span className="dim">{published === null ? 'not published' : `published on ${published}`}</span>
            {opened ? (
              <span className="dim">open on {toAddress(opened)}</span>
            ) : (
              <Button size="small" disabled={isHeld} onClick={() => onOpen(port)} aria-label={`Open port ${port}`}>
                Open
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface OtherPortProps {
  service: string;
  isHeld: boolean;
  onOpen: (wish: Wish) => void;
}

function OtherPort({ service, isHeld, onOpen }: OtherPortProps) {
  const id = useId();
  const [text, setText] = useState('');
  const [localText, setLocalText] = useState('');
  const [port, localPort] = [parsePortText(text), parsePortText(localText)];
  const isRight = typeof port === 'number' && localPort !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isRight && !isHeld) onOpen({ port, ...(localPort === undefined ? {} : { localPort }) });
  };
  const field = (name: string, value: string, onChange: (next: string) => void) => ({
    id: `${id}-${name}`,
    className: classes.number,
    value,
    inputMode: 'numeric' as const,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  });
  return (
    <form className={classes.other} onSubmit={submit}>
      <label htmlFor={`${id}-port`}>Another port</label>
      <TextField {...field('port', text, setText)} placeholder="8080" aria-invalid={port === null} />
      <label htmlFor={`${id}-local`}>on this machine as</label>
      <TextField
        {...field('local', localText, setLocalText)}
        placeholder="the same"
        aria-invalid={localPort === null}
      />
      <Button type="submit" disabled={!isRight || isHeld}>
        Open
      </Button>
      {isRight ? <CopyCommand command={toForwardCommand(service, port, localPort)} /> : null}
    </form>
  );
}
