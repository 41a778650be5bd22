// A plan together with what it was made from: what applying needs, and no UI may see (values of secrets).
import type { Plan } from '../../../contract/index.ts';
import type { LoadedProject } from '../compose/loadProject.ts';
import type { Project } from '../compose/project.ts';
import type { ObservedStack } from './observedStack.ts';

export interface PreparedPlan {
  /** What may be shown, printed and stored: secrets are masked. */
  readonly plan: Plan;
  /** null: planned without files, from what runs alone (`down`, `restart`). */
  readonly project: Project | null;
  readonly observed: ObservedStack;
  readonly options: PlanOptions;
}

export type VariableValues = Readonly<Record<'secrets' | 'configs', Readonly<Record<string, string>>>>;

export interface PlanOptions {
  /** Only these services and what they depend on; all when not given. */
  readonly services?: readonly string[] | undefined;
  /** false: without what they depend on. */
  readonly withDependencies?: boolean | undefined;
  /** The mode that the project is of; written into labels of what is created. */
  readonly mode?: string | null | undefined;
  readonly removeOrphans?: boolean | undefined;
  /** `always`: also what does not differ; `never`: not even what does. */
  readonly recreate?: 'different' | 'always' | 'never' | undefined;
  /** Replicas by service, instead of what the files say. */
  readonly scale?: Readonly<Record<string, number>> | undefined;
  /** Overrides every service's pull_policy. */
  readonly pull?: 'always' | 'missing' | 'never' | undefined;
  /** Build images anew although they are there. */
  readonly build?: boolean | undefined;
  /** Where the files are, for the labels of compose. */
  readonly files?: { readonly folder: string; readonly paths: readonly string[] } | undefined;
  /** Services of the files that are behind a profile which is off: their containers are no orphans. */
  readonly inactive?: readonly string[] | undefined;
  /** What the loader has to say of the files: it becomes warnings of the plan. */
  readonly fileWarnings?: readonly { readonly place: string; readonly message: string }[] | undefined;
  /** By key, of secrets and configs whose source is a variable. Never shown; not given: nobody looked. */
  readonly variableValues?: VariableValues | undefined;
}

export interface DownOptions extends PlanOptions {
  /** Named volumes too. Asked twice: here and by `confirmVolumes`, the project's name typed. */
  readonly removeVolumes?: boolean | undefined;
  readonly confirmVolumes?: string | undefined;
}

export interface SwitchOptions extends PlanOptions {
  readonly mode: string;
  /** Lets containers of one mode use volumes that another mode wrote, when `confirmCarry` is the project's name, typed. */
  readonly carryData?: boolean | undefined;
  readonly confirmCarry?: string | undefined;
}

/** What a plan wants to know of how its project was loaded. */
export function toPlanOptions(loaded: LoadedProject): PlanOptions {
  return {
    files: { folder: loaded.folder, paths: loaded.files },
    inactive: loaded.disabled,
    fileWarnings: loaded.warnings,
    variableValues: loaded.variableValues,
  };
}
