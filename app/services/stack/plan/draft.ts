// A plan while it is made: steps without their waves, notes as they are found.
import type { FieldChange, Gate, PlanNote, PlanStep, StepAction } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';

export type StepDraft = Omit<PlanStep, 'wave'>;

export interface Draft {
  readonly steps: StepDraft[];
  readonly warnings: PlanNote[];
  readonly blockers: PlanNote[];
}

export function createDraft(): Draft {
  return { steps: [], warnings: [], blockers: [] };
}

export const imageStepId = (reference: string) => `image ${reference}`;
export const networkStepId = (name: string) => `network ${name}`;
export const volumeStepId = (name: string) => `volume ${name}`;
/** Stopping before its networks are made anew is a step of its own. */
export const stopStepId = (container: string) => `stop ${container}`;
export const containerStepId = (container: string) => `container ${container}`;

interface ContainerStepInput {
  readonly id?: string;
  readonly action: StepAction;
  readonly name: string;
  readonly service: string | null;
  readonly replica: number | null;
  readonly existing?: StackContainer | undefined;
  readonly reason: string;
  readonly changes?: readonly FieldChange[];
  readonly needs?: readonly string[];
  readonly gates?: readonly Gate[];
  readonly onlyIfNewImage?: string | null;
}

export function toContainerStep(input: ContainerStepInput): StepDraft {
  return {
    id: input.id ?? containerStepId(input.name),
    resource: 'container',
    action: input.action,
    name: input.name,
    key: input.service,
    replica: input.replica,
    target: input.existing?.id ?? null,
    reason: input.reason,
    changes: [...(input.changes ?? [])],
    onlyIfNewImage: input.onlyIfNewImage ?? null,
    needs: [...new Set(input.needs ?? [])],
    gates: [...(input.gates ?? [])],
  };
}

interface PartStepInput {
  readonly resource: 'image' | 'network' | 'volume';
  readonly action: StepAction;
  readonly name: string;
  readonly key: string | null;
  readonly target?: string | null;
  readonly reason: string;
  readonly changes?: readonly FieldChange[];
  readonly needs?: readonly string[];
}

export function toPartStep(input: PartStepInput): StepDraft {
  return {
    id: `${input.resource} ${input.name}`,
    resource: input.resource,
    action: input.action,
    name: input.name,
    key: input.key,
    replica: null,
    target: input.target ?? null,
    reason: input.reason,
    changes: [...(input.changes ?? [])],
    onlyIfNewImage: null,
    needs: [...new Set(input.needs ?? [])],
    gates: [],
  };
}
