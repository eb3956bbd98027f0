// Grants one user access over a connection: user, scopes, expiry and reason.
import { Stack } from '@mantine/core'

import { sendChange } from '../../../api/changes.ts'
import { EndField, inThirtyDays } from '../../../components/end-field.tsx'
import { ObjectSelect } from '../../../components/object/object-select.tsx'
import { askWith } from '../../../components/ask-reason.ts'
import { showDone } from '../../../components/toasts.tsx'
import { text } from '../../../texts/text.ts'
import type { Connection } from '../../../components/object/connection-state.ts'
import { CheckboxList } from '../../../components/fields.tsx'
import { useIfAllowed } from '../../../session/use-if-allowed.ts'

export function askToGrant(connection: Connection): void {
  const initial = { user: undefined as string | undefined, scopes: [] as string[], until: inThirtyDays() }
  askWith(initial, ({ user = '', scopes, until }, set) => ({
    title: text('grant.addTitle'),
    confirmLabel: text('grant.add'),
    children: (
      <Stack gap="sm" mb="sm">
        <ObjectSelect of="users" label={text('word.user')} value={user} change={(id) => set({ user: id })} />
        <ScopeBoxes connection={connection} scopes={scopes} change={(chosen) => set({ scopes: chosen })} />
        <EndField value={until} change={(moment) => set({ until: moment })} />
      </Stack>
    ),
    async confirm(reason) {
      const body = { connection: connection.id, user, scopes, reason, ...(until === '' ? {} : { until }) }
      const { body: granted } = await sendChange('access-grants.create', { body })
      const isOpen = granted.check.outcome === 'allow'
      showDone({ message: text(isOpen ? 'grant.added' : 'grant.addedBut', { why: granted.check.admin }) })
    },
  }))
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
