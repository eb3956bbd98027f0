// Requests for help, in the words that Commander understands. By itself, it takes `help app list` for `help app`, and
// answers `help` for an unknown command with that of its group.
import type { Command } from 'commander'

const HELP_FLAGS: readonly string[] = ['-h', '--help']

/** @returns the arguments with `--help` instead of `help`, and without either if they name no command */
export function completeHelp(program: Command, args: readonly string[]): readonly string[] {
  let command = program
  for (const [index, arg] of args.entries()) {
    if (command.commands.length === 0 || arg.startsWith('-')) return args
    if (arg === 'help') return completeHelp(program, [...args.toSpliced(index, 1), '--help'])
    const found = command.commands.find((one) => one.name() === arg || one.aliases().includes(arg))
    if (found === undefined) return args.filter((one) => !HELP_FLAGS.includes(one))
    command = found
  }
  return args
}
