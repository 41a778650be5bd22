/** Shown by /stats; kept equal to package.json by version.test.ts, since the gateway is built to run without that file. */
export const version = '0.1.0';
