import { parseFilters, passesAny } from '../http/filters.ts';
import { json } from '../http/reply.ts';
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
    {
      method: 'GET',
      path: '/images/:name+/json',
      handle: ({ params }) => json(inspectImage(params.name ?? '', startedAt)),
    },
  ];
}
