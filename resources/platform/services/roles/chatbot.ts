// Answers from a list of questions, found by shared words. There is no language model, and every answer says so.
import { overlapShare, toTokens } from '../data/tokens.ts';
import { ok, type Reply, readJson, refuse } from '../kit/routes.ts';
import { createAiService } from './aiService.ts';

const FAQ: readonly { question: string; answer: string }[] = [
  {
    question: 'How long does delivery or shipping take?',
    answer: 'Two to four working days; the order page shows the day.',
  },
  { question: 'What does shipping cost?', answer: 'Delivery is free from 50 euros, and 4.90 euros below.' },
  {
    question: 'How do I return an item or get a refund?',
    answer: 'Returns are free for 30 days; the refund comes within five days of arrival.',
  },
  {
    question: 'Where is my order, how do I track the parcel?',
    answer: 'The order page has the tracking link as soon as the parcel leaves.',
  },
  { question: 'How can I cancel or change an order?', answer: 'Until it is packed, on the order page.' },
  { question: 'Which payment methods are accepted, card or invoice?', answer: 'Cards, bank transfer and invoice.' },
  { question: 'How long is the warranty or guarantee?', answer: 'Two years on every product.' },
  {
    question: 'I forgot my password, how do I reset the account?',
    answer: 'The sign-in page sends a link that is good for one hour.',
  },
  { question: 'Do you ship abroad to other countries?', answer: 'To every country of the European Union.' },
  {
    question: 'Is a product in stock, when is it available again?',
    answer: 'The product page shows the stock; a bell there tells you when it is back.',
  },
  {
    question: 'How do I use a voucher, coupon or discount code?',
    answer: 'Enter it in the last step before paying; one an order.',
  },
  {
    question: 'How do I contact customer support by phone or mail?',
    answer: 'By mail to the address in your order confirmation, on working days.',
  },
];

const index = FAQ.map((entry) => ({ entry, tokens: new Set(toTokens(entry.question)) }));
const LEAST_SHARE = 0.25;
const METHOD = `retrieval by shared words over ${FAQ.length} questions; no language model`;

export function findAnswer(question: string) {
  const wanted = toTokens(question);
  const ranked = index
    .map(({ entry, tokens }) => ({ entry, share: overlapShare(wanted, tokens) }))
    .sort((a, b) => b.share - a.share);
  const best = ranked[0];
  return best !== undefined && best.share >= LEAST_SHARE ? best : undefined;
}

function answer(question: unknown): Reply {
  if (typeof question !== 'string' || question.trim() === '') {
    return refuse(400, 'no-question', 'ask with {"question": "…"} or ?question=…');
  }
  const found = findAnswer(question);
  if (found === undefined)
    return ok({ answer: null, note: 'nothing in the list of questions is close to this one', method: METHOD });
  return ok({ answer: found.entry.answer, source: found.entry.question, score: found.share, method: METHOD });
}

export const createChatbot = () =>
  createAiService('chatbot', 8004, [
    { method: 'GET', path: '/chat/', handle: ({ query }) => answer(query.get('question')) },
    {
      method: 'POST',
      path: '/chat/',
      handle: (request) => {
        const json = readJson(request);
        return 'refusal' in json ? json.refusal : answer(json.value.question);
      },
    },
  ]);
