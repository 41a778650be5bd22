import { expect, test } from 'vitest';
import { simulate, toEmptyStack, toImage, toProject } from '../../test/simulatedStack.ts';
import { planUp } from '../plan/planUp.ts';
import { toStackImages } from './stackImages.ts';

const project = toProject({ web: {}, api: {}, db: { image: 'postgres:16' } });
const running = simulate(planUp(project, toEmptyStack(project), {}));
const [older, newer] = [toImage({}, 'sha256:older'), toImage({}, 'sha256:newer')];
const withImages = (id: string) => ({
  ...running,
  containers: running.containers.map((one) => ({ ...one, imageId: id })),
  images: { 'shop/app:1': newer, 'postgres:16': newer },
});

test('services that share an image are one row', () => {
  const { images } = toStackImages(project, withImages('sha256:newer'), new Map([['sha256:newer', newer]]));
  expect(images.map(({ reference, services }) => [reference, services])).toEqual([
    ['postgres:16', ['db']],
    ['shop/app:1', ['api', 'web']],
  ]);
});

test('what containers were made from is told apart from what the name stands for now', () => {
  const { images } = toStackImages(project, withImages('sha256:older'), new Map([['sha256:older', older]]));
  expect(images[1]).toMatchObject({
    named: { id: 'sha256:newer' },
    used: [{ id: 'sha256:older', image: { id: 'sha256:older' }, containers: ['shop-api-1', 'shop-web-1'] }],
  });
});

test('an image that the engine does not have any more is unknown, not another one', () => {
  const { images } = toStackImages(project, withImages('sha256:gone'), new Map([['sha256:gone', null]]));
  expect(images[0]?.used).toEqual([{ id: 'sha256:gone', image: null, containers: ['shop-db-1'] }]);
});

test('without files the names are those that the containers were made with', () => {
  const { images } = toStackImages(null, withImages('sha256:newer'), new Map());
  expect(images.map(({ reference }) => reference)).toEqual(['postgres:16', 'shop/app:1']);
});

test('what an image is configured with stays with the host: variables in it may be secrets', () => {
  const { images } = toStackImages(project, running, new Map());
  expect(JSON.stringify(images)).not.toContain('PATH=');
});
