import type { PolicyDefinition } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { buildDeny, buildLimit, buildRequire } from './testing/rule-fixtures.ts'
import { renderRule } from './text.ts'

const ROWS: readonly (readonly [PolicyDefinition, string])[] = [
  [
    buildRequire(
      'r',
      { acr: ['mfa'], maxAuthAgeSeconds: 43_200 },
      { scope: ['todos.write'], 'app.kind': 'agent' },
    ),
    'For agents requesting todos.write: needs mfa no older than 12h',
  ],
  [buildRequire('r', { maxAuthAgeSeconds: 90 }), 'For all apps: needs a sign-in no older than 1m30s'],
  [buildRequire('r', { dpop: true }, { app: 'agent0' }), 'For agent0: needs a DPoP proof'],
  [
    buildRequire('r', { acr: ['mfa', 'hwk'], dpop: true }, { 'app.kind': ['web', 'service'] }),
    'For web apps or services: needs mfa or hwk and a DPoP proof',
  ],
  [
    buildDeny('r', { resourceApp: 'payroll', 'time.outside': 'Mon-Fri 07:00-20:00 Europe/Berlin' }),
    'For all apps at payroll outside Mon-Fri 07:00-20:00 Europe/Berlin: denied',
  ],
  [
    buildDeny('r', { 'network.outside': '10.0.0.0/8', user: 'alice', 'authAge.over': 43_200 }),
    'For all apps acting for alice signed in more than 12h ago from outside 10.0.0.0/8: denied',
  ],
  [
    buildDeny('r', { 'user.attributes.department': ['Legal', 'R&D'], dpop: false }),
    'For all apps acting for users whose department is Legal or R&D without a DPoP proof: denied',
  ],
  [
    buildDeny('r', { app: 'agent0', 'app.kind': 'agent', group: 'contractors' }, { state: 'report-only' }),
    'For agent0 among agents acting for members of contractors: denied (report-only)',
  ],
  [
    buildLimit('r', { scopes: ['todos.read'], idJagTtlSeconds: 60, perHour: 100 }),
    'For all apps: only todos.read; ID-JAGs for at most 1m; at most 100 grants an hour',
  ],
  [
    buildLimit('r', { scopes: [] }, { 'volume.perHour.over': 9 }),
    'For all apps after more than 9 grants in an hour: no scopes',
  ],
]

describe('renderRule', () => {
  it.each(ROWS)('%#: %j', (policy, text) => {
    expect(renderRule(policy)).toBe(text)
  })

  it('does not render part of a condition', () => {
    expect(() => renderRule(buildDeny('r', { 'app.knd': 'agent' }))).toThrow('policy r has problems')
  })
})
