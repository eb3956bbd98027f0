// A matrix of requesting apps and resource apps: how ready each pair is, the next step, and who must take it. The server checks the facts; nothing is
// claimed about data that only the other side has.
import { useMemo } from 'react'

import type { App, ResourceApp } from '../../api/objects.ts'
import { useApi, useCompleteList, useList } from '../../api/queries.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { NextStep } from '../../components/next-step.tsx'
import { PageHeader, Section } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { formatNumber, text } from '../../texts/text.ts'
import { nameOfAppColumn } from '../apps/app-columns.tsx'
import { ReadinessCell, ReadinessChip } from './readiness-cell.tsx'
import { NothingFound } from '../../components/nothing-found.tsx'
import { RESOURCE_APP_FILTER, SEARCH_FILTER, choiceFilter } from '../../components/filter-fields.ts'
import { APP_KINDS } from '../apps/app-kinds.ts'
import './trust.css'

const FILTERS = ['q', 'kind', 'resourceApp'] as const

const FIELDS: readonly FilterField<(typeof FILTERS)[number]>[] = [
  SEARCH_FILTER,
  choiceFilter('kind', text('apps.kind'), APP_KINDS, (one) => text(`app.kind.${one}`)),
  RESOURCE_APP_FILTER,
]

/** Each row reads its connections; more columns do not fit most screens. */
const ROWS = 20
const SHOWN_COLUMNS = 5

const LEGEND = [
  'in-use',
  'proved',
  'configured',
  'no-users',
  'stopped',
  'no-client',
  'not-connected',
  'no-trust',
  'same-issuer',
] as const

export function Page() {
  const state = useFilters(FILTERS)
  const { resourceApp: only, ...ofApps } = state.filters
  const list = useList('apps.list', { ...ofApps, limit: ROWS })
  const resourceApps = useResourceApps(only)
  const columns = useMemo(() => buildColumns(resourceApps.items), [resourceApps.items])
  return (
    <>
      <PageHeader title={text('nav.readiness')} lead={text('readiness.lead')} />
      <FilterBar state={state} fields={FIELDS} />
      <HiddenColumns {...resourceApps} />
      <DataTable
        label={text('nav.readiness')}
        list={list}
        columns={columns}
        rowId={({ id }) => id}
        empty={
          <NothingFound filters={state}>
            <EmptyState
              title={text('apps.none')}
              actions={
                <>
                  <NextStep to="/apps/new" needs="apps.create" label={text('apps.register')} />
                  <NextStep
                    to="/resource-apps/new"
                    needs="resource-apps.create"
                    label={text('resourceApps.register')}
                  />
                </>
              }
            >
              {text('readiness.noneText')}
            </EmptyState>
          </NothingFound>
        }
      />
      <Section title={text('readiness.legend')}>
        <ul className="cw-plain-list cw-card">
          {LEGEND.map((one) => (
            <li key={one} className="cw-readiness-meaning">
              <ReadinessChip readiness={one} />
              <span>{text(`readiness.next.${one}`)}</span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}

interface ReadResourceApps {
  readonly items: readonly ResourceApp[]
  readonly isComplete: boolean
}

/** @param only - the id of one, by the filter */
function useResourceApps(only: string | undefined): ReadResourceApps {
  const all = useCompleteList('resource-apps.list', {}, { enabled: only === undefined })
  const one = useApi(
    'resource-apps.list',
    { query: { ids: only, limit: 1 } },
    { enabled: only !== undefined },
  )
  if (only === undefined) return all
  return { items: one.data?.body.items ?? NONE, isComplete: true }
}

const NONE: readonly never[] = []

function HiddenColumns({ items, isComplete }: ReadResourceApps) {
  if (items.length <= SHOWN_COLUMNS) return null
  const of = `${formatNumber(items.length)}${isComplete ? '' : '+'}`
  return (
    <p className="cw-quiet-text" role="status">
      {text('readiness.hidden', { shown: SHOWN_COLUMNS, of })}
    </p>
  )
}

function buildColumns(resourceApps: readonly ResourceApp[]): readonly Column<App>[] {
  return [
    nameOfAppColumn,
    ...resourceApps.map((resourceApp, index): Column<App> => ({
      id: resourceApp.id,
      header: resourceApp.name,
      hidden: index >= SHOWN_COLUMNS,
      cell: (app) => <ReadinessCell app={app} resourceApp={resourceApp} />,
    })),
  ]
}
