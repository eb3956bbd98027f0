// The CLI accepts every command line that is printed as a fix or shown on a page.
import { describe, expect, it } from 'vitest'

import { findInPage, findInPages, findInSources, findPrinted } from './find-commands.ts'
import { findFaults } from './find-faults.ts'

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

const PRINTING = [
  'apps/cli/src',
  'apps/playground/src',
  'apps/server/src',
  'apps/console/src',
  'packages/lab/src',
  'packages/policy/src',
  'packages/control/src',
  'demos/world/src',
]

describe('every command line', () => {
  it.each(PRINTING)('that %s prints is valid', async (folder) => {
    expect(await findFaults(findInSources(folder))).toEqual([])
  })

  it('is printed as pages show it: through npx, since nothing is installed globally', () => {
    const bare = PRINTING.flatMap(findInSources).filter(({ byNpx }) => !byNpx)
    // The shell completes only the bare command; the rest are names of the tool.
    expect(bare.map(({ where, line }) => [where.split('/').at(-1), line])).toEqual([
      ['completion.ts', 'completion bash'],
      ['render-bash.ts', 'completion zsh) in ~/.zshrc, after compinit'],
      ['render-for-builds.ts', 'doctor'],
      ['reference-page.ts', 'doctor'],
      ['reference-page.ts', 'serve --config FILE'],
      ['reference-page.ts', 'config check --config FILE'],
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
