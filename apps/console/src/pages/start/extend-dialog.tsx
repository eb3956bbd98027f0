// A later end of a connection. One of the configuration file stays as it is: the problem has the patch to make there.
import { TextInput } from '@mantine/core'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { fromLocalInput, toLocalInput, zoneName } from '../../components/local-moment.ts'

interface ExtendDialogProps {
  readonly id: string
  /** RFC 3339: when it ends as things are */
  readonly until: string | undefined
  readonly etag: string
  readonly opened: boolean
  readonly close: () => void
  readonly done: () => void
}

const DEFAULT_DAYS = 90

export function ExtendDialog({ id, until, etag, opened, close, done }: ExtendDialogProps) {
  const change = useChange('connections.change')
  const [end, setEnd] = useState(() => toLocalInput(addDays(until, DEFAULT_DAYS)))
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('inbox.extendTitle', { name: id })}
      confirmLabel={text('inbox.extend')}
      confirm={async (reason) => {
        const body = { expiresAt: fromLocalInput(end) }
        await change.mutateAsync({ params: { id }, ifMatch: etag, body, reason })
        showDone({ message: text('inbox.extended', { name: id }) })
        done()
      }}
    >
      <TextInput
        mb="sm"
        type="datetime-local"
        required
        label={text('inbox.newEnd', { zone: zoneName() })}
        min={toLocalInput(until)}
        value={end}
        onChange={({ currentTarget }) => setEnd(currentTarget.value)}
      />
    </ReasonDialog>
  )
}

function addDays(moment: string | undefined, days: number): string {
  const from = moment === undefined ? new Date() : new Date(moment)
  return new Date(from.getTime() + days * 86_400_000).toISOString()
}
