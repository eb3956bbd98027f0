// An entry of a log for operators. Messages of other systems are text of strangers.

/** All but line feeds and tabs */
const CONTROLS = /[^\P{Cc}\n\t]|[\u2028\u2029]/gu

/**
 * @returns the text with continued lines indented and without control characters, so that nothing in it looks like
 *   another entry or moves the cursor
 */
export function keepOneEntry(entry: string): string {
  return entry
    .replaceAll(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll(/\n(?! )/g, '\n    ')
}
