import type { Posture } from '../../../app/contract/index.ts';
import type { Live } from '../../api/live.ts';
import { Button } from '../../components/Button.tsx';
import { CopyCommand, useCopied } from '../../components/CopyCommand.tsx';
import { StaleAge } from '../../components/StaleAge.tsx';
import { StatusMark } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
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
  const [copied, copy] = useCopied();
  const { data: frame } = useEnvironment();
  // What is production is judged as such anyway.
  const isSame = (one: Judged) => one === 'asProduction' && frame?.mode === 'prod';
  const choices = (Object.keys(judgedWords) as Judged[]).filter((one) => !isSame(one));
  return (
    <section className={classes.banner} data-level={posture?.verdict.level} aria-label="Posture">
      <div className={classes.words}>
        <h1 className={classes.headline}>
          {posture ? <StatusMark level={posture.verdict.level} /> : null}
          {posture?.verdict.headline ?? 'Is production closed?'}
          {live.state === 'stale' ? <StaleAge at={live.at ?? 0} /> : null}
        </h1>
        <p className={classes.detail}>
          {posture ? (
            <>
              {posture.verdict.detail} Judged <TimeText at={posture.at} />.
            </>
          ) : null}
        </p>
      </div>
      <div className={classes.controls}>
        <fieldset className={classes.choices}>
          <legend className="heard">What is judged</legend>
          {choices.map((one) => (
            <Button
              key={one}
              size="small"
              className={classes.toggle}
              aria-pressed={judged === one}
              onClick={() => onJudge(one)}
            >
              {judgedWords[one]}
            </Button>
          ))}
        </fieldset>
        <div className={classes.actions}>
          <CopyCommand command={toCommand(judged)} />
          {posture && judged !== 'files' && posture.mode === 'prod' ? (
            <LimitProbeButton project={posture.project} />
          ) : null}
          {posture ? (
            <>
              <Button onClick={() => copy(toMarkdown(posture))}>{copied ? 'Copied' : 'Copy as Markdown'}</Button>
              <Button onClick={() => saveFile('posture.json', JSON.stringify(posture, null, 2))}>Save JSON</Button>
            </>
          ) : null}
        </div>
      </div>
    </section>
  );
}
