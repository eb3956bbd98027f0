// Every command line that is printed as a remedy, or shown on a page, is one that the command line takes.
import { createProgram } from '@crosswalk/cli'
import { describe, expect, it } from 'vitest'

import { findInPage, findInPages, findInSources, findPrinted, type FoundCommand } from './find-commands.ts'

const NOTHING = {
  writeOut: () => undefined,
  writeErr: () => undefined,
  readStdin: async () => '',
  isStdinTerminal: false,
  env: {},
  nowMs: () => 0,
  endWith: () => undefined,
}

type Command = ReturnType<typeof createProgram>

function disarm(command: Command): void {
  if (command.commands.length === 0) command.action(() => undefined)
  for (const child of command.commands) disarm(child)
}

/** What is missing from a command that is only named is no mistake. */
const INCOMPLETE = ['commander.missingArgument', 'commander.missingMandatoryOptionValue', 'commander.help']

const program = createProgram(NOTHING)
disarm(program)

/** @returns what the command line has against it, with nothing carried out */
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

async function findFaults(commands: readonly FoundCommand[]): Promise<readonly string[]> {
  const faults: string[] = []
  // One after the other: a program of commander parses one command line at a time.
  for (const command of commands) {
    const fault = await findFault(command)
    if (fault !== undefined) faults.push(`${command.where}: ${command.line}: ${fault}`)
  }
  return faults
}

describe('a command line that is not taken is found', () => {
  it.each([
    ['without a reason', 'const fix = `crosswalk connection resume ${id}`', /--reason/],
    ['of a command there is not', "fix: 'Run crosswalk connection revive x.'", /unknown|too many/],
    ['with an option there is not', 'text: `see \\`crosswalk audit verify --loud\\``', /--loud/],
  ])('%s', async (_, source, fault) => {
    expect(await findFaults(findPrinted(source))).toEqual([expect.stringMatching(fault)])
  })

  it('on a page', async () => {
    const page = 'Use `crosswalk kill` and `crosswalk harm`.\n\n```sh\nnpx crosswalk user show  # one\n```\n'
    expect(await findFaults(findInPage(page))).toEqual([
      expect.stringMatching(/user show .*missing required argument/),
      expect.stringMatching(/harm: /),
    ])
  })
})

describe('every command line', () => {
  it.each([
    'apps/cli/src',
    'apps/playground/src',
    'apps/server/src',
    'apps/console/src',
    'packages/lab/src',
    'packages/policy/src',
  ])('that %s prints is taken', async (folder) => {
    expect(await findFaults(findInSources(folder))).toEqual([])
  })

  it('that a page shows is taken', async () => {
    const commands = findInPages('docs')
    expect(commands.filter(({ isMention }) => !isMention).length).toBeGreaterThan(40)
    expect(await findFaults(commands)).toEqual([])
  })
})
