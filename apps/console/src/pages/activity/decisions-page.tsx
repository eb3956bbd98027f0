// Every decision as it is made: filtered by the address, opened beside the list.
import { Button, Drawer } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useMemo } from 'react'

import { setPaused, useLiveState } from '../../api/live.ts'
import { useApi, useList } from '../../api/queries.ts'
import { DataTable } from '../../components/data-table.tsx'
import { DecisionPanel } from '../../components/decision/decision-panel.tsx'
import { FilterBar, type FilterField } from '../../components/filter-bar.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState, Loaded } from '../../components/states.tsx'
import { useFilters } from '../../hooks/use-filters.ts'
import { useOpened } from '../../hooks/use-opened.ts'
import { text } from '../../texts/text.ts'
import { decisionColumns } from './decision-columns.tsx'

const FILTERS = ['outcome', 'code', 'app', 'resourceApp', 'connection', 'user', 'since', 'until'] as const
type Filter = (typeof FILTERS)[number]

const FIELDS: readonly FilterField<Filter>[] = [
  { name: 'user', label: text('decision.person'), kind: 'text' },
  {
    name: 'outcome',
    label: text('decisions.outcome'),
    kind: 'choice',
    choices: (['allow', 'deny', 'step_up', 'pending', 'error'] as const).map((value) => ({
      value,
      label: text(`chip.${value}`),
    })),
  },
  { name: 'code', label: text('decisions.code'), kind: 'text' },
  { name: 'app', label: text('decision.app'), kind: 'text' },
  { name: 'resourceApp', label: text('decisions.resourceApp'), kind: 'text' },
  { name: 'connection', label: text('decision.connection'), kind: 'text' },
]

export function Page() {
  const state = useFilters(FILTERS)
  const list = useList('decisions.list', state.filters)
  const { open, show } = useOpened()
  const live = useLiveState()
  const paused = live === 'paused'
  const actions = useMemo(
    () => [
      {
        label: text(paused ? 'decisions.resume' : 'decisions.pause'),
        icon: paused ? (
          <IconPlayerPlay size={16} aria-hidden="true" />
        ) : (
          <IconPlayerPause size={16} aria-hidden="true" />
        ),
        keys: 'p',
        run: () => setPaused(!paused),
      },
    ],
    [paused],
  )
  return (
    <>
      <PageHeader title={text('nav.decisions')} lead={text('decisions.lead')} actions={actions} />
      <FilterBar state={state} fields={FIELDS} />
      <DataTable
        label={text('nav.decisions')}
        list={list}
        columns={decisionColumns}
        rowId={({ decision_id }) => decision_id}
        open={{ act: ({ decision_id }) => show(decision_id) }}
        empty={<NoDecisions filtered={state.count > 0} clear={state.clear} />}
      />
      <Drawer
        opened={open !== undefined}
        onClose={() => show(undefined)}
        position="right"
        size="46rem"
        title={text('nav.decision')}
        closeButtonProps={{ 'aria-label': text('help.close') }}
      >
        {open === undefined ? null : <OpenDecision id={open} />}
      </Drawer>
    </>
  )
}

function OpenDecision({ id }: { readonly id: string }) {
  const query = useApi('decisions.read', { params: { id } })
  return <Loaded query={query}>{({ body }) => <DecisionPanel decision={body} level={2} />}</Loaded>
}

function NoDecisions({ filtered, clear }: { readonly filtered: boolean; readonly clear: () => void }) {
  return filtered ? (
    <EmptyState
      title={text('decisions.noneFiltered')}
      actions={<Button onClick={clear}>{text('filter.clear')}</Button>}
    />
  ) : (
    <EmptyState title={text('decisions.none')}>{text('decisions.noneText')}</EmptyState>
  )
}
