// Commands that users paste into a shell.

/** Ids, issuers and scopes are chosen by others: no part of them may be interpreted by a shell. */
export function toShellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** @returns the command line for this server, whatever server the shell would use otherwise */
export function withServer(commandLine: string, server: string): string {
  return withOptions(commandLine, `--server ${toShellWord(server)}`)
}

/** Adds options to each of the commands that `&&` joins, outside of quoted words. */
export function withOptions(commandLine: string, options: string): string {
  if (options === '') return commandLine
  return commandLine.replace(COMMAND, (command) => command.replace(/\s*$/, (end) => ` ${options}${end}`))
}

const COMMAND = /(?:'[^']*'|"[^"]*"|\\.|[^'"\\&]|&(?!&))+/g

/** @returns a command of the CLI as the documentation shows it: `npx` finds it without a global installation */
export function toCommandLine(...words: readonly string[]): string {
  return ['npx crosswalk', ...words.map(toShellWord)].join(' ')
}
