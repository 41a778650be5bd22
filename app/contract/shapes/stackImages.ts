// Which images a stack uses, and whether what runs is what their names stand for now.
import { z } from 'zod';

export const imageFactsSchema = z.object({
  /** Of its configuration: `sha256:…`. */
  id: z.string(),
  /** As registries know it, `name@sha256:…`; none for an image that was built or loaded here. */
  digests: z.array(z.string()),
  /** Epoch ms; null: not said. */
  createdAt: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  /** `linux/arm64/v8`; empty: not said. */
  platform: z.string(),
});
export type ImageFacts = z.infer<typeof imageFactsSchema>;

export const usedImageSchema = z.object({
  /** As the files write it; of a service without files as its container was made with it. */
  reference: z.string(),
  services: z.array(z.string()),
  /** What the name stands for on the engine now; null: it has no such image. */
  named: imageFactsSchema.nullable(),
  /** What containers were made from; `image` is null where the engine does not have it any more. */
  used: z.array(z.object({ id: z.string(), image: imageFactsSchema.nullable(), containers: z.array(z.string()) })),
});
export type UsedImage = z.infer<typeof usedImageSchema>;

export const stackImagesSchema = z.object({
  project: z.string(),
  /** Epoch ms of the observation. */
  at: z.number(),
  images: z.array(usedImageSchema),
});
export type StackImages = z.infer<typeof stackImagesSchema>;
