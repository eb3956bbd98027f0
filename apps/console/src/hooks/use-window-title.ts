// Sets the window title to the page and, if it is about one, the object.
import { useEffect } from 'react'

import { text } from '../texts/text.ts'

/** @param page - undefined keeps the title */
export function useWindowTitle(page: string | undefined): void {
  useEffect(() => {
    if (page !== undefined) document.title = text('app.windowTitle', { page })
  }, [page])
}
