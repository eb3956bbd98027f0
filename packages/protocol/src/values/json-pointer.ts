// JSON Pointers (RFC 6901): the place of a value in a document.

/** @returns the text of a pointer: `/idp/apps/0`; empty for the whole document */
export function renderPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** @returns the names and indexes of a pointer, all of them as text */
export function parsePointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}
