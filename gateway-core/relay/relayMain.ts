// The relay alone, built as one text that `node --eval` takes: for containers that have Node and not the gateway.
import { runRelay } from './relayProgram.ts';

// Without a script in front, the arguments begin one earlier.
runRelay(process.argv.slice(1), process.env);
