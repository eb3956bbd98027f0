// Creates a token, and shows it once.
import { Button, Modal, NativeSelect } from '@mantine/core'
import { type Role, ROLES, SCOPED_ROLES } from '@crosswalk/admin-api'

import { sendChange } from '../../api/changes.ts'
import { SecretCode } from '../../components/one-time-secret.tsx'
import { ObjectMultiSelect } from '../../components/object/object-multi-select.tsx'
import { confirmWithForm } from '../../components/confirm.ts'
import { useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { choicesOf } from '../../components/choices.ts'
import { inDays } from '../../components/local-moment.ts'
import { Fields, type FormField, type FormProps } from '../../components/form-fields.tsx'

const DEFAULT_DAYS = 90

function emptyDraft() {
  return { name: '', role: 'auditor' as Role, apps: [] as string[], expires: inDays(DEFAULT_DAYS) }
}

/** @param onCreated - receives the token */
export function openTokenDialog(onCreated: (token: string) => void): void {
  confirmWithForm(emptyDraft(), (draft, set) => ({
    title: text('tokens.new'),
    confirmLabel: text('tokens.new'),
    done: text('tokens.made'),
    children: <Fields<Draft, Draft> fields={FIELDS} draft={draft} change={set} />,
    async confirm(reason) {
      const { name, role, apps, expires } = draft
      const { body } = await sendChange('tokens.create', {
        body: {
          name,
          role,
          ...(SCOPED_ROLES.includes(role) ? { apps } : {}),
          ...(expires === '' ? {} : { expiresAt: expires }),
          reason,
        },
      })
      onCreated(body.token)
    },
  }))
}

interface NewTokenProps {
  /** Undefined while no token is shown */
  readonly token: string | undefined
  readonly stored: () => void
}

/** Closes only by its button, since the token cannot be read again. */
export function NewToken({ token, stored }: NewTokenProps) {
  return (
    <Modal
      opened={token !== undefined}
      onClose={stored}
      title={text('tokens.onceTitle')}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <p>{text('tokens.once')}</p>
      <SecretCode label={text('tokens.token')} secret={token ?? ''} />
      <div className="cw-dialog-buttons">
        <Button variant="filled" onClick={stored}>
          {text('tokens.stored')}
        </Button>
      </div>
    </Modal>
  )
}

type Draft = ReturnType<typeof emptyDraft>

const FIELDS: readonly FormField<Draft>[] = [
  { kind: 'text', name: 'name', label: 'word.purpose', required: true, maxLength: 256, autofocus: true },
  RoleField,
  AppsField,
  { kind: 'moment', name: 'expires', label: 'word.expires', help: 'tokens.endsHelp' },
]

/** No user can grant more than their own role; the server enforces it. */
function RoleField({ draft, change }: FormProps<Draft>) {
  const { role: own } = useSession()
  const roles = own === 'owner' ? ROLES : ROLES.filter((role) => role !== 'owner')
  return (
    <NativeSelect
      label={text('roles.role')}
      description={text('tokens.roleHelp')}
      data={choicesOf(roles, (role) => text(`role.${role}`))}
      value={draft.role}
      onChange={({ currentTarget }) => change({ ...draft, role: currentTarget.value as Role })}
    />
  )
}

function AppsField({ draft, change }: FormProps<Draft>) {
  if (!SCOPED_ROLES.includes(draft.role)) return null
  return (
    <ObjectMultiSelect
      of="apps"
      label={text('tokens.apps')}
      value={draft.apps}
      change={(apps) => change({ ...draft, apps })}
    />
  )
}
