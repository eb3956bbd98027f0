// A page with one list: title, filters, rows, the text for an empty list, and the create action.
import { IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import type { Action } from './actions.tsx'
import { DataTable, type DataTableProps } from './data-table.tsx'
import { PageHeader } from './page-header.tsx'
import { NothingFound } from './nothing-found.tsx'
import { smallIcon } from './small-icon.tsx'

/** How an item is created: on a page, or by a function */
export type Create = Required<Pick<Action, 'label' | 'needs'>> &
  ({ readonly to: string } | Pick<Action, 'run'>)

interface ListPageProps<T> extends Omit<DataTableProps<T>, 'label' | 'rowId' | 'empty'> {
  readonly title: string
  readonly lead: ReactNode
  readonly create?: Create
  /** Next to it */
  readonly actions?: readonly Action[]
  /** Text for an empty list without filters */
  readonly none: ReactNode
}

export function ListPage<T extends { readonly id: string }>(props: ListPageProps<T>) {
  const { title, lead, create, actions = [], none, ...table } = props
  const navigate = useNavigate()
  const creates = ({ label, needs, ...how }: Create): Action => ({
    ...{ label, needs, icon: smallIcon(IconPlus), keys: 'n', button: { variant: 'filled' } },
    run: 'to' in how ? () => void navigate({ to: how.to }) : how.run,
  })
  return (
    <>
      <PageHeader title={title} lead={lead} actions={[...(create ? [creates(create)] : []), ...actions]} />
      <DataTable
        {...table}
        label={title}
        rowId={({ id }) => id}
        empty={<NothingFound filters={props.filter?.state}>{none}</NothingFound>}
      />
    </>
  )
}
