// Approval rules in the configuration file: who may be asked, and which names are suspicious.
import { expect, test } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

const APPROVE = { id: 'low', effect: 'approve', when: { maxRisk: 1, maxDays: 30 } }
const ask = (ask: object) => ({ id: 'ask', effect: 'ask', ask })

function parse(...approvalRules: readonly object[]) {
  const user = (id: string, groups: readonly string[] = []) => ({
    id,
    username: id,
    groups,
    password: 'correct horse battery',
  })
  const roles = {
    owner: { users: ['ada'] },
    reviewer: { groups: ['reviewers', 'listed'] },
    'connection-manager': { users: ['mia'], apps: ['agent0'] },
    auditor: { users: ['aude'] },
    // The first role of a user counts.
    helpdesk: { users: ['ada'] },
  }
  const file = {
    baseUrl: 'https://xaa.example',
    admin: { token: 'an admin token of more than 32 characters', roles },
    idp: {
      users: [user('ada'), user('rita', ['reviewers']), user('rob'), user('aude'), user('bob'), user('mia')],
      apps: [
        {
          id: 'agent0',
          name: 'Agent0',
          kind: 'agent',
          auth: { method: 'private_key_jwt', jwksUri: 'https://agent.test/keys' },
        },
      ],
      groups: [{ id: 'listed', members: ['rob'] }],
      approvalRules,
    },
  }
  return parseConfiguration(JSON.stringify(file), 'test.json', {}).problems
}

test('may ask users who have a role that decides, themselves or through a group', () => {
  const rule = ask({ users: ['ada', 'rita'], escalateAfterHours: 24, escalateTo: ['rob'] })
  const ofMia = { ...ask({ users: ['mia'] }), id: 'mia', when: { apps: ['agent0'] } }
  expect(parse(APPROVE, rule, ofMia)).toEqual([])
})

test.each([
  ['an unknown user', [ask({ users: ['adda'] })], 'error', 'there is no user adda'],
  ['a user without a role', [ask({ users: ['bob'] })], 'error', 'bob has no role that may decide'],
  ['a role that does not decide', [ask({ users: ['aude'] })], 'error', 'aude has no role that may decide'],
  [
    'such a user for the escalation',
    [ask({ users: ['ada'], escalateAfterHours: 1, escalateTo: ['bob'] })],
    'error',
    'bob has no role that may decide',
  ],
  ['a role that covers other apps', [ask({ users: ['mia'] })], 'error', 'mia has no role that may decide'],
  ['two rules with one id', [APPROVE, APPROVE], 'error', 'idp.approvalRules'],
  ['no limits', [{ ...APPROVE, when: {} }], 'error', 'when.maxRisk and when.maxDays'],
  [
    'an unknown app',
    [{ ...APPROVE, when: { ...APPROVE.when, apps: ['agent1'] } }],
    'warning',
    'names app agent1, which this file does not define',
  ],
  [
    'an unknown resource app',
    [{ ...APPROVE, when: { ...APPROVE.when, resourceApps: ['todo0'] } }],
    'warning',
    'names resource app todo0, which this file does not define',
  ],
])('reports %s', (_name, rules, severity, what) => {
  expect(parse(...rules)).toMatchObject([{ severity, what: expect.stringContaining(what) }])
})

test('says which lowest risk a rule can have', () => {
  const [problem] = parse({ ...APPROVE, when: { ...APPROVE.when, minRisk: 3 } })
  expect(problem).toMatchObject({
    what: 'idp.approvalRules[0].when.minRisk is 3',
    fix: 'write at most maxRisk, or the rule matches no request',
  })
})
