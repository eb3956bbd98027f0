// Every app that can act for a user now, evaluated for a sign-in at this moment.
import type { AnswerTo } from '@crosswalk/admin-api'
import { useMemo } from 'react'

import { useApi, useList } from '../../api/queries.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { type Names, useNames } from '../../session/names.ts'
import { ConnectionLink } from '../../components/object/ends.tsx'
import { ReachScopes, type Reach } from '../../components/object/reach-scopes.tsx'

type User = AnswerTo<'users.read'>

export function ActingFor({ user }: { readonly user: User }) {
  const list = useList('reach.what', { user: user.id })
  const names = useNames()
  const connections = useApi('connections.list', { query: { limit: 200 } })
  const paths = useMemo(
    () =>
      new Map(
        connections.data?.body.items.map(({ id, assignments }) => [id, describePath(assignments, user)]),
      ),
    [connections.data, user],
  )
  const columns = useMemo(() => buildColumns(names, paths), [names, paths])
  return (
    <DataTable
      label={text('word.apps')}
      list={list}
      columns={columns}
      rowId={({ app, connection, resource }) => `${app} ${connection} ${resource ?? ''}`}
      open={({ connection }) => `/connections/${encodeURIComponent(connection)}`}
      empty={
        <EmptyState title={text('user.nothingActs', { name: user.name ?? user.username })}>
          {text('user.nothingActsText')}
        </EmptyState>
      }
    />
  )
}

function describePath(
  { everyone, users, groups }: { everyone: boolean; users: string[]; groups: string[] },
  user: User,
): string {
  if (everyone) return text('everyone')
  const group = user.memberOf.find((name) => groups.includes(name))
  if (group !== undefined) return text('groupName', { name: group })
  return users.includes(user.id) ? text('user.byName') : ''
}

function buildColumns(names: Names, paths: ReadonlyMap<string, string>): readonly Column<Reach>[] {
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
    { id: 'scopes', header: text('word.scopes'), cell: (reach) => <ReachScopes reach={reach} /> },
    { id: 'path', header: text('word.through'), cell: ({ connection }) => paths.get(connection) ?? '' },
  ]
}
