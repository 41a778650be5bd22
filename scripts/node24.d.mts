/** Path of a Node of version 24 or later; throws with the remedy where there is none. */
export function findNode24(): string;
