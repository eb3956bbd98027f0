// Lists everything missing on a command line. Commander reports only the first item, so users would find the rest one
// by one.
import type { Command } from 'commander'

/** @returns every required argument and option without a value, spelled as in the help */
export function listMissingInput(command: Command): readonly string[] {
  const given = command.args.length
  const missingArguments = command.registeredArguments
    .filter(({ required, defaultValue }, index) => required && defaultValue === undefined && index >= given)
    .map((argument) => `<${argument.name()}${argument.variadic ? '...' : ''}>`)
  const missingOptions = command.options
    .filter((option) => option.mandatory && command.getOptionValue(option.attributeName()) === undefined)
    .map(({ flags }) => flags)
  return [...missingArguments, ...missingOptions]
}
