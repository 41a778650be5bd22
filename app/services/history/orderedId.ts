import { v7 } from 'uuid';

/**
 * A UUID that sorts as text after every one this process made before, also within the same millisecond and when the
 * clock is set back (RFC 9562, section 5.7 with the counter of 6.2). Rows of one time keep their order by it.
 */
export const orderedId = (): string => v7();
