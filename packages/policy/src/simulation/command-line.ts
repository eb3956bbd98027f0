// The `crosswalk` command that makes a change, complete as it is told: pasted into a shell it runs. Which commands there
// are is not known here; a test of the command line parses what comes of this.

/** @returns the command; its reason, which the audit log keeps, is left to fill in */
export function buildCommand(...words: readonly string[]): string {
  return ['crosswalk', ...words.map(quoteWord), '--reason "…"'].join(' ')
}

/** The id of an app that describes itself is a URL of its own choice: nothing in it may mean something to a shell. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
