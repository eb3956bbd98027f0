// What an app can access now, and for which users, as evaluated: the damage if its credentials were stolen.
import { useMemo } from 'react'

import type { App } from '../../api/objects.ts'
import { useList } from '../../api/queries.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState, ForbiddenState } from '../../components/states.tsx'
import { useCan } from '../../session/session.tsx'
import { text } from '../../texts/text.ts'
import { type Names, useNames } from '../../session/names.ts'
import { grantedColumns, type Reach } from '../../components/object/reach-columns.tsx'
import { ObjectLink } from '../../components/object/names.tsx'
import { pathOf } from '../../components/object/object-path.ts'

export function AppReach({ app }: { readonly app: App }) {
  const can = useCan()
  return can('reach.what') ? <ReachTable app={app} /> : <ForbiddenState />
}

function ReachTable({ app }: { readonly app: App }) {
  const list = useList('reach.what', { app: app.id })
  const names = useNames()
  const columns = useMemo(() => buildColumns(names), [names])
  return (
    <>
      <p className="cw-quiet-text">{text('app.reachText')}</p>
      <DataTable
        label={text('app.tab.reach')}
        list={list}
        columns={columns}
        rowId={({ user, connection, resource }) => `${user} ${connection} ${resource ?? ''}`}
        open={({ connection }) => pathOf('connection', connection)}
        empty={<EmptyState title={text('app.reachesNothing')}>{text('app.reachesNothingText')}</EmptyState>}
      />
    </>
  )
}

function buildColumns(names: Names): readonly Column<Reach>[] {
  return [
    {
      id: 'user',
      header: text('word.user'),
      hideable: false,
      cell: ({ user }) => <ObjectLink kind="user" id={user} className="cw-first" />,
    },
    {
      id: 'resourceApp',
      header: text('word.resourceApp'),
      cell: ({ resourceApp }) => names.resourceApp(resourceApp),
    },
    {
      id: 'resource',
      header: text('word.resource'),
      hidden: true,
      cell: ({ resource }) => resource ?? '',
    },
    ...grantedColumns,
  ]
}
