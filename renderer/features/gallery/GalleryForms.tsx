// What is filled in, asked and carried out, for the gallery.
import { useState } from 'react';
import type { Level } from '../../../app/contract/index.ts';
import { Banner, BannerWords } from '../../components/Banner.tsx';
import { Button } from '../../components/Button.tsx';
import { Choices } from '../../components/Choices.tsx';
import { CopyMarkdown } from '../../components/CopyReport.tsx';
import { FactList } from '../../components/FactList.tsx';
import { FieldWithVerb, Labelled, SelectField, TextArea, TextField } from '../../components/Field.tsx';
import { PanelFrame } from '../../components/Panel.tsx';
import { ProgressBar, type Step, StepList } from '../../components/StepList.tsx';
import { ToggleGroup } from '../../components/ToggleGroup.tsx';
import { TypedName } from '../../components/TypedName.tsx';
import classes from './GalleryView.module.css';

const headlines: Record<Level, string> = {
  ok: 'All is well',
  degraded: 'Degraded: every search request fails',
  down: 'Down: api_gateway does not run, every request fails',
  unknown: 'Unknown: the engine does not answer',
};

export function GalleryBanners() {
  return Object.entries(headlines).map(([level, headline]) => (
    <Banner key={level} label={headline} level={level as Level}>
      <BannerWords
        headline={headline}
        level={level as Level}
        staleSince={null}
        detail="First cause: search is stopped, exit 137, for 41 s."
      />
      <CopyMarkdown markdown={() => headline} />
      <Button look="primary">Show search</Button>
    </Banner>
  ));
}

export function GalleryForms() {
  const [guard, setGuard] = useState('asks');
  const [typed, setTyped] = useState('');
  return (
    <PanelFrame title="Fields">
      <div className={classes.column}>
        <Labelled label="Name">
          <TextField placeholder="shop-platform" />
        </Labelled>
        <Labelled label="Service" inline>
          <SelectField>
            <option>any</option>
          </SelectField>
          <SelectField size="small" mono aria-label="Replica">
            <option>10.0.0.3:8002</option>
          </SelectField>
        </Labelled>
        <FieldWithVerb label="Folder" mono defaultValue="/srv/shop">
          <Button>Read</Button>
        </FieldWithVerb>
        <Labelled label="Port">
          <TextField aria-invalid defaultValue="80a" />
        </Labelled>
        <Labelled label="Headers">
          <TextArea mono rows={2} placeholder="host: api.shop.example" />
        </Labelled>
        <Choices
          label="Guard"
          chosen={guard}
          onChoose={setGuard}
          choices={[
            { value: 'open', label: 'open' },
            { value: 'asks', label: 'asks', note: 'the name before each change' },
          ]}
        />
        <TypedName project="shop-platform" typed={typed} onType={setTyped} />
      </div>
    </PanelFrame>
  );
}

const steps: Step[] = [
  { key: 'search', name: 'search', state: 'failed', level: 'down', words: 'no such image', since: null },
  { key: 'qdrant', name: 'qdrant', state: 'running', level: 'unknown', words: 'starting', since: null },
  { key: 'api', name: 'api', state: 'waiting', level: 'unknown', words: 'waits for qdrant', since: null },
  { key: 'redis', name: 'redis', state: 'done', level: 'ok', words: 'healthy', since: null },
];

export function GallerySteps() {
  const [pressed, setPressed] = useState('dev');
  return (
    <PanelFrame title="Steps, toggles and facts">
      <div className={classes.column}>
        <ProgressBar label="Steps done" done={1} total={4} />
        <StepList label="Steps" steps={steps} />
        <ToggleGroup label="Mode">
          {['dev', 'prod'].map((mode) => (
            <Button key={mode} look="toggle" aria-pressed={mode === pressed} onClick={() => setPressed(mode)}>
              {mode}
            </Button>
          ))}
        </ToggleGroup>
        <FactList
          facts={[
            { name: 'State', value: 'running, healthy' },
            { name: 'Restarts', value: 3, tone: 'degraded' },
            { name: 'Exit code', value: '137, SIGKILL', tone: 'down' },
            { name: 'Image', value: 'shop/search:1.4.2', mono: true },
          ]}
        />
      </div>
    </PanelFrame>
  );
}
