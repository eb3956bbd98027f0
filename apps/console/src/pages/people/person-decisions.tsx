// What was decided for one person, newest first.
import { useList } from '../../api/queries.ts'
import { DataTable } from '../../components/data-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { text } from '../../texts/text.ts'
import { decisionColumns } from '../../components/decision/decision-columns.tsx'

export function PersonDecisions({ user }: { readonly user: string }) {
  const list = useList('decisions.list', { user })
  return (
    <DataTable
      label={text('nav.decisions')}
      list={list}
      columns={decisionColumns}
      rowId={({ decision_id }) => decision_id}
      open={({ decision_id }) => `/decisions/${decision_id}`}
      empty={<EmptyState title={text('user.noDecisions')} />}
    />
  )
}
