// What was decided about one object, newest first.
import { useList } from '../../api/queries.ts'
import { decisionColumns } from './decision-columns.tsx'
import { text } from '../../texts/text.ts'
import { DataTable } from '../data-table.tsx'
import { EmptyState } from '../states.tsx'

type DecisionsOfProps = { readonly app: string } | { readonly resourceApp: string }

export function DecisionsOf(of: DecisionsOfProps) {
  const list = useList('decisions.list', { ...of })
  return (
    <DataTable
      label={text('nav.decisions')}
      list={list}
      columns={decisionColumns}
      rowId={({ decision_id }) => decision_id}
      open={({ decision_id }) => `/decisions/${decision_id}`}
      empty={<EmptyState title={text('object.noDecisions')}>{text('object.noDecisionsText')}</EmptyState>}
    />
  )
}
