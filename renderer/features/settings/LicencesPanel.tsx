import { useQuery } from '@tanstack/react-query';
import { problemOf } from '../../../app/contract/index.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PanelFrame, PanelSkeleton } from '../../components/Panel.tsx';
import { groupLicences, parseLicences } from './licenceList.ts';
import classes from './SettingsView.module.css';

/** Written at build time from the lockfile: what is shipped, and under which licence. */
async function fetchLicences() {
  const answer = await fetch('/licences.json');
  return parseLicences(await answer.json());
}

export function LicencesPanel() {
  const { data, error } = useQuery({
    queryKey: ['licences'],
    queryFn: fetchLicences,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <PanelFrame
      title="Licences"
      source={data ? `${formatQuantity(data.length, 'package')} that Gatehouse is made of · lockfile` : 'lockfile'}
    >
      <p className={classes.own}>Gatehouse is under the Apache License 2.0.</p>
      {data ? (
        groupLicences(data).map(({ licence, packages }) => (
          <details key={licence} className={classes.licence}>
            <summary>
              <b>{licence}</b> <span className="dim">{formatQuantity(packages.length, 'package')}</span>
            </summary>
            <p className="dim">{packages.map(({ name, version }) => `${name} ${version}`).join(', ')}</p>
          </details>
        ))
      ) : error ? (
        <EmptyState title="The list could not be read" next={problemOf(error).remedy} />
      ) : (
        <PanelSkeleton rows={3} />
      )}
    </PanelFrame>
  );
}
