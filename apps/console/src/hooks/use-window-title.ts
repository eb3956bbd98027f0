// The title of the window says which page it is.
import { useEffect } from 'react'

import { text } from '../texts/text.ts'

export function useWindowTitle(page: string): void {
  useEffect(() => {
    document.title = text('app.windowTitle', { page })
  }, [page])
}
