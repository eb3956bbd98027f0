// Makes a group: a name to assign connections to, and who is in it.
import { Stack, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { useChange } from '../../api/changes.ts'
import { UserSelect } from '../../components/object/assignment-fields.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { showDone } from '../../components/toasts.tsx'
import { text } from '../../texts/text.ts'
import { groupPath } from './group.ts'
import type { DialogProps } from '../../hooks/dialog-props.ts'

export function NewGroup({ opened, close }: DialogProps) {
  const [id, setId] = useState('')
  const [members, setMembers] = useState<string[]>([])
  const create = useChange('groups.create')
  const navigate = useNavigate()
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('groups.new')}
      confirmLabel={text('groups.create')}
      confirm={async (reason) => {
        const { body } = await create.mutateAsync({ body: { id: id.trim(), members }, reason })
        showDone({ message: text('groups.created', { name: body.id }) })
        await navigate({ to: groupPath(body.id) })
      }}
    >
      <Stack gap="md" mb="md">
        <TextInput
          label={text('groups.id')}
          description={text('groups.idHelp')}
          required
          autoComplete="off"
          value={id}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
        />
        <UserSelect label={text('groups.members')} value={members} change={setMembers} />
      </Stack>
    </ReasonDialog>
  )
}
