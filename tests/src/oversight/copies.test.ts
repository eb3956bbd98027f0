// An export of the logs, verified without the server: an unchanged copy passes, and every change to it is found.
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { hashText, linkHash } from '@crosswalk/storage'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { ADMIN_TOKEN } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

interface Line {
  readonly chain: string
  readonly seq: number
  readonly prevHash: string
  readonly hash: string
  readonly text: string
}

const MIB = 1_048_576

const folder = mkdtempSync(join(tmpdir(), 'crosswalk-copies-'))
let server: TestServer
let copy: readonly Line[] = []
let kept: { readonly items: readonly { readonly statement: string }[]; readonly publicKey: object }

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => ({ ...company(baseUrl) }) })
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  for (let count = 0; count < 4; count += 1) await exchange(server.baseUrl, idToken, { resource: TODO })
  const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
  kept = JSON.parse(
    (await crosswalk(['audit', 'checkpoints', '--server', server.baseUrl, '-o', 'json'], { env })).out,
  )
  const { out } = await crosswalk(['audit', 'export', '--server', server.baseUrl], { env })
  copy = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

function write(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** Without a token or a server. */
const verify = (lines: readonly object[], more: readonly string[] = []) =>
  crosswalk(
    [
      'audit',
      'verify',
      '--file',
      write('copy', lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
      ...more,
    ],
    {},
  )
const verifySealed = (lines: readonly object[]) => verify(lines, ['--checkpoints', write('kept.json', kept)])

it('passes unchanged, with the checkpoints as one document or as lines with a key', async () => {
  const last = copy.filter(({ chain }) => chain === 'idp').at(-1)?.seq
  const sealed = await verifySealed(copy)
  expect(sealed).toMatchObject({ exitCode: 0, err: '' })
  expect(sealed.out).toContain(`✓ idp  events 1 to ${last}  sealed until ${last}`)
  const lines = write('kept', kept.items.map(({ statement }) => `${statement}\n`).join(''))
  const keyed = await verify(copy, ['--checkpoints', lines, '--key', write('key.json', kept.publicKey)])
  expect(keyed.out).toBe(sealed.out)
  expect(await verify(copy, ['--checkpoints', lines])).toMatchObject({ exitCode: 2 })
})

it('passes as a later part of a log, which the checkpoints join to the events before it', async () => {
  const part = copy.filter(({ chain, seq }) => chain === 'idp' && seq > 2)
  const { exitCode, out } = await verifySealed([...part, ...copy.filter(({ chain }) => chain !== 'idp')])
  expect([exitCode, out]).toEqual([0, expect.stringContaining('✓ idp  events 3 to ')])
})

/** Like a forger who recomputes every later hash. */
function rewrite(
  lines: readonly Line[],
  change: (text: string) => string = (text) => `${text} `,
): readonly Line[] {
  let before = ''
  return lines.map((line) => {
    if (line.chain !== 'idp') return line
    const text = line.seq === 2 ? change(line.text) : line.text
    const own = linkHash(before, 'idp', line.seq, hashText(text))
    const forged = { ...line, prevHash: before, hash: own, text }
    before = own
    return forged
  })
}

it.each<[string, () => readonly object[], RegExp]>([
  [
    'a changed member',
    () => copy.map((line) => (line.seq === 2 ? { ...line, outcome: 'other' } : line)),
    /#2: its members differ/,
  ],
  [
    'a changed text',
    () => copy.map((line) => (line.seq === 2 ? { ...line, text: `${line.text} ` } : line)),
    /#2: its content was changed/,
  ],
  [
    'a text that is not an event',
    () => rewrite(copy, (text) => text.replace('xaa.', 'other.')),
    /#2: its text is not an event/,
  ],
  [
    'a removed event',
    () => copy.filter(({ seq }) => seq !== 2),
    /idp#2: missing: the next event is number 3/,
  ],
  ['a removed end', () => copy.filter(({ seq }) => seq < 3), /idp#3: missing: a sealed checkpoint counts/],
  ['a removed log', () => copy.filter(({ chain }) => chain !== 'idp'), /idp#1: missing: a sealed checkpoint/],
  ['recomputed hashes', () => rewrite(copy), /idp#\d+: rewritten at or before this event: a sealed/],
])('fails with %s', async (_, change, why) => {
  const { exitCode, out } = await verifySealed(change())
  expect([exitCode, out]).toEqual([3, expect.stringMatching(why)])
})

it('passes with recomputed hashes if no checkpoint is given, and says what that proves', async () => {
  const { exitCode, out } = await verify(rewrite(copy))
  expect([exitCode, out]).toEqual([0, expect.stringContaining('only checkpoints prove them')])
})

it('says so if a chain has no checkpoint, although another has', async () => {
  const items = kept.items.slice(0, 1)
  const { exitCode, out } = await verify(copy, ['--checkpoints', write('one.json', { ...kept, items })])
  expect([exitCode, out]).toEqual([
    0,
    expect.stringMatching(/sealed until \d+\n[^]*only checkpoints prove them/),
  ])
})

it('fails with checkpoints of another key', async () => {
  const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  const { exitCode, out } = await verify(copy, ['--checkpoints', write('other.json', { ...kept, publicKey })])
  expect([exitCode, out]).toEqual([3, expect.stringMatching(/^✕ \d checkpoints? not signed by this key/)])
})

it('stops at a line that no event needs', async () => {
  const [first = '', ...rest] = copy.map((line) => JSON.stringify(line))
  const verifyPadded = (length: number) =>
    crosswalk(['audit', 'verify', '--file', write('padded', [first.padEnd(length), ...rest].join('\n'))])
  expect(await verifyPadded(8 * MIB)).toMatchObject({ exitCode: 0 })
  expect(await verifyPadded(8 * MIB + 1)).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining(`${join(folder, 'padded')}: line 1 is longer than 8 MiB`),
  })
  const stdin = `${first.padEnd(8 * MIB + 1)}\n`
  expect(await crosswalk(['audit', 'verify', '--file', '-'], { stdin })).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('standard input: line 1 is longer than 8 MiB'),
  })
})

it('verifies standard input of any size, as it arrives', async () => {
  const [first = '', ...rest] = copy.map((line) => `${JSON.stringify(line)}\n`)
  const given = { chunks: 0 }
  function* give(chunks: Iterable<string>) {
    for (const chunk of chunks) {
      given.chunks += 1
      yield Buffer.from(chunk)
    }
  }
  const verifyStdin = (chunks: Iterable<string>) =>
    crosswalk(['audit', 'verify', '--file', '-'], { stdin: give(chunks) })
  expect(await verifyStdin([first, ...rest])).toMatchObject({ exitCode: 0 })
  expect(given.chunks).toBe(copy.length)
  given.chunks = 0
  expect(await verifyStdin([first, '{}\n', ...rest])).toMatchObject({ exitCode: 2 })
  expect(given.chunks).toBe(2)
})

it('rejects files that are something else', async () => {
  expect(await verify([{ type: 'idjag.issued' }])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('line 1 is not an event in the native format'),
  })
  const unusable = ['--checkpoints', write('bad.json', { items: [], publicKey: {} })]
  expect(await verify(copy, unusable)).toMatchObject({ exitCode: 2 })
  const missing = await crosswalk(['audit', 'verify', '--file', join(folder, 'none')])
  expect(missing).toMatchObject({ exitCode: 2, err: expect.stringContaining('cannot be read') })
})

const sample = (...options: string[]) =>
  crosswalk([
    'audit',
    'sample',
    write('sampled.ndjson', copy.map((line) => JSON.stringify(line)).join('\n')),
    ...options,
  ])

it('draws a sample that a seed repeats, from all events or those of a type', async () => {
  // As the documentation says how to repeat it by other means.
  const rank = ({ hash }: Line) => createHash('sha256').update(`Q4\n${hash}`).digest('hex')
  const expected = copy
    .toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1))
    .slice(0, 3)
    .map(({ chain, seq }) => `${chain}#${seq}`)
  const drawn = await sample('--seed', 'Q4', '--size', '3', '-o', 'json')
  const { items, ...about } = JSON.parse(drawn.out)
  expect(about).toEqual({ schema: 'crosswalk.sample/v1', seed: 'Q4', size: 3, matching: copy.length })
  expect(items.map(({ chain, seq }: Line) => `${chain}#${seq}`).toSorted()).toEqual(expected.toSorted())
  const other = await sample('--seed', 'Q5', '--size', '3', '-o', 'json')
  expect(JSON.parse(other.out).items).not.toEqual(items)
  const grants = await sample('--seed', 'Q4', '--type', 'idjag.*')
  expect(grants.out).toMatch(
    /^4 of 4 events, drawn with the seed "Q4"\n(.* idjag\.issued  allow XAA0000 .*\n){4}$/,
  )
})

it.each([
  ['no seed', [], /missing --seed/],
  ['no events', ['--seed', 'x', '--size', '0'], /--size/],
  ['an unknown type', ['--seed', 'x', '--type', 'idjag.lost'], /There is no event type idjag\.lost/],
])('draws nothing with %s', async (_, options, why) => {
  expect(await sample(...options)).toMatchObject({ exitCode: 2, out: '', err: expect.stringMatching(why) })
})
