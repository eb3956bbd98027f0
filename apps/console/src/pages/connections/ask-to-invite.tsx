// Creates an invitation file for a connection's authorization server.
import { NumberInput, TextInput } from '@mantine/core'

import { sendChange } from '../../api/changes.ts'
import { askWith } from '../../components/ask-reason.ts'
import { saveFile } from '../../components/save-file.ts'
import { text } from '../../texts/text.ts'

const USUAL_DAYS = 7

export function askToInvite(id: string): void {
  askWith({ contact: '', days: USUAL_DAYS }, ({ contact, days }, set) => ({
    title: text('connection.inviteTitle'),
    confirmLabel: text('connection.inviteSave'),
    reasonNeeded: false,
    done: text('connection.invited'),
    children: (
      <>
        <p>{text('connection.inviteHelp')}</p>
        <TextInput
          label={text('word.contact')}
          description={text('connection.inviteContactHelp')}
          maxLength={256}
          value={contact}
          onChange={({ currentTarget: { value } }) => set({ contact: value })}
        />
        <NumberInput
          my="sm"
          label={text('connection.inviteDays')}
          min={1}
          max={30}
          value={days}
          onChange={(value) => set({ days: Number(value) || USUAL_DAYS })}
        />
      </>
    ),
    async confirm(reason) {
      const who = contact.trim()
      const { body } = await sendChange('connections.invite', {
        params: { id },
        body: { days, ...(who === '' ? {} : { contact: who }) },
        reason,
      })
      const content = `${JSON.stringify(body.file, null, 2)}\n`
      saveFile({ name: `${id}-invitation.json`, type: 'application/json', content })
    },
  }))
}
