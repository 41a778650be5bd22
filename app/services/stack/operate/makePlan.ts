// From a request to the plan of its verb. Pure.
import { GatehouseError, type PlanRequest } from '../../../contract/index.ts';
import type { Project } from '../compose/project.ts';
import type { ObservedStack } from '../plan/observedStack.ts';
import { planDown } from '../plan/planDown.ts';
import { planRestart } from '../plan/planRestart.ts';
import { planScale } from '../plan/planScale.ts';
import { planService } from '../plan/planService.ts';
import { planSwitch } from '../plan/planSwitch.ts';
import { planUp } from '../plan/planUp.ts';
import type { PlanOptions, PreparedPlan } from '../plan/preparedPlan.ts';

export interface PlanInput {
  /** null: the files are not known; then only what runs can be acted on. */
  readonly project: Project | null;
  readonly observed: ObservedStack;
  /** From the files: mode, labels, profiles. */
  readonly fileOptions: PlanOptions;
}

/** Throws `bad-input` for a request that says too little, `stack-unknown` where the files are needed, and as plans do. */
export function makePlan(request: PlanRequest, { project, observed, fileOptions }: PlanInput): PreparedPlan {
  const { verb, services, scale, removeOrphans, typed } = request;
  const common: PlanOptions = { ...fileOptions, services, removeOrphans };
  switch (verb) {
    case 'up': {
      const { withDependencies, recreate, pull, build } = request;
      return planUp(requireProject(project, verb), observed, {
        ...common,
        ...{ scale, withDependencies, recreate, pull, build },
      });
    }
    case 'scale':
      if (!scale || Object.keys(scale).length === 0)
        throw tooLittle('scale needs a service and its number of replicas');
      return planScale(requireProject(project, verb), observed, { ...fileOptions, scale });
    case 'switch':
      return planSwitch(observed, requireProject(project, verb), {
        ...fileOptions,
        mode: fileOptions.mode ?? 'dev',
        carryData: request.carryData,
        confirmCarry: typed,
      });
    case 'down':
      return planDown(project, observed, {
        ...common,
        removeVolumes: request.removeVolumes,
        confirmVolumes: typed,
      });
    case 'restart':
      return planRestart(project, observed, common);
    default:
      if (!services || services.length === 0) throw tooLittle(`${verb} needs the services that it is for`);
      return planService(project, observed, { ...fileOptions, verb, services });
  }
}

/** The verbs that need the files, since they bring about what is not there. */
export function needsFiles(verb: PlanRequest['verb']): boolean {
  return verb === 'up' || verb === 'scale' || verb === 'switch';
}

function requireProject(project: Project | null, verb: string): Project {
  if (project) return project;
  throw filesUnknown(verb);
}

export function filesUnknown(verb: string): GatehouseError {
  return new GatehouseError({
    code: 'stack-unknown',
    message: `${verb} needs the compose files of this project, and where they are is not known.`,
    remedy: 'Open their folder on the Start view, or give it with --stack DIR.',
  });
}

function tooLittle(message: string): GatehouseError {
  return new GatehouseError({ code: 'bad-input', message: `${message}.`, remedy: 'Name it and try again.' });
}
