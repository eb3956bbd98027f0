// What was decided over this connection, newest first.
import { useList } from '../../../api/queries.ts'
import { DataTable } from '../../../components/data-table.tsx'
import { EmptyState } from '../../../components/states.tsx'
import { text } from '../../../texts/text.ts'
import { decisionColumns } from '../../../components/decision/decision-columns.tsx'
import type { Connection } from '../../../components/object/connection-state.ts'

export function RecentDecisions({ connection }: { readonly connection: Connection }) {
  const list = useList('decisions.list', { connection: connection.id })
  return (
    <DataTable
      label={text('nav.decisions')}
      list={list}
      columns={decisionColumns}
      rowId={({ decision_id }) => decision_id}
      open={({ decision_id }) => `/decisions/${decision_id}`}
      empty={<EmptyState title={text('activity.none')}>{text('activity.noneText')}</EmptyState>}
    />
  )
}
