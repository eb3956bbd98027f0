// The dialogs that activate, suspend or revoke a connection, or invite its resource.
import { Checkbox } from '@mantine/core'

import type { Connection } from '../../api/objects.ts'
import { sendChange } from '../../api/changes.ts'
import { confirmWithReason, confirmWithForm } from '../../components/confirm.ts'
import { describeRevoked } from '../../components/object/suspend-action.tsx'
import { showDone } from '../../components/toasts.tsx'
import type { Names } from '../../session/names.ts'
import { text } from '../../texts/text.ts'
import { Sentence } from './sentence.tsx'
import { saveFile } from '../../components/save-file.ts'
import { Fields, type FormField } from '../../components/form-fields.tsx'

export function confirmActivate(connection: Connection, etag: string, names: Names): void {
  confirmWithReason({
    title: text('connection.activateTitle', { name: names.appPair(connection) }),
    confirmLabel: text('connection.activate'),
    help: text('connection.activateHelp'),
    children: (
      <p>
        <Sentence connection={connection} names={names} />
      </p>
    ),
    done: text('connection.activated'),
    confirm: (reason) =>
      sendChange('connections.change', {
        params: { id: connection.id },
        ifMatch: etag,
        body: { status: 'active' },
        reason,
      }),
  })
}

interface Named {
  readonly id: string
  readonly name: string
}

interface SuspendedByUser extends Named {
  /** Some roles may suspend, but not resume */
  readonly mayResume: boolean
}

export function confirmSuspendConnection({ id, name, mayResume }: SuspendedByUser): void {
  const params = { id }
  const resume = () =>
    sendChange('connections.resume', { params, body: {}, reason: text('connection.undoReason') })
  confirmWithForm({ revokeTokens: false }, ({ revokeTokens }, set) => ({
    title: text('suspension.suspendTitle', { name }),
    confirmLabel: text('connection.suspend'),
    children: (
      <>
        <p>{text('connection.suspendHelp')}</p>
        <Checkbox
          label={text('connection.suspendRevoke')}
          description={text('connection.suspendRevokeHelp')}
          checked={revokeTokens}
          onChange={({ currentTarget: { checked } }) => set({ revokeTokens: checked })}
        />
      </>
    ),
    async confirm(reason) {
      const { body } = await sendChange('connections.suspend', { params, body: { revokeTokens }, reason })
      showDone({
        message: revokeTokens
          ? text('suspension.suspended', { name, revoked: describeRevoked(body.revokedTokens) })
          : text('connection.suspendedOne'),
        ...(mayResume ? { undo: resume } : {}),
      })
    },
  }))
}

export function confirmRevoke({ id, name }: Named): void {
  confirmWithReason({
    danger: true,
    title: text('connection.revokeTitle', { name }),
    confirmLabel: text('connection.revoke'),
    help: text('connection.revokeHelp'),
    async confirm(reason) {
      const { body } = await sendChange('connections.revoke', { params: { id }, body: {}, reason })
      showDone({ message: text('connection.revoked', { revoked: describeRevoked(body.revokedTokens) }) })
    },
  })
}

const DEFAULT_DAYS = 7

const FIELDS: readonly FormField<{ readonly contact: string; readonly days: number }>[] = [
  {
    kind: 'text',
    name: 'contact',
    label: 'word.contact',
    help: 'connection.inviteContactHelp',
    maxLength: 256,
    autofocus: true,
  },
  { kind: 'number', name: 'days', label: 'connection.inviteDays', min: 1, max: 30 },
]

/** Creates an invitation file for a connection's authorization server. */
export function openInvitationDialog(id: string): void {
  confirmWithForm({ contact: '', days: DEFAULT_DAYS }, (draft, set) => ({
    title: text('connection.invite'),
    confirmLabel: text('connection.inviteSave'),
    reasonNeeded: false,
    done: text('connection.invited'),
    help: text('connection.inviteHelp'),
    children: <Fields fields={FIELDS} draft={draft} change={set} />,
    async confirm(reason) {
      const { days = DEFAULT_DAYS, contact } = draft
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
