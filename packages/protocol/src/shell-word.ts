// Quotes values in commands that users paste into a shell.

/** Ids, issuers and scopes are chosen by others: no part of them may be interpreted by a shell. */
export function toShellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
