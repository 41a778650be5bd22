// Is production closed? The answer in a sentence, then each rule with evidence, remedy and source.
import { useMemo } from 'react';
import type { Posture } from '../../../app/contract/index.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { PanelFailure, PanelFrame, PanelSkeleton } from '../../components/Panel.tsx';
import { useEnvironmentId } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { PostureBanner } from './PostureBanner.tsx';
import { PostureToolbar } from './PostureToolbar.tsx';
import classes from './PostureView.module.css';
import { parseStatus, type RuleGroup, toGroups, toRuleTest } from './postureFilter.ts';
import { ReachPanel } from './ReachPanel.tsx';
import { RuleItem } from './RuleItem.tsx';
import { parseJudged, usePosture } from './usePosture.ts';
import { WaiverNotes } from './WaiverNotes.tsx';

export function PostureView() {
  const environment = useEnvironmentId();
  const [search, changeSearch] = useViewSearch();
  const judged = parseJudged(search.judge);
  const live = usePosture(environment, judged);
  const filter = search.filter ?? '';
  const status = parseStatus(search.status);
  const rules = live.data?.rules;
  const groups = useMemo(() => {
    const shown = (rules ?? []).filter(toRuleTest(filter)).filter((rule) => status === null || rule.status === status);
    return toGroups(shown);
  }, [rules, filter, status]);

  return (
    <>
      <PostureBanner live={live} judged={judged} onJudge={(judge) => changeSearch({ judge })} />
      {live.data ? (
        <>
          <PostureToolbar
            rules={live.data.rules}
            filter={filter}
            status={status}
            onFilter={(next) => changeSearch({ filter: next })}
            onStatus={(next) => changeSearch({ status: next })}
          />
          <WaiverNotes waivers={live.data.waivers} />
          <Rules
            groups={groups}
            posture={live.data}
            isNarrowed={filter !== '' || status !== null}
            opened={search.rule}
          />
          <ReachPanel reach={live.data.reach} />
        </>
      ) : (
        <PanelFrame title="Rules">
          {live.state === 'failed' ? <PanelFailure problem={live.problem} /> : <PanelSkeleton rows={12} />}
        </PanelFrame>
      )}
    </>
  );
}

interface RulesProps {
  groups: readonly RuleGroup[];
  posture: Posture;
  isNarrowed: boolean;
  /** The rule that a link points at. */
  opened: string | undefined;
}

function Rules({ groups, posture, isNarrowed, opened }: RulesProps) {
  if (groups.length === 0) {
    return (
      <PanelFrame title="Rules">
        <EmptyState title="No rule matches" next="Take away a word of the filter, or the status." />
      </PanelFrame>
    );
  }
  return groups.map(({ status, title, rules }) => (
    <div key={status} className={classes.whole}>
      <PanelFrame
        title={title}
        source={`${rules.length} of ${posture.rules.length} rules · ${posture.basis === 'engine' ? 'engine, gateway, probes' : posture.from}`}
      >
        <ul className={classes.rules} aria-label={title}>
          {rules.map((rule) => (
            <RuleItem
              key={rule.id}
              rule={rule}
              // What has to be acted on is open; a list that was narrowed by hand shows what it found.
              isOpen={status === 'fail' || rule.id === opened || (isNarrowed && rules.length <= 3)}
            />
          ))}
        </ul>
      </PanelFrame>
    </div>
  ));
}
