import { EngineError } from '../http/engineError.ts';
import { parseFilters, passesAny } from '../http/filters.ts';
import { type EngineRequest, json, type Reply, stream } from '../http/reply.ts';
import type { EngineRoute } from '../http/routeTable.ts';
import { inspectImage, listImages } from '../images.ts';
import type { EngineParts } from './engineParts.ts';

export function imageRoutes({ containers, startedAt }: EngineParts): EngineRoute[] {
  return [
    {
      method: 'GET',
      path: '/images/json',
      handle: ({ query }) => {
        const filters = parseFilters(query.get('filters'), ['reference', 'dangling']);
        const images = listImages(
          containers.list().map((container) => container.spec.image),
          startedAt,
        );
        const isCalled = (wanted: string, tag: string) => tag === wanted || tag.startsWith(`${wanted}:`);
        return json(
          images.filter((image) =>
            passesAny(filters, 'reference', (wanted) => image.RepoTags.some((tag) => isCalled(wanted, tag))),
          ),
        );
      },
    },
    { method: 'POST', path: '/images/create', handle: pull },
    {
      method: 'GET',
      path: '/images/:name+/json',
      handle: ({ params }) => json(inspectImage(params.name ?? '', startedAt)),
    },
  ];
}

/** Every name is an image here, and nothing has to be fetched for it: the answer has Docker's form and says so. */
function pull({ query }: EngineRequest): Reply {
  const name = query.get('fromImage') ?? '';
  if (name === '') throw new EngineError(400, 'sandbox: images can only be pulled by name, not imported');
  const id = query.get('tag') ?? name.split(':').at(-1) ?? '';
  return stream({ 'Content-Type': 'application/json' }, async (response) => {
    response.write(`${JSON.stringify({ id, status: `Pulling from ${name}` })}\r\n`);
    const status = 'Status: nothing was downloaded: the sandbox runs a program of its own in the place of this image';
    response.write(`${JSON.stringify({ status })}\r\n`);
  });
}
