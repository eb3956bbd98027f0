// Shows how a command is called, below its help.
import type { Command } from 'commander'

/** @param line - as users type it: `npx crosswalk …`; a test parses it */
export function addExample(command: Command, line: string): Command {
  return command.addHelpText('after', `\nExample:\n  ${line}`)
}
