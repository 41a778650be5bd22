// The program of the api_gateway container: the gateway, or with `relay` the console's way to its admin socket.
const [, , ...argv] = process.argv;

// Each loaded alone: a relay is there in a tenth of the time that the gateway needs, with half its memory.
if (argv[0] === 'relay') {
  const { runRelay } = await import('./relay/relayProgram.ts');
  runRelay(argv.slice(1), process.env);
} else {
  const { runGatewayProgram } = await import('./program/gatewayProgram.ts');
  runGatewayProgram(argv);
}
