// Cursors of paged lists: the position after which the next page starts. Opaque to callers.

/** The position of an event in lists: its time, then its position among events of the same time. */
export interface Place {
  readonly timeMs: number
  readonly position: number
}

/** Thrown for a cursor that no list returned. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError'
}

export function renderCursor({ timeMs, position }: Place): string {
  return Buffer.from(`${timeMs}.${position}`).toString('base64url')
}

/** Throws {@link InvalidCursorError}. */
export function parseCursor(cursor: string): Place {
  const match = /^(-?\d{1,16})\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (match === null) throw new InvalidCursorError('`cursor` is not one that a list returned')
  return { timeMs: Number(match[1]), position: Number(match[2]) }
}
