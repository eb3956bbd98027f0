// The `crosswalk` command: registers all commands, and turns errors into exit codes.
import { Command, CommanderError } from 'commander'

import manifest from '../package.json' with { type: 'json' }
import { CliError, renderError, toErrorDocument } from './cli-error.ts'
import { addAccessCommands } from './commands/access.ts'
import { addAccountCommands } from './commands/account.ts'
import { addAdminTokenCommands } from './commands/admin-token.ts'
import { addAuditCommands } from './commands/audit.ts'
import { addDatabaseCommands } from './commands/backup.ts'
import { addBlockCommands } from './commands/block.ts'
import { addCanICommands } from './commands/can-i.ts'
import { addCapabilitiesCommand } from './commands/capabilities.ts'
import { addCardCommand } from './commands/card.ts'
import { addCodeCommand } from './commands/code.ts'
import { addCompletionCommand } from './commands/completion.ts'
import { addConfigCommands } from './commands/config-check.ts'
import { addConfigurationCommands } from './commands/configuration.ts'
import { addCredentialCommands } from './commands/credential.ts'
import { addDecisionCommands } from './commands/decisions.ts'
import { addDemoCommand } from './commands/demo.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addEventStreamCommands } from './commands/event-stream.ts'
import { addExplainCommand } from './commands/explain.ts'
import { addFlowCommands } from './commands/flow.ts'
import { addGrantCommands } from './commands/grant.ts'
import { addRecommendationCommands } from './commands/recommendations.ts'
import { addImportCommands } from './commands/import.ts'
import { addInitCommand } from './commands/init.ts'
import { addInvitationCommands } from './commands/invitation.ts'
import { addKeyCommands } from './commands/keys.ts'
import { addKillCommand } from './commands/kill.ts'
import { addListenCommand } from './commands/listen.ts'
import { addLoginCommands } from './commands/login.ts'
import { addMatrixCommand } from './commands/matrix.ts'
import { addObjectCommands } from './commands/objects.ts'
import { addPingCommand } from './commands/ping.ts'
import { addPlaygroundCommand } from './commands/playground.ts'
import { addPolicyCommands } from './commands/policy.ts'
import { addReachCommands } from './commands/reach.ts'
import { addRequestCommands } from './commands/request.ts'
import { addReviewCommands } from './commands/review.ts'
import { addServeCommand } from './commands/serve.ts'
import { addSimulateCommand } from './commands/simulate.ts'
import { addTokenCommands } from './commands/token-inspect.ts'
import { addTraceCommands } from './commands/trace.ts'
import { addTriggerCommand } from './commands/trigger.ts'
import { completeHelp } from './complete-help.ts'
import { EXIT } from './exit-codes.ts'
import { listMissingInput } from './missing-input.ts'
import { writeJson } from './output.ts'
import { applyProfile } from './profiles/apply-profile.ts'
import { readServerArguments, repeatServer } from './profiles/repeat-server.ts'
import type { LabError } from '@crosswalk/lab'
import { withOptions } from '@crosswalk/protocol'
import { readSecretFiles } from './secret-files.ts'
import { type CommandTerminal, escapeControls, type Terminal } from './terminal.ts'
import { widthOf } from './wrap-text.ts'

type AddCommands = (program: Command, terminal: CommandTerminal) => void

/** In the order and under the headings of `--help`. */
const COMMANDS: Readonly<Record<string, readonly AddCommands[]>> = {
  'Run a server:': [addServeCommand, addConfigCommands, addInitCommand, addDemoCommand],
  'Try and diagnose a flow:': [
    addDoctorCommand,
    addPingCommand,
    addFlowCommands,
    addPlaygroundCommand,
    addTraceCommands,
    addTokenCommands,
    addCapabilitiesCommand,
  ],
  'Define access:': [
    addObjectCommands,
    addAccountCommands,
    addCredentialCommands,
    addPolicyCommands,
    addInvitationCommands,
    addCardCommand,
    addImportCommands,
    addConfigurationCommands,
  ],
  'Understand decisions:': [
    addExplainCommand,
    addDecisionCommands,
    addSimulateCommand,
    addMatrixCommand,
    addReachCommands,
    addCodeCommand,
  ],
  'Approve and review access:': [
    addRequestCommands,
    addGrantCommands,
    addReviewCommands,
    addRecommendationCommands,
  ],
  'Respond to an incident:': [
    addBlockCommands,
    addKillCommand,
    addAccessCommands,
    addAuditCommands,
    addEventStreamCommands,
    addListenCommand,
    addTriggerCommand,
  ],
  'Administer a server:': [
    addDatabaseCommands,
    addLoginCommands,
    addKeyCommands,
    addAdminTokenCommands,
    addCanICommands,
  ],
  'Other commands:': [addCompletionCommand],
}

/** @param onCommand - called before a command runs, with the options that choose its server */
export function createProgram(
  given: Omit<CommandTerminal, 'suggest'>,
  onCommand?: (command: Command, server: string) => void,
): Command {
  let { env } = given
  let server = ''
  const terminal: CommandTerminal = {
    ...given,
    get env() {
      return env
    },
    suggest: (commandLine) => withOptions(commandLine, server),
  }
  const program = new Command('crosswalk')
    .description('Cross App Access: one app calls another for a signed-in user, and the company decides')
    .version(manifest.version, '-V, --version')
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: widthOf(terminal),
      minWidthToWrap: 20,
    })
  for (const [heading, additions] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading)
    for (const add of additions) add(program, terminal)
  }
  program.hook('preAction', (_, command) => {
    server = readServerArguments(command)
    onCommand?.(command, server)
    env = applyProfile(command, given)
  })
  program.helpCommand('help [command]', 'display help for command')
  for (const command of everyCommand(program)) {
    const failWith = (error: CommanderError) => {
      failedCommands.set(error, command)
      throw error
    }
    command.exitOverride(failWith).configureOutput({
      writeOut: (text) => terminal.writeOut(text),
      writeErr: (text) => terminal.writeErr(text),
      // `run` prints errors in the common format.
      outputError: () => undefined,
    })
  }
  return program
}

/** The command of each Commander error, which the error itself does not contain. */
const failedCommands = new WeakMap<CommanderError, Command>()

/** `crosswalk grant create` */
function pathOf(command: Command): string {
  const { parent } = command
  return parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}

/**
 * Runs one command line.
 * @returns the exit code
 */
export async function run(args: readonly string[], given: Terminal): Promise<number> {
  const terminal = escapeControls(given)
  let exitCode: number = EXIT.done
  const endWith = (code: number) => {
    exitCode = code
  }
  let completeFix = (fix: string) => fix
  try {
    const env = await readSecretFiles(terminal.env)
    const program = createProgram({ ...terminal, env, endWith }, (command, server) => {
      completeFix = (fix) => repeatServer(fix, command, server)
    })
    await program.parseAsync([...completeHelp(program, args)], { from: 'user' })
    return exitCode
  } catch (error) {
    return reportError(toCliError(error)?.withFix(completeFix), args, terminal)
  }
}

/** Checked by name, so that commands without the lab do not load it. */
function isLabError(error: unknown): error is LabError {
  return error instanceof Error && error.name === 'LabError'
}

/** Help and version also end with an exception, with code 0. */
function toCliError(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error
  if (isLabError(error)) return new CliError(EXIT[error.kind], error.message, error.fix)
  if (!(error instanceof CommanderError)) throw error
  if (error.exitCode === 0) return undefined
  if (error.code === 'commander.help')
    return new CliError(EXIT.usage, 'no command given', 'choose one of the commands above')
  const command = failedCommands.get(error)
  const path = command === undefined ? 'crosswalk' : pathOf(command)
  return new CliError(
    EXIT.usage,
    describeUsage(error, command),
    findOutside(error, command) ??
      findFile(error, command) ??
      findFlag(error, command) ??
      `see \`npx ${path} --help\``,
  )
}

const MISSING_INPUT = new Set(['commander.missingMandatoryOptionValue', 'commander.missingArgument'])

function describeUsage({ code, message }: CommanderError, command: Command | undefined): string {
  if (command !== undefined && MISSING_INPUT.has(code))
    return `missing ${listMissingInput(command).join(', ')}`
  return (
    findArgument(code, message, command) === undefined
      ? message
      : message.replace(/\s*\(Did you mean .*\)/s, '')
  )
    .replace(/^error: /, '')
    .replace(/^command-argument value ('.*') is invalid for argument '(.+)'\./, '$1 is not a valid <$2>.')
    .replace(/\n/g, ' ')
}

/**
 * @returns the fix for a word in a group that names no command of it: `block user` lacks `add`, and `decisions explain`
 *   is `explain`
 */
function findOutside({ code, message }: CommanderError, group: Command | undefined): string | undefined {
  const word = code === 'commander.unknownCommand' ? /'([^']+)'/.exec(message)?.[1] : undefined
  const taking = group?.commands.find(({ registeredArguments: [first] }) =>
    first?.argChoices?.some((choice) => choice === word),
  )
  if (taking !== undefined) return `write \`npx ${pathOf(taking)} ${word} …\``
  const isOutside = group?.parent?.commands.some((command) => command.name() === word) ?? false
  return isOutside ? `see \`npx crosswalk ${word} --help\`` : undefined
}

/** As other command lines call it, such as gh */
const JSON_FLAGS: Readonly<Record<string, string>> = {
  '--json': 'write -o json',
  '--jq': 'write -o json, and pipe the output into jq',
}

/** @returns the fix for a configuration file without its option: `config check crosswalk.yaml` */
function findFile({ code }: CommanderError, command: Command | undefined): string | undefined {
  const takesFile = command?.options.some(({ long }) => long === '--config') ?? false
  return takesFile && code === 'commander.excessArguments' ? 'name the file with --config' : undefined
}

/** @returns the argument that was written as an option: `--id planner` for `planner` */
function findArgument(code: string, message: string, command: Command | undefined): string | undefined {
  const name = code === 'commander.unknownOption' ? /'--([^'=]+)/.exec(message)?.[1] : undefined
  return command?.registeredArguments.find((argument) => argument.name() === name)?.name()
}

/** @returns the fix for an option of a command that is written before the command, or under another name */
function findFlag({ code, message }: CommanderError, group: Command | undefined): string | undefined {
  const flag = code === 'commander.unknownOption' ? /'([^']+)'/.exec(message)?.[1] : undefined
  if (flag === undefined || group === undefined) return undefined
  const argument = findArgument(code, message, group)
  if (argument !== undefined)
    return `write it without --${argument}: \`npx ${pathOf(group)} ${argument.toUpperCase()} …\``
  if (group.commands.length === 0)
    return group.options.some(({ long }) => long === '--output') ? JSON_FLAGS[flag] : undefined
  const isKnown = everyCommand(group).some(({ options }) =>
    options.some(({ short, long }) => short === flag || long === flag),
  )
  return isKnown ? `write ${flag} after the command` : undefined
}

function reportError(error: CliError | undefined, args: readonly string[], terminal: Terminal): number {
  if (error === undefined) return EXIT.done
  terminal.writeErr(renderError(error))
  if (wantsJson(args, terminal.env)) writeJson(terminal, toErrorDocument(error))
  return error.exitCode
}

/** The last option counts; without one, the environment. */
function wantsJson(args: readonly string[], { CROSSWALK_OUTPUT: output }: Terminal['env']): boolean {
  const given = args.flatMap((arg, index) => {
    if (arg === '-o' || arg === '--output') return args[index + 1] ?? []
    return /^(?:-o|--output=)(.+)$/.exec(arg)?.[1] ?? []
  })
  return (given.at(-1) ?? output) === 'json'
}
