// Creates a token, and shows it once.
import { Button, Modal, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type Role, ROLES, SCOPED_ROLES } from '@crosswalk/admin-api'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { CodeBlock } from '../../components/code-block.tsx'
import { ObjectMultiSelect } from '../../components/object/object-multi-select.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { useSession } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { MomentField } from '../../components/fields.tsx'
import { inDays } from '../../components/local-moment.ts'
import type { DialogProps } from '../../hooks/use-dialog.ts'

const USUAL_DAYS = 90

function emptyDraft() {
  return { name: '', role: 'auditor' as Role, apps: [] as string[], ends: inDays(USUAL_DAYS) }
}

export function NewToken({ opened, close }: DialogProps) {
  const create = useChange('tokens.create')
  const [draft, setDraft] = useState(emptyDraft)
  const [made, setMade] = useState<string | undefined>(undefined)
  return (
    <>
      <ReasonDialog
        opened={opened}
        close={close}
        title={text('tokens.new')}
        confirmLabel={text('tokens.new')}
        confirm={async (reason) => {
          const { name, role, apps, ends } = draft
          const { body } = await create.mutateAsync({
            body: {
              name,
              role,
              ...(SCOPED_ROLES.includes(role) ? { apps } : {}),
              ...(ends === '' ? {} : { expiresAt: ends }),
              reason,
            },
          })
          setMade(body.token)
          setDraft(emptyDraft())
          showDone({ message: text('tokens.made') })
        }}
      >
        <TokenFields draft={draft} change={setDraft} />
      </ReasonDialog>
      <Modal
        opened={made !== undefined}
        onClose={() => setMade(undefined)}
        title={text('tokens.onceTitle')}
        closeOnClickOutside={false}
        closeOnEscape={false}
        withCloseButton={false}
      >
        <p>{text('tokens.once')}</p>
        <CodeBlock label={text('tokens.token')} code={made ?? ''} />
        <div className="cw-dialog-buttons">
          <Button variant="filled" onClick={() => setMade(undefined)}>
            {text('tokens.stored')}
          </Button>
        </div>
      </Modal>
    </>
  )
}

type Draft = ReturnType<typeof emptyDraft>

interface TokenFieldsProps {
  readonly draft: Draft
  readonly change: (draft: Draft) => void
}

function TokenFields({ draft, change }: TokenFieldsProps) {
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
        onChange={({ currentTarget }) => change({ ...draft, name: currentTarget.value })}
      />
      <NativeSelect
        label={text('tokens.role')}
        description={text('tokens.roleHelp')}
        data={roles.map((value) => ({ value, label: text(`role.${value}`) }))}
        value={draft.role}
        onChange={({ currentTarget }) => change({ ...draft, role: currentTarget.value as Role })}
      />
      {SCOPED_ROLES.includes(draft.role) ? (
        <ObjectMultiSelect
          of="apps"
          label={text('tokens.apps')}
          value={draft.apps}
          change={(chosen) => change({ ...draft, apps: chosen })}
        />
      ) : null}
      <MomentField
        label={text('word.expires')}
        help={text('tokens.endsHelp')}
        value={draft.ends}
        change={(ends) => change({ ...draft, ends })}
      />
    </Stack>
  )
}
