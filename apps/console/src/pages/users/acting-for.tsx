// Every app that can act for a user now, evaluated for a sign-in at this moment.
import { useMemo } from 'react'

import type { User } from '../../api/objects.ts'
import { useList } from '../../api/queries.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { type Names, useNames } from '../../session/names.ts'
import { ConnectionLink } from '../../components/object/connection-link.tsx'
import { grantedColumns, type Reach } from '../../components/object/reach-columns.tsx'
import { pathOf } from '../../components/object/object-path.ts'
import { useBlock } from '../../components/object/use-block.ts'

export function ActingFor({ user }: { readonly user: User }) {
  const list = useList('reach.what', { user: user.id })
  const names = useNames()
  const isBlocked = useBlock({ user: user.id }) !== undefined
  const columns = useMemo(() => buildColumns(names), [names])
  return (
    <DataTable
      label={text('word.apps')}
      list={list}
      columns={columns}
      rowId={({ app, connection, resource }) => `${app} ${connection} ${resource ?? ''}`}
      open={({ connection }) => pathOf('connection', connection)}
      empty={
        <EmptyState title={text('user.nothingActs', { name: user.name ?? user.username })}>
          {text(isBlocked ? 'user.blockedText' : 'user.nothingActsText')}
        </EmptyState>
      }
    />
  )
}

function buildColumns(names: Names): readonly Column<Reach>[] {
  return [
    {
      id: 'what',
      header: text('word.connection'),
      hideable: false,
      cell: ({ app, resourceApp, connection }) => (
        <ConnectionLink id={connection} of={{ app, resourceApp }} names={names} />
      ),
    },
    { id: 'resource', header: text('word.resource'), cell: ({ resource }) => resource ?? '' },
    ...grantedColumns,
  ]
}
