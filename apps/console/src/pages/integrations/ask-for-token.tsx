// Creates a token, and shows it once.
import { Button, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type Role, ROLES, SCOPED_ROLES } from '@crosswalk/admin-api'

import { sendChange } from '../../api/changes.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { ObjectMultiSelect } from '../../components/object/object-multi-select.tsx'
import { askWith } from '../../components/ask-reason.ts'
import { useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { MomentField } from '../../components/fields.tsx'
import { inDays } from '../../components/local-moment.ts'

const USUAL_DAYS = 90

function emptyDraft() {
  return { name: '', role: 'auditor' as Role, apps: [] as string[], ends: inDays(USUAL_DAYS) }
}

/** @param made - receives the token */
export function askForToken(made: (token: string) => void): void {
  askWith(emptyDraft(), (draft, set) => ({
    title: text('tokens.new'),
    confirmLabel: text('tokens.new'),
    done: text('tokens.made'),
    children: <TokenFields draft={draft} set={set} />,
    async confirm(reason) {
      const { name, role, apps, ends } = draft
      const { body } = await sendChange('tokens.create', {
        body: {
          name,
          role,
          ...(SCOPED_ROLES.includes(role) ? { apps } : {}),
          ...(ends === '' ? {} : { expiresAt: ends }),
          reason,
        },
      })
      made(body.token)
    },
  }))
}

interface MadeTokenProps {
  /** undefined while there is none to show */
  readonly token: string | undefined
  readonly stored: () => void
}

/** Closes only by its button, since the token cannot be read again. */
export function MadeToken({ token, stored }: MadeTokenProps) {
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
      <CodeBlock label={text('tokens.token')} code={token ?? ''} />
      <div className="cw-dialog-buttons">
        <Button variant="filled" onClick={stored}>
          {text('tokens.stored')}
        </Button>
      </div>
    </Modal>
  )
}

type Draft = ReturnType<typeof emptyDraft>

interface TokenFieldsProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
}

function TokenFields({ draft, set }: TokenFieldsProps) {
  const { role: own } = useSession()
  // No user can grant more than their own role; the server enforces it.
  const roles = own === 'owner' ? ROLES : ROLES.filter((role) => role !== 'owner')
  return (
    <Stack gap="sm" mb="sm">
      <TextInput
        label={text('word.purpose')}
        data-autofocus
        required
        maxLength={256}
        value={draft.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
      />
      <NativeSelect
        label={text('tokens.role')}
        description={text('tokens.roleHelp')}
        data={roles.map((value) => ({ value, label: text(`role.${value}`) }))}
        value={draft.role}
        onChange={({ currentTarget }) => set({ role: currentTarget.value as Role })}
      />
      {SCOPED_ROLES.includes(draft.role) ? (
        <ObjectMultiSelect
          of="apps"
          label={text('tokens.apps')}
          value={draft.apps}
          change={(chosen) => set({ apps: chosen })}
        />
      ) : null}
      <MomentField
        label={text('word.expires')}
        help={text('tokens.endsHelp')}
        value={draft.ends}
        change={(ends) => set({ ends })}
      />
    </Stack>
  )
}
