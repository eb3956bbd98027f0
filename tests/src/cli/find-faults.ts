// Parses command lines as the CLI does, without running them.
import { createProgram, SILENT_TERMINAL } from '@crosswalk/cli'

import type { FoundCommand } from './find-commands.ts'

type Command = ReturnType<typeof createProgram>

function disarm(command: Command): void {
  if (command.commands.length === 0) command.action(() => undefined)
  for (const child of command.commands) disarm(child)
}

/** A command that is only mentioned may lack arguments. */
const INCOMPLETE = ['commander.missingArgument', 'commander.missingMandatoryOptionValue', 'commander.help']

const program = createProgram(SILENT_TERMINAL)
disarm(program)

/** @returns the problem that the CLI reports, without running anything */
async function findFault({ words, isMention }: FoundCommand): Promise<string | undefined> {
  try {
    await program.parseAsync([...words], { from: 'user' })
    return undefined
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'exitCode' in error)) throw error
    if (error.exitCode === 0) return undefined
    return isMention && INCOMPLETE.includes(String(error.code)) ? undefined : error.message
  }
}

export async function findFaults(commands: readonly FoundCommand[]): Promise<readonly string[]> {
  const faults: string[] = []
  // Sequentially, since a commander program parses one command line at a time.
  for (const command of commands) {
    const fault = await findFault(command)
    if (fault !== undefined) faults.push(`${command.where}: ${command.line}: ${fault}`)
  }
  return faults
}
