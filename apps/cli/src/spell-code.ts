/** @returns a decision code, or its first digits, as the server writes it: `1503` is `XAA1503` */
export function spellCode(typed: string): string {
  return typed.toUpperCase().replace(/^(?=\d{1,4}$)/, 'XAA')
}
