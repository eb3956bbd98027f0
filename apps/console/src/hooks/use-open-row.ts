// The row of a list that is open next to it. Stored in the URL, so it can be linked and the back button closes it.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export interface OpenRow {
  /** Its id; undefined if none is open */
  readonly open: string | undefined
  /** Opens a row, or closes it with `undefined`; a stable function. */
  readonly show: (id: string | undefined) => void
}

export function useOpenRow(): OpenRow {
  const { open } = useSearch({ strict: false }) as { readonly open?: string }
  const navigate = useNavigate()
  const show = useCallback(
    (id: string | undefined) =>
      void navigate({ to: '.', search: (previous: object) => ({ ...previous, open: id }) }),
    [navigate],
  )
  return { open, show }
}
