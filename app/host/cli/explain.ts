// `gatehouse explain`: where a request would go, stage by stage, without sending it.
import type { Command } from 'commander';
import type { Explanation, StageOutcome } from '../../contract/index.ts';
import { EXIT } from './exitCodes.ts';
import { addSourceOptions, askGateway, type SourceOptions } from './gatewaySource.ts';
import { collectHeader } from './options.ts';
import { type Cell, coloured, formatTable, print, printJson, toPlainText } from './terminal.ts';

interface ExplainOptions extends SourceOptions {
  readonly header: [string, string][];
}

const OUTCOMES: Record<StageOutcome['outcome'], Cell> = {
  pass: { text: '● pass', style: 'green' },
  stop: { text: '■ stop', style: 'red' },
  skip: { text: '◌ skip', style: 'gray' },
};

export function registerExplain(program: Command): void {
  addSourceOptions(
    program
      .command('explain')
      .description('where a request would go, stage by stage, without sending it')
      .argument('<method>', 'for example GET')
      .argument('<url>', 'a path or a URL, for example /api/ai/search/query/')
      .option('-H, --header <header>', "a header as curl takes it: 'name: value'; may be repeated", collectHeader, []),
  )
    .addHelpText('after', '\nExits with 1 when the gateway would not forward the request.')
    .action(runExplain);
}

async function runExplain(method: string, url: string, options: ExplainOptions): Promise<void> {
  const { parseExplainInput } = await import('./explainInput.ts');
  const request = parseExplainInput(method, url, options.header);
  const { answer: explanation, from } = await askGateway<Explanation>(options, {
    live: (api, environment) => api.gateway.explain.query({ environment, request }),
    async file({ config }) {
      const { explain } = await import('../../../gateway-core/index.ts');
      return explain(config, request);
    },
  });
  if (options.json) printJson(explanation);
  else printExplanation(explanation, from);
  if (explanation.answer !== null) process.exitCode = EXIT.fault;
}

function printExplanation(explanation: Explanation, from: string): void {
  const { method, url, route, upstream, rewrittenPath, answer, stages, tried } = explanation;
  print(coloured('bold', `${toPlainText(method)} ${toPlainText(url)}`));
  if (route !== null) print(`route     ${toPlainText(route)}`);
  if (upstream !== null) print(`upstream  ${toPlainText(upstream)}`);
  if (rewrittenPath !== null) print(`path      ${toPlainText(rewrittenPath)}`);
  if (answer !== null) print(`answer    ${answer.status} ${toPlainText(answer.code)}: ${toPlainText(answer.detail)}`);
  print('');
  print(
    formatTable(
      ['STAGE', 'OUTCOME', 'WHY'],
      stages.map(({ stage, outcome, sentence }) => [stage, OUTCOMES[outcome], sentence]),
    ),
  );
  print('');
  const looked = tried.filter(({ result }) => result !== 'notTried');
  print(
    formatTable(
      ['ROUTE', 'RESULT', 'WHY'],
      looked.map((trial) => [trial.route, trial.result, trial.reason]),
    ),
  );
  print(coloured('dim', `\nfrom ${toPlainText(from)}`));
}
