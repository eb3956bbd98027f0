// The server accepts the configuration files of every page and knows every key of their parts, and a shell accepts the
// commands. That `crosswalk` takes its command lines is shown by `cli/printed-commands.test.ts`; README and tutorials
// are run as a whole.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

import { parseConfiguration } from '@crosswalk/control'
import { zPolicySuite } from '@crosswalk/protocol'
import { Ajv } from 'ajv'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'

import { en } from '../../apps/console/src/texts/en.ts'
import { readSnippets } from './packages/snippets.ts'

const FOLDER = new URL('../../docs/', import.meta.url)
const CHART = new URL('../../deploy/helm/crosswalk/', import.meta.url)
const FRAME = {
  baseUrl: 'http://127.0.0.1:4000',
  listen: { host: '127.0.0.1', port: 4000 },
  database: 'sqlite:./data/crosswalk.db',
}

const pages = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((page) => page.endsWith('.md'))
  .map((page) => ({ page, blocks: readSnippets(new URL(page, FOLDER)) }))
// The generated reference has placeholders.
const documents = pages
  .filter(({ page }) => !page.startsWith('reference/'))
  .flatMap(({ page, blocks }) =>
    blocks.filter(({ language }) => language === 'yaml').map((block) => ({ page, ...block })),
  )
const isWhole = ({ info }: { readonly info: string }) => info === 'crosswalk.yaml'
const files = documents.filter(isWhole)

/** A value for each variable without a default. */
const environmentOf = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name = '']) => [
      name,
      `${name} of at least 32 characters`,
    ]),
  )

function findProblems({ page, code }: { readonly page: string; readonly code: string }, put = parse(code)) {
  const text = stringify({ ...FRAME, ...put })
  return parseConfiguration(text, page, environmentOf(code))
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ what }) => what)
}

// How-tos in which bold words are labels of the console.
const LABELLED = ['connect-two-apps', 'agents-and-workloads', 'security-events', 'create-a-configuration']

it.each(LABELLED)('the console has every label that how-to/%s.md names', (page) => {
  const labels = new Set<string>(Object.values(en).map((label) => label.toLowerCase()))
  const prose = readFileSync(new URL(`how-to/${page}.md`, FOLDER), 'utf8').replaceAll(/```.*?```/gs, '')
  const named = [...prose.matchAll(/\*\*([^*]+)\*\*/g)].map(([, name = '']) => name.replaceAll(/\s+/g, ' '))
  expect(named.filter((name) => !labels.has(name.toLowerCase()))).toEqual([])
})

it('there are configuration files to check', () => {
  expect(files.length).toBeGreaterThanOrEqual(4)
})

it.each(files)('the configuration in $page is accepted', (file) => {
  expect(findProblems(file)).toEqual([])
})

type Part = Readonly<Record<string, unknown>>
const server = (part: Part) => ({ authorizationServers: [{ id: 'todo0', ...part }] })
const upstream = (part: Part) => ({
  idp: { upstream: [{ id: 'corp', type: 'oidc', name: 'Acme', issuer: 'https://corp.example', ...part }] },
})
/** Where a fragment of a configuration belongs, by its first key; others are top-level. */
const PLACES: Readonly<Record<string, (part: Part) => Part>> = {
  resourceApps: (part) => ({ idp: part }),
  policies: (part) => ({ idp: part }),
  id: (part) => ({ idp: { ['everyDays' in part ? 'reviewSchedules' : 'policies']: [part] } }),
  authorizationCode: server,
  trustedIssuers: server,
  provisioning: upstream,
  domains: upstream,
  mfa: upstream,
}
/** Problems that the rest of the file or a variable would solve */
const LEFT_OUT =
  /is missing$|^there is no |^no user can sign in|no such user in this file$|have nowhere to sign in$|is not a PEM/

function findFaults(block: { readonly page: string; readonly code: string }): readonly string[] {
  const part = parse(block.code) as Part
  const [first = ''] = Object.keys(part)
  return findProblems(block, (PLACES[first] ?? ((it) => it))(part)).filter((what) => !LEFT_OUT.test(what))
}

/** Configuration files of other programs */
const FOREIGN = ['scrape_configs', 'groups', 'name', 'schema_version']
const partsBy = (isMeant: (first: string) => boolean) =>
  documents
    .filter((block) => !isWhole(block))
    .filter(({ code }) => isMeant(Object.keys(parse(code) as Part)[0] ?? ''))

it('finds an unknown key or value in a fragment of a configuration', () => {
  const page = 'page.md'
  expect(findFaults({ page, code: 'idp:\n  resourceApps: [{ id: a, broker: {} }]' })).toEqual([
    expect.stringContaining('unknown key `broker`'),
  ])
  expect(findFaults({ page, code: 'id: p\neffect: forbid' })).toEqual([expect.stringContaining('effect')])
  expect(findFaults({ page, code: 'mfa: 1' })).toEqual([expect.stringContaining('mfa')])
})

it('the server knows every key of every fragment', () => {
  const parts = partsBy((first) => ![...FOREIGN, 'suite', 'image'].includes(first))
  expect(parts.length).toBeGreaterThan(15)
  expect(
    parts.flatMap((part) => findFaults(part).map((fault) => `${part.page}:${part.line}: ${fault}`)),
  ).toEqual([])
})

it('policy tests and chart values match their schemas', () => {
  const suites = partsBy((first) => first === 'suite')
  expect(suites.length).toBeGreaterThan(0)
  for (const { code } of suites) expect(zPolicySuite.safeParse(parse(code)).error).toBeUndefined()
  const values = partsBy((first) => first === 'image')
  expect(values.length).toBeGreaterThan(0)
  for (const { code } of values) {
    const chart = new Ajv({ allErrors: true, strict: false })
    const schema = JSON.parse(readFileSync(new URL('values.schema.json', CHART), 'utf8')) as object
    const filled = { ...(parse(readFileSync(new URL('values.yaml', CHART), 'utf8')) as Part) }
    chart.validate(schema, { ...filled, ...(parse(code) as Part) })
    expect(chart.errors?.filter(({ keyword }) => keyword !== 'required') ?? []).toEqual([])
  }
})

const SHELL = ['sh', 'bash', 'console']
const scripts = pages
  .map(({ page, blocks }) => ({
    page,
    script: blocks
      .filter(({ language }) => SHELL.includes(language))
      .map(({ code }) => code.replaceAll(/^\$ /gm, ''))
      .join('\n'),
  }))
  .filter(({ script }) => script !== '')

const faultOf = (script: string) => spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' }).stderr

it('a shell parses the commands of every page', () => {
  expect(faultOf('echo "open')).not.toBe('')
  expect(scripts.length).toBeGreaterThan(20)
  expect(
    scripts.flatMap(({ page, script }) => (faultOf(script) === '' ? [] : [`${page}: ${faultOf(script)}`])),
  ).toEqual([])
})
