// The CLI accepts every command line that is printed as a fix or shown on a page.
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

/** A command that is only mentioned may lack arguments. */
const INCOMPLETE = ['commander.missingArgument', 'commander.missingMandatoryOptionValue', 'commander.help']

const program = createProgram(NOTHING)
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

async function findFaults(commands: readonly FoundCommand[]): Promise<readonly string[]> {
  const faults: string[] = []
  // Sequentially, since a commander program parses one command line at a time.
  for (const command of commands) {
    const fault = await findFault(command)
    if (fault !== undefined) faults.push(`${command.where}: ${command.line}: ${fault}`)
  }
  return faults
}

describe('finds an invalid command line', () => {
  it.each([
    ['without a reason', 'const fix = `crosswalk connection resume ${id}`', /--reason/],
    ['of an unknown command', "fix: 'Run crosswalk connection revive x.'", /unknown|too many/],
    ['with an unknown option', 'text: `see \\`crosswalk audit verify --loud\\``', /--loud/],
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
  ])('that %s prints is valid', async (folder) => {
    expect(await findFaults(findInSources(folder))).toEqual([])
  })

  it('is printed as pages show it: through npx, since nothing is installed globally', () => {
    const bare = ['apps/cli/src', 'packages/lab/src'].flatMap(findInSources).filter(({ byNpx }) => !byNpx)
    // The shell completes only the bare command; the rest are names of the tool.
    expect(bare.map(({ where, line }) => [where.split('/').at(-1), line])).toEqual([
      ['completion.ts', 'completion bash'],
      ['render-bash.ts', 'completion zsh) in ~/.zshrc, after compinit'],
      ['render-for-builds.ts', 'doctor'],
      ['reference-page.ts', 'doctor'],
    ])
    const shown = findInPages('docs').filter(({ isMention, byNpx }) => !isMention && !byNpx)
    expect(shown.map(({ where, line }) => `${where}: ${line}`)).toEqual([])
  })

  it('that a page shows is valid', async () => {
    const commands = findInPages('docs')
    expect(commands.filter(({ isMention }) => !isMention).length).toBeGreaterThan(40)
    expect(await findFaults(commands)).toEqual([])
  })
})
