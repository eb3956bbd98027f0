// A page of a list that the database keeps.
import { InvalidCursorError } from '@crosswalk/storage'

import { invalidCursor } from './list-page.ts'
import type { Problem } from './problem.ts'

/** Reads a page whose cursor the database checks. */
export async function readStoredPage<T>(read: () => Promise<T>): Promise<T | Problem> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof InvalidCursorError)) throw error
    return invalidCursor()
  }
}
