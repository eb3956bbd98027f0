// Where the next page of a list starts: behind one row, named by its place in the order. Opaque to callers.

/** The place of an event in lists: its time, and for the same time its position. */
export interface Place {
  readonly timeMs: number
  readonly position: number
}

/** Thrown for a cursor that no list gave out. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError'
}

export function renderCursor({ timeMs, position }: Place): string {
  return Buffer.from(`${timeMs}.${position}`).toString('base64url')
}

/** Throws {@link InvalidCursorError}. */
export function parseCursor(cursor: string): Place {
  const match = /^(-?\d{1,16})\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (match === null) throw new InvalidCursorError('`cursor` is not one that a list gave out')
  return { timeMs: Number(match[1]), position: Number(match[2]) }
}
