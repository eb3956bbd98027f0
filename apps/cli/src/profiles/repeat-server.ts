// Commands that a fix suggests are about the server of the failed command, so they repeat the options that chose it.
import { toShellWord, withOptions } from '@crosswalk/protocol'
import type { Command } from 'commander'

/** The options on a command line that choose its server; environment and current profile apply to the next one anyway. */
export function readServerArguments(command: Command): string {
  const given = ['server', 'profile'].filter((name) => command.getOptionValueSource(name) === 'cli')
  return given.map((name) => render(name, command.getOptionValue(name))).join(' ')
}

/** A command in backticks, after a colon, or alone */
const SUGGESTED = /(?<=`)npx crosswalk [^`]+(?=`)|(?<=^|: )npx crosswalk [^`]+$/g

/**
 * @param failed - the command, with its server
 * @param given - what `readServerArguments` found
 */
export function repeatServer(fix: string, failed: Command, given: string): string {
  if (given === '') return fix
  return fix.replace(SUGGESTED, (line) => {
    const command = findCommand(rootOf(failed), line)
    if (line.endsWith(' --help')) return line
    // Others, such as `doctor`, do something else with a server.
    if (takesProfile(command)) return withOptions(line, given)
    return command.name() === 'login' ? withOptions(line, renderLogin(failed)) : line
  })
}

/** `login` creates the profile, so it needs both its server and its name. */
function renderLogin(failed: Command): string {
  const profile: unknown = takesProfile(failed) ? failed.getOptionValue('profile') : undefined
  const source = failed.getOptionValueSource('server')
  return [
    ...(source === 'cli' || source === 'config' ? [render('server', failed.getOptionValue('server'))] : []),
    ...(profile === undefined ? [] : [render('name', profile)]),
  ].join(' ')
}

function findCommand(root: Command, line: string): Command {
  let command = root
  for (const word of line.split(' ').slice(2)) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word))
    if (next === undefined) break
    command = next
  }
  return command
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent)
}

function takesProfile(command: Command): boolean {
  return command.options.some((one) => one.attributeName() === 'profile')
}

function render(name: string, value: unknown): string {
  return `--${name} ${toShellWord(String(value))}`
}
