// A page with one list: title, filters, rows, the text for an empty list, and the create action.
import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'

import { text } from '../texts/text.ts'
import type { Action } from './actions.tsx'
import { DataTable, type DataTableProps } from './data-table.tsx'
import { PageHeader } from './page-header.tsx'
import { EmptyState } from './states.tsx'

export type Create = Pick<Action, 'label' | 'needs' | 'run'>

interface ListPageProps<T> extends Omit<DataTableProps<T>, 'label' | 'rowId' | 'empty'> {
  readonly title: string
  readonly lead: ReactNode
  readonly create?: Create
  /** Beside it */
  readonly actions?: readonly Action[]
  /** Without filters */
  readonly none: ReactNode
}

export function ListPage<T extends { readonly id: string }>(props: ListPageProps<T>) {
  const { title, lead, create, actions = [], none, ...table } = props
  const filters = props.filter?.state
  return (
    <>
      <PageHeader title={title} lead={lead} actions={[...(create ? [creates(create)] : []), ...actions]} />
      <DataTable
        {...table}
        label={title}
        rowId={({ id }) => id}
        empty={
          filters === undefined || filters.count === 0 ? (
            none
          ) : (
            <EmptyState
              title={text('filter.nothing')}
              actions={<Button onClick={filters.clear}>{text('filter.clear')}</Button>}
            />
          )
        }
      />
    </>
  )
}

function creates(create: Create): Action {
  const icon = <IconPlus size={16} aria-hidden="true" />
  return { ...create, icon, keys: 'n', look: { variant: 'filled' } }
}
