// All revisions of an object, with their diff to the current one and a button to restore.
import { Button } from '@mantine/core'
import { IconRestore } from '@tabler/icons-react'
import type { AnswerTo, Collection, RouteName } from '@crosswalk/admin-api'

import { text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { useForbiddenReason } from '../actions.tsx'
import { confirmWithReason } from '../confirm.ts'
import { ChangeList } from '../change-list.tsx'
import { StateChip } from '../chips.tsx'
import { EmptyState, Loaded } from '../states.tsx'
import type { PageTab } from '../tabs.tsx'
import { RelativeTime } from '../time.tsx'
import { compareVersions } from './definition.ts'
import { restore, useHistory } from './object-types.ts'
import { smallIcon } from '../small-icon.tsx'

type Revision = AnswerTo<'apps.history'>['items'][number]

/** The revision of an object of the configuration file */
const FROM_FILE = 0

interface ObjectHistoryProps {
  readonly collection: Collection
  readonly object: { readonly id: string; readonly revision: number }
}

export function historyTab(collection: Collection, object: ObjectHistoryProps['object']): PageTab {
  return {
    id: 'history',
    label: text('connection.tab.history'),
    content: () => <ObjectHistory collection={collection} object={object} />,
  }
}

function ObjectHistory({ collection, object }: ObjectHistoryProps) {
  const query = useHistory(collection, object.id)
  const mayRestore = useForbiddenReason()(`${collection}.restore` satisfies RouteName) === undefined
  return (
    <Loaded query={query}>
      {({ body: { items } }) =>
        items.length === 0 ? (
          <EmptyState title={text('history.none')} />
        ) : (
          <ol className="cw-plain-list cw-history">
            {items.map((item, index) => (
              <RevisionCard
                key={item.revision}
                revision={item}
                isCurrent={object.revision === FROM_FILE ? index === 0 : item.revision === object.revision}
                collection={collection}
                object={object}
                {...(mayRestore && object.revision !== FROM_FILE && item.fromFile !== true
                  ? { restore: () => confirmRestore({ collection, object }, item) }
                  : {})}
              />
            ))}
          </ol>
        )
      }
    </Loaded>
  )
}

function confirmRestore(
  { collection, object }: ObjectHistoryProps,
  { revision, definition = {} }: Revision,
): void {
  confirmWithReason({
    title: text('history.restoreTitle', { n: revision }),
    confirmLabel: text('history.restore'),
    children: <ChangeList differences={compareVersions(collection, object, definition)} />,
    done: text('history.restored'),
    confirm: (reason) => restore(collection, { id: object.id, revision }, reason),
  })
}

interface RevisionCardProps extends ObjectHistoryProps {
  readonly revision: Revision
  readonly isCurrent: boolean
  readonly restore?: () => void
}

function RevisionCard({ revision, isCurrent, collection, object, restore }: RevisionCardProps) {
  const names = useNames()
  const { at, by, reason, removed, definition } = revision
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
          <ChangeList differences={compareVersions(collection, definition, object)} />
        </details>
      )}
    </li>
  )
}
