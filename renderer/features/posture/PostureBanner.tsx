import type { Posture } from '../../../app/contract/index.ts';
import type { Live } from '../../api/live.ts';
import { Banner, BannerWords } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { CopyMarkdown } from '../../components/CopyReport.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { ToggleGroup } from '../../components/ToggleGroup.tsx';
import { useEnvironment } from '../../shell/environment.ts';
import { LimitProbeButton } from './LimitProbeButton.tsx';
import classes from './PostureView.module.css';
import { toMarkdown } from './postureMarkdown.ts';
import { saveFile } from './saveFile.ts';
import { type Judged, judgedWords, toCommand } from './usePosture.ts';

export interface PostureBannerProps {
  live: Live<Posture>;
  judged: Judged;
  onJudge: (judged: Judged) => void;
}

/** The question of the view, answered in one sentence. */
export function PostureBanner({ live, judged, onJudge }: PostureBannerProps) {
  const { data: posture } = live;
  const { data: frame } = useEnvironment();
  // What is production is judged as such anyway.
  const isSame = (one: Judged) => one === 'asProduction' && frame?.mode === 'prod';
  const choices = (Object.keys(judgedWords) as Judged[]).filter((one) => !isSame(one));
  return (
    <Banner label="Posture" level={posture?.verdict.level}>
      <BannerWords
        headline={posture?.verdict.headline ?? 'Is production closed?'}
        level={posture?.verdict.level}
        staleSince={live.state === 'stale' ? live.at : null}
        detail={
          posture ? (
            <>
              {posture.verdict.detail} Judged <TimeText at={posture.at} />.
            </>
          ) : null
        }
      />
      <div className={classes.controls}>
        <ToggleGroup label="What is judged">
          {choices.map((one) => (
            <Button key={one} size="small" look="toggle" aria-pressed={judged === one} onClick={() => onJudge(one)}>
              {judgedWords[one]}
            </Button>
          ))}
        </ToggleGroup>
        <div className={classes.actions}>
          <CopyCommand command={toCommand(judged)} />
          {posture && judged !== 'files' && posture.mode === 'prod' ? (
            <LimitProbeButton project={posture.project} />
          ) : null}
          {posture ? (
            <>
              <CopyMarkdown markdown={() => toMarkdown(posture)} />
              <Button onClick={() => saveFile('posture.json', JSON.stringify(posture, null, 2))}>Save JSON</Button>
            </>
          ) : null}
        </div>
      </div>
    </Banner>
  );
}
