// Every revision of a rule, what differs from now, and the way back to one.
import { Button } from '@mantine/core'
import { IconRestore } from '@tabler/icons-react'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { useApi } from '../../api/queries.ts'
import { useWhyNot } from '../../components/actions.tsx'
import { ChangeList, findDifferences } from '../../components/change-list.tsx'
import { StateChip } from '../../components/chips.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { RelativeTime } from '../../components/time.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { useNames } from '../../session/names.ts'
import { pickDefinition } from '../../components/object/definition.ts'
import type { Policy } from './rule.ts'

export function RuleHistory({ policy }: { readonly policy: Policy }) {
  const { id, revision: current } = policy
  const query = useApi('policies.history', { params: { id } })
  const names = useNames()
  const restore = useChange('policies.restore')
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  const whyNot = useWhyNot()('policies.restore')
  const now = pickDefinition('policies', policy)
  return (
    <Loaded query={query}>
      {({ body: { items } }) => {
        if (items.length === 0) return <EmptyState title={text('history.none')} />
        const picked = items.find(({ revision }) => revision === chosen)
        return (
          <>
            <ol className="cw-plain-list cw-history">
              {items.map(({ revision, at, by, reason, removed, definition }) => (
                <li key={revision} className="cw-card">
                  <div className="cw-row">
                    <span className="cw-title-row">
                      <strong>{text('history.revision', { n: revision })}</strong>
                      {revision === current ? (
                        <StateChip state="current" label={text('history.current')} />
                      ) : null}
                      {removed ? <StateChip state="ended" label={text('history.removed')} /> : null}
                      <span className="cw-quiet-text">
                        <RelativeTime moment={at} /> {text('history.by', { by: names.user(by) })}
                      </span>
                    </span>
                    {revision === current || removed || whyNot !== undefined ? null : (
                      <Button
                        leftSection={<IconRestore size={16} aria-hidden="true" />}
                        onClick={() => setChosen(revision)}
                      >
                        {text('history.restore')}
                      </Button>
                    )}
                  </div>
                  {reason === undefined ? null : <p>{reason}</p>}
                  {definition === undefined || revision === current ? null : (
                    <details>
                      <summary>{text('history.changed')}</summary>
                      <ChangeList differences={findDifferences(definition, now)} />
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
                await restore.mutateAsync({ params: { id }, body: { revision: chosen ?? 0 }, reason })
                showDone({ message: text('history.restored') })
              }}
            >
              <ChangeList differences={findDifferences(now, picked?.definition ?? {})} />
            </ReasonDialog>
          </>
        )
      }}
    </Loaded>
  )
}
