// The dialog that keeps, narrows or revokes a connection in an access review.

import { sendChange } from '../../api/changes.ts'
import { useNames } from '../../session/names.ts'
import { confirmWithForm } from '../../components/confirm.ts'
import { text } from '../../texts/text.ts'
import { findScopesInUse, type ReviewItem, type Verdict } from './review-types.ts'
import { CheckboxList } from '../../components/fields.tsx'
import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'

interface ReviewDecision {
  readonly review: string
  readonly item: ReviewItem
  readonly verdict: Verdict
  /** The connection in words */
  readonly name: string
}

const DONE = { keep: 'item.kept', narrow: 'item.narrowed', revoke: 'item.revoked' } as const

export function confirmReviewDecision({ review, item, verdict, name }: ReviewDecision): void {
  const initial: Narrowing = { scopes: findScopesInUse(item), off: [] }
  confirmWithForm(initial, (narrowing, set) => ({
    danger: verdict === 'revoke',
    title: text(`item.${verdict}Title`, { name }),
    confirmLabel: text(`item.${verdict}`),
    done: text(DONE[verdict], { name }),
    children:
      verdict === 'narrow' ? (
        <>
          <CheckboxList
            label={text('item.scopesLeft')}
            description={text('item.scopesLeftHelp')}
            choices={[...item.scopes, ...(item.addedScopes ?? [])]}
            value={narrowing.scopes}
            change={(scopes) => set({ scopes })}
          />
          <RemovedUsers item={item} off={narrowing.off} change={(off) => set({ off })} />
        </>
      ) : (
        <p>{text(`item.${verdict}Help`)}</p>
      ),
    confirm: (reason) =>
      sendChange('reviews.decide', {
        params: { id: review, connection: item.connection },
        body: { decision: verdict, ...(verdict === 'narrow' ? describeNarrowing(narrowing) : {}), reason },
      }),
  }))
}

interface Narrowing {
  /** Scopes to keep */
  readonly scopes: readonly string[]
  /** Users and groups to remove */
  readonly off: readonly string[]
}

const USER = 'user '
const GROUP = 'group '

function describeNarrowing({ scopes, off }: Narrowing) {
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
  readonly off: readonly string[]
  readonly change: (off: string[]) => void
}

/** Users of the connection, for roles that may see them. */
function RemovedUsers({ item: { connection, evidence }, off, change }: RemovedUsersProps) {
  const names = useNames()
  const { data } = useApiIfAllowed('connections.read', { params: { id: connection } })
  const { users: named = [], groups = [] } = data?.body.assignments ?? {}
  const users = [...new Set([...named, ...evidence.grants.map(({ user }) => user)])]
  if (users.length + groups.length === 0) return null
  const choices = [
    ...groups.map((name) => ({ value: `${GROUP}${name}`, label: text('groupName', { name }) })),
    ...users.map((user) => ({ value: `${USER}${user}`, label: names.user(user) })),
  ]
  return <CheckboxList label={text('item.takeOff')} choices={choices} value={off} change={change} />
}
