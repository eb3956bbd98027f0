// Asks for a later expiry of a connection. For a file connection, the problem shows the patch for the file.
import { sendChange } from '../../api/changes.ts'
import { confirmWithForm } from '../../components/confirm.ts'
import { TimeField } from '../../components/fields.tsx'
import { inDays, toLocalInput } from '../../components/local-moment.ts'
import { text } from '../../texts/text.ts'

interface ExtensionOptions {
  readonly id: string
  /** RFC 3339: current expiry */
  readonly until: string | undefined
  readonly etag: string
  readonly name: string
  /** Called after the change */
  readonly close: () => void
}

const DEFAULT_DAYS = 90

export function confirmExtend({ id, until, etag, name, close }: ExtensionOptions): void {
  confirmWithForm({ expiresAt: inDays(DEFAULT_DAYS, until) }, ({ expiresAt }, set) => ({
    title: text('inbox.extendTitle', { name }),
    confirmLabel: text('inbox.act.expiring'),
    done: text('inbox.extended', { name }),
    children: (
      <TimeField
        required
        label={text('inbox.newEnd')}
        min={toLocalInput(until)}
        value={expiresAt}
        change={(moment) => set({ expiresAt: moment })}
      />
    ),
    async confirm(reason) {
      await sendChange('connections.change', { params: { id }, ifMatch: etag, body: { expiresAt }, reason })
      close()
    },
  }))
}
