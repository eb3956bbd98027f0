import { describe, expect, it } from 'vitest'

import type { AuditEvent } from './audit-event.ts'
import { renderCef } from './cef.ts'

const TIME_MS = 1_772_442_845_114
const PLACE = { log: 'idp', chain: 'idp', seq: 7, prevHash: 'before', hash: 'own' }
const DECISION = {
  summary: { user: 'no', developer: 'no', admin: 'bob is not assigned to Todo0' },
  checks: [
    { id: 'target', result: 'pass' },
    { id: 'people.resource_app_assignment', result: 'fail' },
  ],
} as unknown as NonNullable<AuditEvent['decision']>

function cefOf(more: Partial<AuditEvent> = {}): string {
  const event: AuditEvent = {
    schema: 'xaa.event/v1',
    id: 'evt_1',
    time: '2026-03-02T09:14:05.114Z',
    type: 'idjag.denied',
    category: 'decision',
    severity: 'warning',
    outcome: 'deny',
    actor: { kind: 'agent', id: 'agent0' },
    ...more,
  }
  return renderCef(event, PLACE, TIME_MS)
}

/** Splits the extension like a receiver: a key is the text before an unescaped equals sign. */
function parseExtension(line: string): Record<string, string> {
  const extension = line
    .split(/(?<!\\)\|/)
    .slice(7)
    .join('|')
  const parts = extension.split(/ (?=\w+=)/).map((part) => /^(\w+)=(.*)$/s.exec(part))
  return Object.fromEntries(
    parts.map((part) => [
      part?.[1],
      part?.[2]?.replaceAll(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped)),
    ]),
  )
}

describe('CEF', () => {
  it('renders a denied exchange', () => {
    const line = cefOf({
      code: 'XAA1502',
      on_behalf_of: { user_ref: 'usr_bob' },
      target: { kind: 'resource_app', id: 'todo0', resource: ['https://todo.example/mcp'] },
      action: { verb: 'exchange', scopes_requested: ['todos.read', 'todos.write'] },
      delegation: { connection: 'agent0-todo0' },
      source: { ip: '192.0.2.7' },
      decision_id: 'dec_1',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      decision: DECISION,
    })
    expect(line).toMatch(
      /^CEF:0\|Crosswalk\|Crosswalk\|1\|idjag\.denied\|idjag\.denied: deny\|6\|rt=1772442845114 /,
    )
    expect(parseExtension(line)).toEqual({
      ...{ rt: String(TIME_MS), externalId: 'evt_1', cat: 'decision', act: 'exchange', outcome: 'deny' },
      ...{ reason: 'XAA1502', msg: 'bob is not assigned to Todo0', suid: 'usr_bob', src: '192.0.2.7' },
      ...{ sourceServiceName: 'agent0', destinationServiceName: 'todo0' },
      request: 'https://todo.example/mcp',
      ...{ cs1: 'dec_1', cs1Label: 'decision', cs2: 'agent0-todo0', cs2Label: 'connection' },
      ...{ cs3: 'todos.read todos.write', cs3Label: 'scope' },
      ...{ cs4: 'people.resource_app_assignment', cs4Label: 'failedChecks' },
      ...{ cs5: '4bf92f3577b34da6a3ce929d0e0e4736', cs5Label: 'trace' },
      ...{ cs6: 'idp', cs6Label: 'chain', cn1: '7', cn1Label: 'seq' },
    })
  })

  it('names an administrator as the acting user, with the stated reason', () => {
    const told = parseExtension(
      cefOf({ type: 'kill.used', actor: { kind: 'admin', id: 'usr_ada' }, reason: 'stolen laptop' }),
    )
    expect(told).toMatchObject({ suid: 'usr_ada', reason: 'stolen laptop' })
    expect(told).not.toHaveProperty('sourceServiceName')
  })

  it.each([
    ['an equals sign', 'a=b cs1=forged', 'a\\=b cs1\\=forged'],
    ['a backslash before an equals sign', 'a\\=b', 'a\\\\\\=b'],
    ['line feeds', 'one\r\ntwo\nCEF:0|forged', 'one\\ntwo\\nCEF:0|forged'],
    ['commands to a terminal', 'a\u001b[2Kb\u009b1mc\0d', 'a [2Kb 1mc d'],
    ['other line ends', 'one\u0085two\u2028three', 'one two three'],
    ['half of a surrogate pair', '\ud83d', '\ufffd'],
  ])('is not broken by %s in a value', (_, reason, written) => {
    const line = cefOf({ reason })
    expect(line).toContain(` reason=${written} `)
    expect(line).not.toContain('\n')
    expect(parseExtension(line)).not.toHaveProperty('cs1')
  })

  it('escapes the header, where a line feed has no escape', () => {
    expect(cefOf({ type: 'a|b\\c\nd\u001b[0m' })).toContain('|1|a\\|b\\\\c d [0m|')
  })

  it.each([
    [1023, 1023],
    [1024, 1023],
  ])('writes at most 1023 of %i characters', (length, most) => {
    expect(parseExtension(cefOf({ reason: 'x'.repeat(length) }))['reason']).toHaveLength(most)
  })

  it.each([
    ['192.0.2.7', { src: '192.0.2.7' }],
    ['2001:db8::1', { c6a2: '2001:db8::1', c6a2Label: 'Source IPv6 Address' }],
  ])('has the key for the address family of %s', (ip, expected) => {
    expect(parseExtension(cefOf({ source: { ip } }))).toMatchObject(expected)
  })

  it.each(['info', 'notice', 'warning', 'critical'] as const)(
    'has a severity from 0 to 10 for %s',
    (severity) => {
      expect(Number(cefOf({ severity }).split('|')[6])).toBeLessThanOrEqual(10)
    },
  )
})
