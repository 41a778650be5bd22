/** Absolute paths that Node runs as they are. */
export const programs: { readonly gatehouse: string; readonly gateway: string; readonly service: string };
