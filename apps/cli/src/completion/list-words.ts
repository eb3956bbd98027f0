// Lists the completions from the commands themselves, so that they are never out of date.
import type { Command, Option } from 'commander'

export interface CompletionWord {
  readonly word: string
  readonly description: string
}

/** What can follow one command, apart from file names. */
export interface CompletionPlace {
  /** The words of the command, without `crosswalk`: `audit streams list` */
  readonly path: string
  readonly commands: readonly CompletionWord[]
  /** Arguments with fixed choices */
  readonly arguments: readonly CompletionWord[]
  readonly options: readonly CompletionWord[]
  /** Options with fixed choices, once per spelling */
  readonly values: readonly { readonly option: string; readonly choices: readonly string[] }[]
  /** Options with a free value, so that the next word is not a command */
  readonly takesValue: readonly string[]
}

export function listPlaces(program: Command): readonly CompletionPlace[] {
  return visit(program, [])
}

function visit(command: Command, path: readonly string[]): readonly CompletionPlace[] {
  const { commands, options } = command
  const places = commands.flatMap((child) => visit(child, [...path, child.name()]))
  const here = {
    path: path.join(' '),
    commands: commands.map((child) => ({ word: child.name(), description: child.description() })),
    arguments: command.registeredArguments.flatMap(({ argChoices = [], description }) =>
      argChoices.map((word) => ({ word, description })),
    ),
    options: options.flatMap((option) =>
      flagsOf(option).map((word) => ({ word, description: option.description })),
    ),
    values: options.flatMap(({ argChoices, ...option }) =>
      argChoices === undefined ? [] : flagsOf(option).map((flag) => ({ option: flag, choices: argChoices })),
    ),
    takesValue: options.filter(({ required, optional }) => required || optional).flatMap(flagsOf),
  }
  return [here, ...places]
}

function flagsOf({ short, long }: Pick<Option, 'short' | 'long'>): readonly string[] {
  return [short, long].filter((flag) => flag !== undefined)
}
