// Whether it is known what runs: images by version or digest, and how old they are.
import type { Part, PostureFacts } from '../facts/facts.ts';
import { cis, fail, inProduction, ofParts, pass, type Rule, unknown, type Verdict } from './rule.ts';

interface Reference {
  tag: string | null;
  hasDigest: boolean;
}

export function parseReference(image: string): Reference {
  const [name = '', digest] = image.split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1] ?? null;
  return { tag, hasDigest: digest !== undefined };
}

/** A version with at least two numbers: `17.6`, `v1.15.4`, `1.74.0-alpine`. One number alone moves with each release. */
const VERSION = /^v?\d+\.\d+/;

function judgeTag({ image }: Part): Verdict {
  if (image === '') return pass('is built here');
  const { tag, hasDigest } = parseReference(image);
  if (hasDigest) return pass('names a digest or a version');
  if (tag === null) return fail(`${image} names no version: it is whatever was newest at the last pull`);
  if (!VERSION.test(tag)) return fail(`the tag of ${image} moves: tomorrow it may be another image`);
  return pass('names a digest or a version');
}

function judgeDigest({ image, isOwn }: Part): Verdict | null {
  // What is built here has no digest before it was pushed.
  if (image === '' || isOwn) return null;
  return parseReference(image).hasDigest
    ? pass('is pinned by its digest')
    : fail('is pinned by its version, which can be moved to another image');
}

const OLD_DAYS = 365;
const DAY_MS = 86_400_000;

function judgeAge({ image, imageFact }: Part, { now }: PostureFacts): Verdict | null {
  if (image === '') return null;
  if (imageFact === null || imageFact.createdAt === null) return unknown('the age of the image was not looked at');
  const days = Math.floor((now - imageFact.createdAt) / DAY_MS);
  if (days <= OLD_DAYS) return pass(`its image is younger than ${OLD_DAYS} days`);
  return fail(`its image ${image} was made ${days} days ago: what was found since is not mended in it`);
}

export const imageRules: readonly Rule[] = [
  {
    id: 'image.version',
    severity: 'medium',
    title: 'Every image is of one named version',
    remedy: 'Write the version: `image: redis:8.0.3`.',
    source: cis('5.28'),
    modes: inProduction,
    judge: ofParts(judgeTag),
  },
  {
    id: 'image.digest',
    severity: 'info',
    title: 'Images of others are pinned by digest',
    remedy: 'Write `image: NAME:VERSION@sha256:…`; `docker images --digests` shows it.',
    source: cis('4.5'),
    modes: inProduction,
    judge: ofParts(judgeDigest),
  },
  {
    id: 'image.age',
    severity: 'low',
    title: `No image is older than ${OLD_DAYS} days`,
    remedy: 'Pull a newer version, and write its number into the file.',
    source: cis('5.28'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(judgeAge),
  },
];
