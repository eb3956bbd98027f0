// The title of the window says which page it is, and of which thing where it is about one.
import { useEffect } from 'react'

import { text } from '../texts/text.ts'

/** @param page - undefined: the title stays */
export function useWindowTitle(page: string | undefined): void {
  useEffect(() => {
    if (page !== undefined) document.title = text('app.windowTitle', { page })
  }, [page])
}
