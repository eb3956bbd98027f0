// Creates an invitation file for a connection's authorization server.
import { NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { saveFile } from '../../components/save-file.ts'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'

interface InviteDialogProps extends DialogProps {
  readonly id: string
}

export function InviteDialog({ id, opened, close }: InviteDialogProps) {
  const invite = useChange('connections.invite')
  const [contact, setContact] = useState('')
  const [days, setDays] = useState(7)
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('connection.inviteTitle')}
      confirmLabel={text('connection.inviteSave')}
      reasonNeeded={false}
      confirm={async (reason) => {
        const who = contact.trim()
        const { body } = await invite.mutateAsync({
          params: { id },
          body: { days, ...(who === '' ? {} : { contact: who }) },
          reason,
        })
        const content = `${JSON.stringify(body.file, null, 2)}\n`
        saveFile({ name: `${id}-invitation.json`, type: 'application/json', content })
        showDone({ message: text('connection.invited') })
      }}
    >
      <p>{text('connection.inviteHelp')}</p>
      <TextInput
        label={text('word.contact')}
        description={text('connection.inviteContactHelp')}
        maxLength={256}
        value={contact}
        onChange={({ currentTarget }) => setContact(currentTarget.value)}
      />
      <NumberInput
        my="sm"
        label={text('connection.inviteDays')}
        min={1}
        max={30}
        value={days}
        onChange={(value) => setDays(Number(value) || 7)}
      />
    </ReasonDialog>
  )
}
