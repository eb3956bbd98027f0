// Grants one user access over a connection: user, scopes, expiry and reason.
import { Stack } from '@mantine/core'
import { useState } from 'react'

import { useChange } from '../../../api/changes.ts'
import { EndField, inThirtyDays } from '../../../components/end-field.tsx'
import { ObjectSelect } from '../../../components/object/object-select.tsx'
import { ReasonDialog } from '../../../components/reason-dialog.tsx'
import { showDone } from '../../../components/toasts.tsx'
import { text } from '../../../texts/text.ts'
import type { Connection } from '../../../components/object/connection-state.ts'
import { CheckboxList } from '../../../components/fields.tsx'
import type { DialogProps } from '../../../hooks/use-dialog.ts'
import { useIfAllowed } from '../../../session/use-if-allowed.ts'

interface GrantDialogProps extends DialogProps {
  readonly connection: Connection
}

export function GrantDialog({ connection, opened, close }: GrantDialogProps) {
  const create = useChange('access-grants.create')
  const [user, setUser] = useState<string | undefined>(undefined)
  const [scopes, setScopes] = useState<string[]>([])
  const [until, setUntil] = useState(inThirtyDays)
  return (
    <ReasonDialog
      opened={opened}
      close={close}
      title={text('grant.addTitle')}
      confirmLabel={text('grant.add')}
      confirm={async (reason) => {
        const body = {
          ...{ connection: connection.id, user: user ?? '', scopes, reason: reason ?? '' },
          ...(until === '' ? {} : { until }),
        }
        const { body: granted } = await create.mutateAsync({ body })
        const isOpen = granted.check.outcome === 'allow'
        showDone({ message: text(isOpen ? 'grant.added' : 'grant.addedBut', { why: granted.check.admin }) })
      }}
    >
      <Stack gap="sm" mb="sm">
        <ObjectSelect of="users" label={text('word.user')} value={user} change={setUser} />
        <ScopeBoxes connection={connection} scopes={scopes} change={setScopes} />
        <EndField value={until} change={setUntil} />
      </Stack>
    </ReasonDialog>
  )
}

interface ScopeBoxesProps {
  readonly connection: Connection
  readonly scopes: string[]
  readonly change: (scopes: string[]) => void
}

/** Scopes of the connection's resources, or of the connection if the catalogue is hidden. */
function ScopeBoxes({ connection, scopes, change }: ScopeBoxesProps) {
  const { resourceApp, resources } = connection
  const target = useIfAllowed('resource-apps.read', { params: { id: resourceApp } })
  const known = target.data?.body.resources.filter(({ id }) => resources.includes(id)) ?? []
  const offered = [...new Set([...known.flatMap((one) => one.scopes), ...connection.scopes])]
  return <CheckboxList label={text('word.scopes')} choices={offered} value={scopes} change={change} />
}
