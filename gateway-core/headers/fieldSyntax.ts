// What a field's name and value may be made of, in one place: two readers that disagree are how requests are smuggled.
import { remember } from '../memo/remember.ts';

/** A token, to be put together with more of a grammar (RFC 9110, 5.6.2). */
export const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

export const WHOLE_TOKEN = new RegExp(`^${TOKEN}$`);

/** RFC 9110, 5.1. */
export const FIELD_NAME = new RegExp(`^${TOKEN}$`);

/** As FIELD_NAME says. The same few dozen are asked about with each request. */
export const isFieldName = remember((name) => FIELD_NAME.test(name));

/**
 * No control character and so no line end: another reader could see another line (RFC 9110, 5.5). Nothing beyond latin1:
 * it would be cut to its low byte, which can be a line feed.
 */
export const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
