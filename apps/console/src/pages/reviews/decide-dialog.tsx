// The dialog to keep, narrow or revoke a connection in a review.
import { Stack } from '@mantine/core'
import { useState } from 'react'

import { sendChange } from '../../api/changes.ts'
import { useNames } from '../../session/names.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import type { ReviewItem, Verdict } from './review-types.ts'
import { CheckboxList } from '../../components/fields.tsx'
import { useIfAllowed } from '../../session/use-if-allowed.ts'

export interface Deciding {
  readonly review: string
  readonly item: ReviewItem
  readonly verdict: Verdict
  /** The connection in words */
  readonly name: string
}

interface DecideDialogProps {
  readonly deciding: Deciding | undefined
  readonly close: () => void
}

const DONE = { keep: 'item.kept', narrow: 'item.narrowed', revoke: 'item.revoked' } as const

export function DecideDialog({ deciding, close }: DecideDialogProps) {
  if (deciding === undefined) return null
  // Reset the input for another connection.
  return <Decide key={`${deciding.review} ${deciding.item.connection}`} deciding={deciding} close={close} />
}

function Decide({ deciding, close }: { readonly deciding: Deciding; readonly close: () => void }) {
  const { review, item, verdict, name } = deciding
  const [scopes, setScopes] = useState<string[]>([...item.evidence.usedScopes])
  const [off, setOff] = useState<string[]>([])
  return (
    <ReasonDialog
      opened
      close={close}
      danger={verdict === 'revoke'}
      title={text(`item.${verdict}Title`, { name })}
      confirmLabel={text(`item.${verdict}`)}
      confirm={async (reason) => {
        const less = verdict === 'narrow' ? describeNarrowing(scopes, off) : {}
        await sendChange('reviews.decide', {
          params: { id: review, connection: item.connection },
          body: { decision: verdict, ...less, reason },
        })
        showDone({ message: text(DONE[verdict], { name }) })
      }}
    >
      {verdict === 'narrow' ? (
        <Stack gap="md" mb="md">
          <CheckboxList
            label={text('item.scopesLeft')}
            description={text('item.scopesLeftHelp')}
            choices={item.scopes}
            value={scopes}
            change={setScopes}
          />
          <RemovedUsers item={item} off={off} change={setOff} />
        </Stack>
      ) : (
        <p>{text(`item.${verdict}Help`)}</p>
      )}
    </ReasonDialog>
  )
}

const USER = 'user '
const GROUP = 'group '

function describeNarrowing(scopes: readonly string[], off: readonly string[]) {
  const of = (kind: string) => off.filter((one) => one.startsWith(kind)).map((one) => one.slice(kind.length))
  const users = of(USER)
  const groups = of(GROUP)
  return {
    // Send an empty list and let the server reject it; omitting it would mean the used scopes.
    scopes: [...scopes],
    ...(users.length === 0 ? {} : { removeUsers: users }),
    ...(groups.length === 0 ? {} : { removeGroups: groups }),
  }
}

interface RemovedUsersProps {
  readonly item: Pick<ReviewItem, 'connection' | 'evidence'>
  readonly off: string[]
  readonly change: (off: string[]) => void
}

/** Users of the connection, for roles that may see them. */
function RemovedUsers({ item: { connection, evidence }, off, change }: RemovedUsersProps) {
  const names = useNames()
  const { data } = useIfAllowed('connections.read', { params: { id: connection } })
  const { users: named = [], groups = [] } = data?.body.assignments ?? {}
  const users = [...new Set([...named, ...evidence.grants.map(({ user }) => user)])]
  if (users.length + groups.length === 0) return null
  const choices = [
    ...groups.map((name) => ({ value: `${GROUP}${name}`, label: text('groupName', { name }) })),
    ...users.map((user) => ({ value: `${USER}${user}`, label: names.user(user) })),
  ]
  return <CheckboxList label={text('item.takeOff')} choices={choices} value={off} change={change} />
}
