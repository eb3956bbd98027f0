import { expect, it } from 'vitest'

import { collapseHosts } from './collapse-hosts.ts'
import type { Finding } from './finding.ts'

const at = (id: string, subject: string, result: Finding['result'] = 'fail'): Finding => ({
  id,
  title: id,
  subject,
  result,
})

it('reports an unreachable host once, with its URLs', () => {
  const findings = collapseHosts([
    at('N02', 'http://127.0.0.1:1'),
    at('M01', 'http://127.0.0.1:1', 'skipped'),
    at('N02', 'http://127.0.0.1:1/as/todo0'),
    at('N02', 'http://127.0.0.1:1/mcp'),
  ])
  expect(findings).toEqual([
    at('N02', 'http://127.0.0.1:1, http://127.0.0.1:1/as/todo0, http://127.0.0.1:1/mcp'),
    at('M01', 'http://127.0.0.1:1', 'skipped'),
  ])
})

it.each<[string, readonly Finding[]]>([
  ['another port', [at('N02', 'http://127.0.0.1:1'), at('N02', 'http://127.0.0.1:2')]],
  ['another host', [at('N02', 'https://a.test'), at('N02', 'https://b.test')]],
  [
    'the host that failed',
    [
      { ...at('N01', 'https://a.test'), what: 'There is no address for b.test' },
      { ...at('N01', 'https://a.test'), what: 'There is no address for c.test' },
    ],
  ],
  ['another failure', [at('N01', 'https://a.test'), at('N02', 'https://a.test')]],
  ['a warning', [at('N02', 'https://a.test', 'warn'), at('N02', 'https://a.test/x', 'warn')]],
  ['a failure of one document', [at('M01', 'https://a.test'), at('M01', 'https://a.test/x')]],
])('keeps findings separate that differ by %s', (_, findings) => {
  expect(collapseHosts(findings)).toEqual(findings)
})
