// All revisions of an object, with their diff to the current one and a button to restore.
import { Button } from '@mantine/core'
import { IconRestore } from '@tabler/icons-react'
import type { AnswerTo, Collection, RouteName } from '@crosswalk/admin-api'
import { useState } from 'react'

import { text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { useWhyNot } from '../actions.tsx'
import { ChangeList, findDifferences } from '../change-list.tsx'
import { StateChip } from '../chips.tsx'
import { ReasonDialog } from '../reason-dialog.tsx'
import { EmptyState, Loaded } from '../states.tsx'
import { RelativeTime } from '../time.tsx'
import { useHistory, useRestore } from './object-types.ts'
import { smallIcon } from '../small-icon.tsx'

type Revision = AnswerTo<'apps.history'>['items'][number]

interface ObjectHistoryProps {
  readonly collection: Collection
  readonly object: { readonly id: string; readonly revision: number }
}

export function ObjectHistory({ collection, object }: ObjectHistoryProps) {
  const query = useHistory(collection, object.id)
  const restore = useRestore(collection)
  const [chosen, setChosen] = useState<Revision | undefined>(undefined)
  const mayRestore = useWhyNot()(`${collection}.restore` satisfies RouteName) === undefined
  return (
    <Loaded query={query}>
      {({ body: { items } }) =>
        items.length === 0 ? (
          <EmptyState title={text('history.none')} />
        ) : (
          <>
            <ol className="cw-plain-list cw-history">
              {items.map((item) => (
                <RevisionCard
                  key={item.revision}
                  revision={item}
                  object={object}
                  {...(mayRestore ? { restore: () => setChosen(item) } : {})}
                />
              ))}
            </ol>
            <ReasonDialog
              opened={chosen !== undefined}
              close={() => setChosen(undefined)}
              title={text('history.restoreTitle', { n: chosen?.revision ?? 0 })}
              confirmLabel={text('history.restore')}
              done={text('history.restored')}
              confirm={(reason) =>
                restore.mutateAsync({
                  params: { id: object.id },
                  body: { revision: chosen?.revision ?? 0 },
                  reason,
                })
              }
            >
              <ChangeList differences={findDifferences({ ...object }, chosen?.definition ?? {})} />
            </ReasonDialog>
          </>
        )
      }
    </Loaded>
  )
}

interface RevisionCardProps {
  readonly revision: Revision
  readonly object: ObjectHistoryProps['object']
  readonly restore?: () => void
}

function RevisionCard({ revision, object, restore }: RevisionCardProps) {
  const names = useNames()
  const { at, by, reason, removed, definition } = revision
  const isCurrent = revision.revision === object.revision
  return (
    <li className="cw-card">
      <div className="cw-row">
        <span className="cw-title-row">
          <strong>{text('history.revision', { n: revision.revision })}</strong>
          {isCurrent ? <StateChip state="current" label={text('history.current')} /> : null}
          {removed ? <StateChip state="ended" label={text('history.removed')} /> : null}
          <span className="cw-quiet-text">
            <RelativeTime moment={at} /> {text('tokens.by', { by: names.user(by) })}
          </span>
        </span>
        {isCurrent || removed || restore === undefined ? null : (
          <Button leftSection={smallIcon(IconRestore)} onClick={restore}>
            {text('history.restore')}
          </Button>
        )}
      </div>
      {reason === undefined ? null : <p>{reason}</p>}
      {definition === undefined || isCurrent ? null : (
        <details>
          <summary>{text('history.changed')}</summary>
          <ChangeList differences={findDifferences(definition, { ...object })} />
        </details>
      )}
    </li>
  )
}
