// Commands that are shown to be pasted into a shell.

/** Ids, issuers and scopes are chosen by others: nothing in them may mean something to a shell. */
export function toShellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
