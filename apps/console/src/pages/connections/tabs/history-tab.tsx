// Every revision of a connection, what differs from now, and the way back to one.
import { Button } from '@mantine/core'
import { IconRestore } from '@tabler/icons-react'
import { useState } from 'react'

import { useChange } from '../../../api/changes.ts'
import { useApi } from '../../../api/queries.ts'
import { useWhyNot } from '../../../components/actions.tsx'
import { ChangeList, findDifferences } from '../../../components/change-list.tsx'
import { StateChip } from '../../../components/chips.tsx'
import { ReasonDialog } from '../../../components/reason-dialog.tsx'
import { EmptyState, Loaded } from '../../../components/states.tsx'
import { RelativeTime } from '../../../components/time.tsx'
import { showDone } from '../../../components/toasts.tsx'
import { text } from '../../../texts/text.ts'
import { useNames } from '../../../session/names.ts'
import type { Connection } from '../../../components/object/connection-state.ts'

interface HistoryTabProps {
  readonly connection: Connection
  readonly etag: string
}

export function HistoryTab({ connection }: HistoryTabProps) {
  const query = useApi('connections.history', { params: { id: connection.id } })
  const names = useNames()
  const restore = useChange('connections.restore')
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  const whyNot = useWhyNot()('connections.restore')
  return (
    <Loaded query={query}>
      {({ body: { items } }) => {
        if (items.length === 0) return <EmptyState title={text('history.none')} />
        const picked = items.find(({ revision }) => revision === chosen)
        return (
          <>
            <ol className="cw-plain-list cw-history">
              {items.map((item) => (
                <li key={item.revision} className="cw-card">
                  <div className="cw-row">
                    <span className="cw-title-row">
                      <strong>{text('history.revision', { n: item.revision })}</strong>
                      {item.revision === connection.revision ? (
                        <StateChip state="current" label={text('history.current')} />
                      ) : null}
                      {item.removed ? <StateChip state="ended" label={text('history.removed')} /> : null}
                      <span className="cw-quiet-text">
                        <RelativeTime moment={item.at} /> {text('history.by', { by: names.user(item.by) })}
                      </span>
                    </span>
                    {item.revision === connection.revision || item.removed || whyNot !== undefined ? null : (
                      <Button
                        leftSection={<IconRestore size={16} aria-hidden="true" />}
                        onClick={() => setChosen(item.revision)}
                      >
                        {text('history.restore')}
                      </Button>
                    )}
                  </div>
                  {item.reason === undefined ? null : <p>{item.reason}</p>}
                  {item.definition === undefined || item.revision === connection.revision ? null : (
                    <details>
                      <summary>{text('history.changed')}</summary>
                      <ChangeList differences={findDifferences(item.definition, connection)} />
                    </details>
                  )}
                </li>
              ))}
            </ol>
            <ReasonDialog
              opened={chosen !== undefined}
              close={() => setChosen(undefined)}
              title={text('history.restoreTitle', { n: chosen ?? 0 })}
              confirmLabel={text('history.restore')}
              confirm={async (reason) => {
                await restore.mutateAsync({
                  params: { id: connection.id },
                  body: { revision: chosen ?? 0 },
                  reason,
                })
                showDone({ message: text('history.restored') })
              }}
            >
              <ChangeList differences={findDifferences(connection, picked?.definition ?? {})} />
            </ReasonDialog>
          </>
        )
      }}
    </Loaded>
  )
}
