// Answers from the shop's help texts: finds the one that a question is about, and quotes the sentences that fit best.
// There is no language model, nothing is made up, and what is in no text is said not to be known.
import { toTokens } from '../data/tokens.ts';
import { ok, type Reply, readJson, refuse } from '../kit/routes.ts';
import { createBm25 } from './ai/bm25.ts';
import { toCosine, toEmbedding } from './ai/embedding.ts';
import { HELP_TEXTS, type HelpText } from './ai/helpTexts.ts';
import { createAiService } from './aiService.ts';

const METHOD = `retrieval over ${HELP_TEXTS.length} help texts, half BM25 of the words and half likeness to how people ask; sentences are quoted, no language model`;
/** Below it the question shares too little with any text to be about it. */
const LEAST_SCORE = 0.3;
const SOURCES = 3;
const SENTENCES = 2;
const QUESTION_LIMIT = 1_000;

/** Made at its first use: every role of the program loads this file. */
let index: ReturnType<typeof createIndex> | undefined;

function createIndex() {
  const lexical = createBm25(
    HELP_TEXTS.map(({ title, asked, text }, id) => ({
      id,
      tokens: [...toTokens(title), ...toTokens(title), ...asked.flatMap(toTokens), ...toTokens(text)],
    })),
  );
  const asked = HELP_TEXTS.map((help) => help.asked.map((text) => toEmbedding([{ text, weight: 1 }])));
  return { lexical, asked };
}

export interface Source {
  help: HelpText;
  /** 0 to 1. */
  score: number;
}

/** The texts that a question may be about, best first; none when it is about nothing that is in them. */
export function findSources(question: string): Source[] {
  index ??= createIndex();
  const { lexical, asked } = index;
  const tokens = toTokens(question);
  const vector = toEmbedding([{ text: question, weight: 1 }]);
  const words = new Map(lexical.rank(tokens).map(({ id, score }) => [id, score]));
  const most = Math.max(...words.values(), Number.MIN_VALUE);
  return HELP_TEXTS.map((help, id) => {
    // How much of the question a text covers, where several cover as much the one that is most about it.
    const share = lexical.findCoverage(tokens, id) * (0.5 + (words.get(id) ?? 0) / most / 2);
    const likeness = Math.max(...(asked[id] ?? []).map((other) => toCosine(vector, other)), 0);
    return { help, score: (share + likeness) / 2 };
  })
    .filter(({ score }) => score >= LEAST_SCORE)
    .sort((a, b) => b.score - a.score)
    .slice(0, SOURCES);
}

/** The sentences of a text that share most with the question, in their own order; the first one when none does. */
export function quote(text: string, question: string): string {
  const wanted = new Set(toTokens(question));
  const sentences = text.split(/(?<=[.!?])\s+/).map((sentence, at) => {
    const shared = new Set(toTokens(sentence).filter((token) => wanted.has(token))).size;
    return { sentence, at, shared };
  });
  const best = [...sentences].sort((a, b) => b.shared - a.shared || a.at - b.at).slice(0, SENTENCES);
  return best
    .sort((a, b) => a.at - b.at)
    .map(({ sentence }) => sentence)
    .join(' ');
}

function answer(question: unknown): Reply {
  if (typeof question !== 'string' || question.trim() === '') {
    return refuse(400, 'no-question', 'ask with {"question": "…"} or ?question=…');
  }
  const asked = question.slice(0, QUESTION_LIMIT);
  const sources = findSources(asked);
  const [best] = sources;
  if (best === undefined) {
    return ok({
      answer: null,
      sources: [],
      note: 'no help text is about this; customer support may know',
      method: METHOD,
    });
  }
  return ok({
    answer: quote(best.help.text, asked),
    sources: sources.map(({ help, score }) => ({
      id: help.id,
      title: help.title,
      score: Math.round(score * 1_000) / 1_000,
    })),
    method: METHOD,
  });
}

export const createChatbot = () =>
  createAiService('chatbot', 8004, {
    routes: [
      { method: 'GET', path: '/chat/', handle: ({ query }) => answer(query.get('question')) },
      {
        method: 'POST',
        path: '/chat/',
        handle: (request) => {
          const json = readJson(request);
          return 'refusal' in json ? json.refusal : answer(json.value.question);
        },
      },
    ],
    describe: { texts: `${HELP_TEXTS.length} help texts of this program; no store is needed` },
  });
