// Which images a stack uses: what the names in its files stand for now, and what its containers were made from.
import type { ImageFacts, StackImages, UsedImage } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { StackImage } from '../../docker/stackParts.ts';
import type { Project } from '../compose/project.ts';
import type { ObservedStack } from '../plan/observedStack.ts';
import { toImageReference } from '../spec/names.ts';
import { readText } from '../spec/rawValues.ts';

type ImagesById = ReadonlyMap<string, StackImage | null>;

/** Without a project the names are those that the containers were made with. */
export async function readStackImages(
  engine: Engine,
  project: Project | null,
  observed: ObservedStack,
): Promise<StackImages> {
  const known = new Map(Object.values(observed.images).flatMap((image) => (image ? [[image.id, image] as const] : [])));
  const look = async (reference: string) => (await engine.stack.images.inspect(reference)) ?? null;
  const ids = [...new Set(membersOf(observed).map(({ imageId }) => imageId))].filter((id) => !known.has(id));
  const older = await Promise.all(ids.map(async (id) => [id, await look(id)] as const));
  // Those that only a container names; the others were looked at with the files.
  const references = findReferences(project, observed).filter((name) => !Object.hasOwn(observed.images, name));
  const others = await Promise.all(references.map(async (name) => [name, await look(name)] as const));
  const images = { ...observed.images, ...Object.fromEntries(others) };
  return toStackImages(project, { ...observed, images }, new Map<string, StackImage | null>([...known, ...older]));
}

/** Pure. `byId` holds what containers were made from. */
export function toStackImages(project: Project | null, observed: ObservedStack, byId: ImagesById): StackImages {
  const images = findReferences(project, observed).map((reference): UsedImage => {
    const members = membersOf(observed).filter((one) => toReference(project, one) === reference);
    const declared = Object.keys(project?.services ?? {}).filter(
      (name) => project && toImageReference(project, name) === reference,
    );
    const services = new Set([...declared, ...members.flatMap(({ service }) => service ?? [])]);
    const named = observed.images[reference];
    return {
      reference,
      services: [...services].sort(),
      named: named ? toFacts(named) : null,
      used: [...new Set(members.map(({ imageId }) => imageId))].map((id) => {
        const image = byId.get(id);
        const containers = members.filter(({ imageId }) => imageId === id).map(({ name }) => name);
        return { id, image: image ? toFacts(image) : null, containers: containers.sort() };
      }),
    };
  });
  return { project: observed.project, at: observed.at, images };
}

function findReferences(project: Project | null, observed: ObservedStack): string[] {
  const declared = project ? Object.keys(project.services).map((name) => toImageReference(project, name)) : [];
  return [...new Set([...declared, ...membersOf(observed).map((one) => toReference(project, one))])].sort();
}

const membersOf = ({ containers }: ObservedStack) =>
  containers.filter(({ service, oneOff }) => service !== null && !oneOff);

/** What the files say counts: a container that was made from another name is to be seen beside it. */
function toReference(project: Project | null, { service, inspected }: StackContainer): string {
  const isDeclared = project !== null && service !== null && Object.hasOwn(project.services, service);
  return isDeclared ? toImageReference(project, service) : readText(inspected.config.Image);
}

/** Without its configuration, whose variables may hold secrets. */
function toFacts({ id, digests, createdAt, sizeBytes, platform }: StackImage): ImageFacts {
  return { id, digests: [...digests], createdAt, sizeBytes, platform };
}
