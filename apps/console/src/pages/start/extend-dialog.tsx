// Extends the expiry of a connection. For a file connection, the problem shows the patch for the file.
import { useState } from 'react'

import { sendChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { toLocalInput, inDays } from '../../components/local-moment.ts'
import { TimeField } from '../../components/fields.tsx'
import type { DialogProps } from '../../hooks/use-dialog.ts'

interface ExtendDialogProps extends DialogProps {
  readonly id: string
  /** RFC 3339: current expiry */
  readonly until: string | undefined
  readonly etag: string
  readonly done: () => void
}

const DEFAULT_DAYS = 90

export function ExtendDialog({ id, until, etag, opened, close, done }: ExtendDialogProps) {
  const [end, setEnd] = useState(() => inDays(DEFAULT_DAYS, until))
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('inbox.extendTitle', { name: id })}
      confirmLabel={text('inbox.extend')}
      confirm={async (reason) => {
        const body = { expiresAt: end }
        await sendChange('connections.change', { params: { id }, ifMatch: etag, body, reason })
        showDone({ message: text('inbox.extended', { name: id }) })
        done()
      }}
    >
      <TimeField
        mb="sm"
        required
        label={text('inbox.newEnd')}
        min={toLocalInput(until)}
        value={end}
        change={setEnd}
      />
    </ReasonDialog>
  )
}
