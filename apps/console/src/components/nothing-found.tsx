// The empty state of a list: no match for the filters, with a button to clear them, or why the list is empty.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'

import type { FilterState } from '../hooks/use-filters.ts'
import { text } from '../texts/text.ts'
import { EmptyState } from './states.tsx'

interface NothingFoundProps {
  readonly filters: Pick<FilterState<never>, 'count' | 'clear'> | undefined
  readonly title?: string
  /** Below the title */
  readonly help?: string
  /** Without filters */
  readonly children: ReactNode
}

export function NothingFound({ filters, title = text('filter.nothing'), help, children }: NothingFoundProps) {
  if (filters === undefined || filters.count === 0) return children
  return (
    <EmptyState title={title} actions={<Button onClick={filters.clear}>{text('filter.clear')}</Button>}>
      {help}
    </EmptyState>
  )
}
