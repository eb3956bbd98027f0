// Who can access what through which app, around one app, resource app, group or user, as a table and a picture.
import { type AnswerTo, MAX_PAGE } from '@crosswalk/admin-api'
import { IconDownload } from '@tabler/icons-react'
import { useMemo } from 'react'

import type { Connection } from '../../api/objects.ts'
import { type ConnectionFacts, type FactsById, useConnectionFacts, useIds } from '../../api/facts.ts'
import { type PagedList, useCompleteList, useList } from '../../api/queries.ts'
import { Tokens } from '../../components/chips.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { APP_FILTER, RESOURCE_APP_FILTER, USER_FILTER } from '../../components/filter-fields.ts'
import { NextStep } from '../../components/next-step.tsx'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { connectionColumn, factColumns, stateColumn } from '../../components/object/connection-columns.tsx'
import { saveFile } from '../../components/save-file.ts'
import { EmptyState, Loading } from '../../components/states.tsx'
import { type FilterState, useFilters } from '../../hooks/use-filters.ts'
import { useNow } from '../../hooks/use-now.ts'
import { useCan } from '../../session/session.tsx'
import { countText, text } from '../../texts/text.ts'
import { stateOf } from '../../components/object/connection-state.ts'
import { type Names, useNames } from '../../session/names.ts'
import { buildGraph, renderMermaid } from './graph.ts'
import { GraphPicture } from './graph-picture.tsx'
import { NothingFound } from '../../components/nothing-found.tsx'
import { isAssigned } from '../../components/object/is-assigned.ts'
import { useApiIfAllowed } from '../../session/use-api-if-allowed.ts'
import { smallIcon } from '../../components/small-icon.tsx'
import './activity.css'
import { pathOf } from '../../components/object/object-path.ts'

const FILTERS = ['app', 'resourceApp', 'group', 'user'] as const
type Filter = (typeof FILTERS)[number]
type Facts = FactsById<ConnectionFacts>

export function Page() {
  const state = useFilters(FILTERS)
  const { isSought, ...list } = useConnections(state.filters)
  const { items } = list
  const names = useNames()
  const { byId: facts } = useConnectionFacts(useIds(items))
  const now = useNow()
  const columns = useMemo(() => buildColumns(names, facts, now), [names, facts, now])
  const graph = useMemo(() => draw(items, { names, facts, now }), [items, names, facts, now])
  return (
    <>
      <PageHeader
        title={text('nav.graph')}
        lead={text('graph.lead')}
        actions={[
          {
            label: text('graph.save'),
            icon: smallIcon(IconDownload),
            disabled: items.length === 0 ? text('graph.nothingToSave') : undefined,
            run: () =>
              saveFile({ name: 'connections.mmd', type: 'text/plain', content: renderMermaid(graph) }),
          },
        ]}
      />
      <FocusBar state={state} />
      {items.length === 0 ? null : <GraphSummary items={items} facts={facts} more={list.hasMore} />}
      <DataTable
        label={text('word.connections')}
        list={list}
        columns={columns}
        rowId={({ id }) => id}
        open={({ id }) => pathOf('connection', id)}
        empty={isSought ? <Loading lines={6} /> : <NoConnections state={state} />}
      />
      {items.length === 0 ? null : (
        <Section title={text('graph.picture')}>
          <p className="cw-quiet-text">{text('graph.legend')}</p>
          <GraphPicture graph={graph} focus={(change) => state.set({ ...NO_FOCUS, ...change })} />
        </Section>
      )}
    </>
  )
}

interface FocusedConnections extends PagedList<Connection> {
  /** The user of the focus was not read yet */
  readonly isSought: boolean
}

/** The connections around the focus. */
function useConnections({ user: named, ...query }: FilterState<Filter>['filters']): FocusedConnections {
  const list = useList('connections.list', { ...query, limit: MAX_PAGE })
  const { user, isSought } = useUser(named)
  const items = useMemo(() => {
    if (named === undefined) return list.items
    return user === undefined ? [] : list.items.filter(({ assignments }) => isAssigned(assignments, user))
  }, [list.items, named, user])
  return { ...list, items, isSought }
}

function NoConnections({ state }: { readonly state: FilterState<Filter> }) {
  return (
    <NothingFound filters={state} title={text('graph.noneHere')} help={text('graph.noneHereText')}>
      <EmptyState
        title={text('word.noConnections')}
        actions={
          <NextStep to="/connections/new" needs="connections.create" label={text('nav.newConnection')} />
        }
      >
        {text('graph.noneText')}
      </EmptyState>
    </NothingFound>
  )
}

const NO_FOCUS = { app: undefined, resourceApp: undefined, group: undefined, user: undefined }

type GraphUser = AnswerTo<'users.list'>['items'][number]

interface SoughtUser {
  readonly user: GraphUser | undefined
  readonly isSought: boolean
}

/** @param named - by id, or by user name */
function useUser(named: string | undefined): SoughtUser {
  const isNamed = named !== undefined
  const byId = useApiIfAllowed('users.list', { query: { ids: named, limit: 1 } }, { enabled: isNamed })
  const isNoId = byId.data?.body.items.length === 0
  // An id or user name may be part of many others.
  const byName = useCompleteList('users.list', { q: named }, { enabled: isNoId })
  const user =
    byId.data?.body.items[0] ?? (isNoId ? byName.items.find(({ username }) => username === named) : undefined)
  return {
    user,
    isSought: isNamed && user === undefined && (byId.isLoading || (isNoId && byName.isReading)),
  }
}

interface GraphContext {
  readonly names: Names
  readonly facts: Facts
  readonly now: number
}

function draw(items: readonly Connection[], { names, facts, now }: GraphContext) {
  const drawn = items.map((connection) => ({
    id: connection.id,
    app: connection.app,
    resourceApp: connection.resourceApp,
    assignments: connection.assignments,
    stopped: stateOf(connection, now) !== 'active',
    used: (facts.get(connection.id)?.lastUsedAt ?? null) !== null,
  }))
  return buildGraph(drawn, {
    app: names.app,
    resource: names.resourceApp,
    group: (name) => text('groupName', { name }),
    everyone: text('everyone'),
    users: (count) => countText('graph.userByName', 'graph.usersByName', count),
    more: (count) => text('graph.more', { count }),
  })
}

function FocusBar({ state }: { readonly state: FilterState<Filter> }) {
  const can = useCan()
  const fields: readonly FilterField<Filter>[] = [
    APP_FILTER,
    RESOURCE_APP_FILTER,
    ...(can('groups.list')
      ? [{ name: 'group', label: text('word.group'), kind: 'object', of: 'groups' } as const]
      : []),
    ...(can('users.list') ? [USER_FILTER] : []),
  ]
  return <FilterBar state={state} fields={fields} />
}

function buildColumns(names: Names, facts: Facts, now: number): readonly Column<Connection>[] {
  return [
    {
      id: 'for',
      header: text('word.for'),
      cell: ({ assignments }) => <AssignedTo assignments={assignments} />,
    },
    connectionColumn(names),
    { id: 'scopes', header: text('word.scopes'), cell: ({ scopes }) => <Tokens items={scopes} /> },
    stateColumn(now, facts),
    ...factColumns(facts),
  ]
}

function AssignedTo({ assignments: { everyone, users, groups } }: Pick<Connection, 'assignments'>) {
  const words = [
    ...(everyone ? [text('everyone')] : []),
    ...groups.map((name) => text('groupName', { name })),
    ...(users.length === 0 ? [] : [countText('graph.userByName', 'graph.usersByName', users.length)]),
  ]
  return <>{words.length === 0 ? text('graph.noUsers') : words.join(', ')}</>
}

interface GraphSummaryProps {
  readonly items: readonly Connection[]
  readonly facts: Facts
  /** There are connections that are not shown yet */
  readonly more: boolean
}

/** The potential and the actual use of the connections in the graph. */
function GraphSummary({ items, facts, more }: GraphSummaryProps) {
  const unused = items.filter(({ id }) => facts.has(id) && facts.get(id)?.lastUsedAt === null).length
  const count = (of: (one: Connection) => readonly string[]) => new Set(items.flatMap(of)).size
  const [apps, resourceApps, scopes] = [
    count(({ app }) => [app]),
    count(({ resourceApp }) => [resourceApp]),
    count((one) => one.scopes),
  ]
  const parts = [
    countText('graph.connection', 'graph.connections', items.length),
    countText('graph.app', 'graph.apps', apps),
    countText('graph.resourceApp', 'graph.resourceApps', resourceApps),
    countText('graph.scope', 'graph.scopes', scopes),
  ]
  return (
    <p className="cw-sentence" role="status">
      {`${parts.join(', ')}.`} {unused === 0 ? '' : countText('graph.unusedOne', 'graph.unusedMany', unused)}{' '}
      {more ? text('graph.sumMore') : ''}
    </p>
  )
}
