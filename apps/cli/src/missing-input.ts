// Everything that is missing on a command line. Commander names only the first, so a user would learn of the rest one at a time.
import type { Command } from 'commander'

/** @returns every required argument and option that has no value, as the help spells them */
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
