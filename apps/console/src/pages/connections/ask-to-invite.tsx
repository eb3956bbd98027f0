// Creates an invitation file for a connection's authorization server.
import { Stack } from '@mantine/core'

import { sendChange } from '../../api/changes.ts'
import { askWith } from '../../components/ask-reason.ts'
import { saveFile } from '../../components/save-file.ts'
import { text } from '../../texts/text.ts'
import { Fields, type FormField } from '../../components/form-fields.tsx'

const USUAL_DAYS = 7

const FIELDS: readonly FormField<{ readonly contact: string; readonly days: number }>[] = [
  {
    kind: 'text',
    name: 'contact',
    label: 'word.contact',
    help: 'connection.inviteContactHelp',
    maxLength: 256,
  },
  { kind: 'number', name: 'days', label: 'connection.inviteDays', min: 1, max: 30 },
]

export function askToInvite(id: string): void {
  askWith({ contact: '', days: USUAL_DAYS }, (draft, set) => ({
    title: text('connection.inviteTitle'),
    confirmLabel: text('connection.inviteSave'),
    reasonNeeded: false,
    done: text('connection.invited'),
    children: (
      <>
        <p>{text('connection.inviteHelp')}</p>
        <Stack gap="sm" mb="sm">
          <Fields fields={FIELDS} draft={draft} change={set} />
        </Stack>
      </>
    ),
    async confirm(reason) {
      const { days = USUAL_DAYS, contact } = draft
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
