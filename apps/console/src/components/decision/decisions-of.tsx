// Decisions about one object, newest first.
import type { ReactNode } from 'react'

import { useList } from '../../api/queries.ts'
import { text } from '../../texts/text.ts'
import { DataTable } from '../data-table.tsx'
import { EmptyState } from '../states.tsx'
import { useDecisionColumns } from './decision-columns.tsx'

interface DecisionsOfProps {
  readonly of:
    | { readonly app: string }
    | { readonly resourceApp: string }
    | { readonly connection: string }
    | { readonly user: string }
  /** Page size, if it is only part of a page */
  readonly limit?: number
  /** Shown if there are none */
  readonly empty?: ReactNode
}

export function DecisionsOf({ of, limit, empty }: DecisionsOfProps) {
  const list = useList('decisions.list', limit === undefined ? of : { ...of, limit })
  return (
    <DataTable
      label={text('word.decisions')}
      list={list}
      columns={useDecisionColumns()}
      rowId={({ decision_id }) => decision_id}
      open={({ decision_id }) => `/decisions/${decision_id}`}
      empty={
        empty ?? <EmptyState title={text('object.noDecisions')}>{text('object.noDecisionsText')}</EmptyState>
      }
    />
  )
}
