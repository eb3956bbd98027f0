// Sets when the selected connections expire, and offers to restore exactly those that have not changed since.
import { adminApi } from '../../api/client.ts'
import { sendChange } from '../../api/changes.ts'
import { kindOf } from '../../api/problem.ts'
import { TimeField } from '../../components/fields.tsx'
import { inDays } from '../../components/local-moment.ts'
import { countText, text } from '../../texts/text.ts'
import type { Changed, Outcome } from '../../components/selection/change-each.ts'
import { type BulkChange, changeSelected } from '../../components/selection/change-selected.tsx'

const DEFAULT_DAYS = 90

/** What undoing a change needs */
interface Before {
  readonly expiresAt: string | null
  /** After the change */
  readonly etag: string
}

export function confirmBulkExpiry({ ids, mayUndo, done }: BulkChange): void {
  changeSelected<{ readonly expiresAt: string }, Before>({
    ...{ ids, done, initial: { expiresAt: inDays(DEFAULT_DAYS) } },
    title: countText('connection.expiryOne', 'connection.expiryMany', ids.length),
    help: [text('connection.expiryHelp')],
    fields: ({ expiresAt }, set) => (
      <TimeField
        label={text('word.expires')}
        help={text('connection.expiryFieldHelp')}
        value={expiresAt}
        change={(next) => set({ expiresAt: next })}
      />
    ),
    change: (id, reason, { expiresAt }) => setExpiry(id, reason, expiresAt === '' ? null : expiresAt),
    undo: mayUndo ? restoreExpiry : undefined,
    progress: 'connections.changing',
    told: {
      changed: ['connection.expirySetOne', 'connection.expirySetMany'],
      skipped: ['connection.expiryLeftOne', 'connection.expiryLeftMany'],
    },
  })
}

async function setExpiry(id: string, reason: string, expiresAt: string | null): Promise<Outcome<Before>> {
  try {
    const { body, etag: ifMatch = '' } = await adminApi.call('connections.read', { params: { id } })
    const before = body.expiresAt ?? null
    if (body.owner === 'file' || before === expiresAt) return { state: 'skipped' }
    const change = { params: { id }, ifMatch, body: { expiresAt }, reason }
    const { etag = '' } = await sendChange('connections.change', change)
    return { state: 'changed', result: { expiresAt: before, etag } }
  } catch (error) {
    if (kindOf(error) === 'not-found') return { state: 'deleted' }
    throw error
  }
}

function restoreExpiry({ id, result: { expiresAt, etag } }: Changed<Before>): Promise<unknown> {
  const reason = text('connection.undoReason')
  return sendChange('connections.change', { params: { id }, ifMatch: etag, body: { expiresAt }, reason })
}
