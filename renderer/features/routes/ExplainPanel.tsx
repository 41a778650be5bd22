// Explain: where a request would go, said by the gateway's own stages, without sending it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type ExplainInput, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { PanelFailure, PanelFrame, PanelSkeleton } from '../../components/Panel.tsx';
import { ExplainForm } from './ExplainForm.tsx';
import classes from './ExplainPanel.module.css';
import { ExplainResult } from './ExplainResult.tsx';
import {
  type ExplainDraft,
  parseExplainAddress,
  parseExplainDraft,
  toExplainAddress,
  toExplainCommand,
} from './explainRequest.ts';
import { toExplainReport } from './routesReport.ts';

export interface ExplainPanelProps {
  environment: string;
  /** What the address asks about, for example `GET /api/ai/search/query/`. */
  asked: string;
  onAsk: (asked: string | null) => void;
  /** Of the configuration in force: another one may answer otherwise. */
  revision: string | null;
}

export function ExplainPanel({ environment, asked, onAsk, revision }: ExplainPanelProps) {
  const [draft, setDraft] = useState<ExplainDraft>(() => parseExplainAddress(asked));
  const [request, setRequest] = useState<ExplainInput | null>(() => parseExplainDraft(draft).request);
  const [problem, setProblem] = useState<string | null>(null);

  const ask = (next: ExplainDraft) => {
    const parsed = parseExplainDraft(next);
    setProblem(parsed.problem);
    if (parsed.request) setRequest(parsed.request);
  };
  // A link elsewhere in the console asks about another request.
  const seen = useRef(asked);
  useEffect(() => {
    if (asked === seen.current) return;
    seen.current = asked;
    const next = parseExplainAddress(asked);
    setDraft(next);
    setProblem(null);
    setRequest(parseExplainDraft(next).request);
  }, [asked]);

  const explanation = useExplanation(environment, request, revision);
  const answer = explanation.data;
  const clear = () => {
    setRequest(null);
    setProblem(null);
    seen.current = '';
    onAsk(null);
  };
  return (
    <PanelFrame
      title="Explain"
      source="the gateway’s own stages; nothing is sent"
      actions={request ? <CopyCommand command={toExplainCommand(request)} /> : null}
      report={request && answer ? () => toExplainReport(answer, toExplainCommand(request)) : undefined}
      reportAt={explanation.dataUpdatedAt}
    >
      <div className={classes.body}>
        <ExplainForm
          draft={draft}
          problem={problem}
          onChange={setDraft}
          onSubmit={() => {
            ask(draft);
            seen.current = toExplainAddress(draft);
            onAsk(seen.current);
          }}
          onClear={request ? clear : null}
        />
        {request === null ? null : explanation.isPending ? (
          <PanelSkeleton rows={3} />
        ) : explanation.isError ? (
          <PanelFailure problem={problemOf(explanation.error)} />
        ) : (
          <ExplainResult explanation={explanation.data} />
        )}
      </div>
    </PanelFrame>
  );
}

const NO_REQUEST: ExplainInput = { method: 'GET', url: '/', headers: [] };
/** The answer holds the breaker's state, which changes by itself. */
const ASK_AGAIN_MS = 5_000;

function useExplanation(environment: string, request: ExplainInput | null, revision: string | null) {
  const query = useQuery({
    ...useTRPC().gateway.explain.queryOptions({ environment, request: request ?? NO_REQUEST }),
    enabled: request !== null,
    placeholderData: keepPreviousData,
    refetchInterval: ASK_AGAIN_MS,
  });
  const { refetch } = query;
  const askedOf = useRef(revision);
  useEffect(() => {
    if (askedOf.current !== revision && askedOf.current !== null && request !== null) void refetch();
    askedOf.current = revision;
  }, [revision, request, refetch]);
  return query;
}
