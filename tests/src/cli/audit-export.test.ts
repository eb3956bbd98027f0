// `audit export` and `audit pack` when the connection breaks, as when the reader of a pipe pauses or a node restarts: an export continues after the last event.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, describe, expect, it, onTestFinished } from 'vitest'

import { crosswalk } from './run-crosswalk.ts'

const renderLine = (chain: string, seq: number) => `${JSON.stringify({ chain, seq, type: 'idjag.issued' })}\n`
const LINES = [renderLine('admin', 1), renderLine('as:todo0/1', 4), renderLine('as:todo0/1', 5)]
const ALL = LINES.join('')

let server: Server | undefined
afterEach(() => server?.close())

const ask = (args: readonly string[]) =>
  crosswalk(['audit', ...args], { env: { CROSSWALK_ADMIN_TOKEN: 'a token of an administrator there' } })

/** @returns what the command did, and the query of each request */
async function exportFrom(
  respond: readonly ((response: ServerResponse) => void)[],
  ...args: readonly string[]
) {
  const { url, queries } = await serve(respond)
  return { ...(await ask(['export', ...args, '--server', url])), queries }
}

async function serve(respond: readonly ((response: ServerResponse) => void)[]) {
  const queries: string[] = []
  const left = [...respond]
  server = createServer((request, response) => {
    queries.push(decodeURIComponent(request.url?.split('?')[1] ?? ''))
    left.shift()?.(response)
  })
  await new Promise<void>((resolve) => void server?.listen(0, '127.0.0.1', resolve))
  return { queries, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const breakAfter = (text: string) => (response: ServerResponse) =>
  response.write(text, () => setTimeout(() => response.destroy(), 50))
const complete = (text: string) => (response: ServerResponse) => response.end(text)

describe('an export whose connection breaks', () => {
  const cut = ALL.length - 20
  const resumed = [breakAfter(ALL.slice(0, cut)), complete(LINES[2] ?? '')]

  it('continues after the last complete event', async () => {
    const { exitCode, out, queries } = await exportFrom(resumed, '--type', 'idjag.*')
    expect(out).toBe(ALL)
    expect(queries).toEqual(['type=idjag.*', 'type=idjag.*&afterSeq=admin:1,as:todo0/1:4'])
    expect(exitCode).toBe(0)
  })

  it('keeps the positions where it began', async () => {
    const { queries } = await exportFrom(resumed, '--after-seq', 'idp:7,as:todo0/1:3')
    expect(queries[1]).toBe('afterSeq=idp:7,as:todo0/1:4,admin:1')
  })

  it('keeps the position of the one log that it exports', async () => {
    const { queries } = await exportFrom(resumed, '--log', 'admin', '--after-seq', '0')
    expect(queries[1]).toBe('log=admin&afterSeq=admin:1,as:todo0/1:4')
  })

  it('still writes one JSON document', async () => {
    const { out } = await exportFrom(resumed, '-o', 'json')
    expect(JSON.parse(out)).toMatchObject({ items: [{ seq: 1 }, { seq: 4 }, { seq: 5 }] })
  })

  it('finds the positions in OCSF too', async () => {
    const first = `${JSON.stringify({ time: 1, unmapped: { chain: { log: 'idp', chain: 'idp', seq: 9 } } })}\n`
    const { out, queries } = await exportFrom([breakAfter(first), complete('')], '--format', 'ocsf')
    expect(out).toBe(first)
    expect(queries[1]).toContain('afterSeq=idp:9')
  })

  it('still writes one JSON document, with the error, if a new connection brings nothing', async () => {
    const { exitCode, out, err } = await exportFrom([breakAfter(ALL), breakAfter('{')], '-o', 'json')
    expect(JSON.parse(out)).toEqual({
      schema: 'crosswalk.events/v1',
      items: LINES.map((line) => JSON.parse(line) as object),
      error: expect.objectContaining({
        message: 'the connection to the server broke after 3 events',
        fix: 'continue with --after-seq admin:1,as:todo0/1:5',
        exit_code: 8,
      }),
    })
    expect(err).toContain('--after-seq admin:1,as:todo0/1:5')
    expect(exitCode).toBe(8)
  })

  it('ends with the option to continue by, if a new connection brings nothing', async () => {
    const { exitCode, out, err } = await exportFrom([breakAfter(ALL.slice(0, cut)), breakAfter('{')])
    expect(out).toBe(ALL.slice(0, ALL.length - (LINES[2] ?? '').length))
    expect(exitCode).toBe(8)
    expect(err).toContain('after 2 events')
    expect(err).toContain('--after-seq admin:1,as:todo0/1:4')
  })
})

it('an export has its last event even if no line break follows', async () => {
  expect((await exportFrom([complete(ALL.trimEnd())])).out).toBe(ALL.trimEnd())
})

it('an export that gets no event writes the error as its only JSON document', async () => {
  const { exitCode, out } = await exportFrom([breakAfter('{')], '-o', 'json')
  expect(JSON.parse(out)).toMatchObject({ schema: 'crosswalk.error/v1', error: { exit_code: 8 } })
  expect(exitCode).toBe(8)
})

it('an export that gets no event reports what the server did', async () => {
  const { exitCode, err, queries } = await exportFrom([breakAfter('{')])
  expect(queries).toHaveLength(1)
  expect(exitCode).toBe(8)
  expect(err).toContain('closed the connection')
})

it('an export that the server refuses reports the refusal', async () => {
  const refusal = JSON.stringify({
    ...{ type: 'https://crosswalk.test/problems/forbidden', title: 'Forbidden', status: 403 },
    detail: 'Ask an auditor.',
  })
  const { exitCode, err, queries } = await exportFrom([
    (response) => response.writeHead(403, { 'content-type': 'application/problem+json' }).end(refusal),
  ])
  expect(queries).toHaveLength(1)
  expect([exitCode, err]).toEqual([5, expect.stringContaining('Ask an auditor.')])
})

it('an evidence pack whose connection breaks leaves no file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-pack-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const { url } = await serve([breakAfter('PK')])
  const { exitCode, err } = await ask(['pack', '--to', join(folder, 'pack.zip'), '--server', url])
  expect([exitCode, err, readdirSync(folder)]).toEqual([
    ...[8, expect.stringContaining('the pack is incomplete'), []],
  ])
})
