// Which row of a list is open beside it. It stands in the address, so that a link leads to it and going back closes it.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export interface Opened {
  /** Its id; undefined: none is open */
  readonly open: string | undefined
  /** Opens a row, or with `undefined` closes it; the same function as long as the page stands. */
  readonly show: (id: string | undefined) => void
}

export function useOpened(): Opened {
  const { open } = useSearch({ strict: false }) as { readonly open?: string }
  const navigate = useNavigate()
  const show = useCallback(
    (id: string | undefined) =>
      void navigate({ to: '.', search: (previous: object) => ({ ...previous, open: id }) }),
    [navigate],
  )
  return { open, show }
}
