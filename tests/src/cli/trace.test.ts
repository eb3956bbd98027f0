// `crosswalk trace redact` and `trace compare` with files, as the playground saves them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { parseTrace, type RecordedRun, writeTrace } from '@crosswalk/lab'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { crosswalk } from './run-crosswalk.ts'

let folder: string
let works: string
let fails: string
const runTo = (audience: string, outcome: 'done' | 'refused'): RecordedRun => ({
  number: 1,
  atMs: 0,
  username: 'alice',
  parties: [['IdP', 'https://idp.acme.com']],
  isOver: true,
  steps: {
    exchange: {
      outcome,
      ms: 1,
      told: ['Alice asked.'],
      sent: [
        {
          request: { method: 'POST', url: 'https://idp.acme.com/token', headers: {}, params: { audience } },
          response: { status: outcome === 'done' ? 200 : 400, headers: {}, body: {} },
          ms: 1,
        },
      ],
    },
  },
})

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-traces-'))
  const save = (name: string, run: RecordedRun) => {
    const file = join(folder, name)
    writeFileSync(file, writeTrace(run, { salt: name, secrets: [], nowMs: 0 }))
    return file
  }
  works = save('works.json', runTo('https://as.todo0.test', 'done'))
  fails = save('fails.json', runTo('https://mcp.todo0.test', 'refused'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('trace redact', () => {
  it('prints a readable trace without the names', async () => {
    const { exitCode, out } = await crosswalk(['trace', 'redact', works, '--hide', 'acme.com', 'ALICE'])
    expect(exitCode).toBe(0)
    expect(parseTrace(out).accepted).toBe(true)
    expect(out).not.toMatch(/acme\.com|alice/i)
    expect(out).toContain('https://as.todo0.test')
    expect(readFileSync(works, 'utf8')).toContain('acme.com')
  })

  it.each([
    ['two letters', ['--hide', 'ac'], /at least 3 characters/],
    ['two letters with a space', ['--hide', ' ac'], /at least 3 characters/],
    ['a word of the format', ['--hide', 'exchange'], /would not be readable.*\nfix: hide longer text/],
  ])('refuses to hide %s', async (_, hide, told) => {
    const { exitCode, out, err } = await crosswalk(['trace', 'redact', works, ...hide])
    expect([exitCode, out, err]).toEqual([2, '', expect.stringMatching(told)])
    expect((await crosswalk(['trace', 'redact', works, '--hide', 'acm'])).exitCode).toBe(0)
  })

  it('refuses what is not a trace', async () => {
    const { exitCode, err } = await crosswalk(['trace', 'redact'], { stdin: '{}' })
    expect([exitCode, err]).toEqual([2, expect.stringContaining('the file is not a trace')])
  })
})

describe('trace compare', () => {
  it('lists the differences by step, and exits with 3', async () => {
    expect(await crosswalk(['trace', 'compare', works, fails])).toEqual({
      exitCode: 3,
      err: '',
      out: [
        '✕ 3 differences',
        'ID-JAG',
        ...['  outcome', '    - done', '    + refused'],
        ...['  sent audience', '    - https://as.todo0.test', '    + https://mcp.todo0.test'],
        ...['  received status', '    - 200', '    + 400', ''],
      ].join('\n'),
    })
    const { out } = await crosswalk(['trace', 'compare', works, fails, '-o', 'json'])
    expect(JSON.parse(out)).toMatchObject({
      schema: 'crosswalk.trace-comparison/v1',
      same: false,
      differences: [{ step: 'exchange', what: 'outcome', before: 'done', after: 'refused' }, {}, {}],
    })
  })

  it('exits with 0 for the same run, also from standard input', async () => {
    const same = await crosswalk(['trace', 'compare', '-', works], { stdin: readFileSync(works, 'utf8') })
    expect(same).toEqual({ exitCode: 0, err: '', out: '✓ no difference\n' })
  })
})
