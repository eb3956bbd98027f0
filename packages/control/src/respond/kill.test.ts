// What a kill waits for, and what its repetition completes after a fault.
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import { openNodes } from '../testing/open-nodes.ts'
import { createKillHandlers } from './kill.ts'

const CLIENT = { method: 'client_secret_basic', secret: 'a secret that is long enough: 7Jq2' }
const defineTarget = (id: string) => ({
  ...{ id, name: id, issuer: `https://as.${id}.test`, assignments: { everyone: true } },
  resources: [{ id: `https://${id}.test`, scopes: ['read'] }],
  securityEvents: { endpoint: `https://as.${id}.test/events` },
})
const defineConnection = (resourceApp: string) => ({
  ...{ id: `con-${resourceApp}`, app: 'agent0', resourceApp, clientId: 'agent0-there', status: 'active' },
  ...{ resources: [`https://${resourceApp}.test`], scopes: ['read'], assignments: { users: ['usr_bob'] } },
})
const IDP = {
  users: [{ id: 'usr_bob', username: 'bob' }],
  apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: CLIENT }],
  resourceApps: [defineTarget('todo0'), defineTarget('notes0')],
  connections: [defineConnection('todo0'), defineConnection('notes0')],
}

async function open() {
  const [{ parts }] = await openNodes(IDP)
  const ended: string[] = []
  const faults: Error[] = []
  const endSessions = async (user: string) => {
    const fault = faults.shift()
    if (fault !== undefined) throw fault
    ended.push(user)
  }
  const handlers = createKillHandlers({ ...parts, revoker: { ...parts.revoker, endSessions } })
  const press = (kind: string, id: string) =>
    handlers['kill.press'](
      { body: { target: { kind, id } } } as never,
      {
        ...{ ...systemContext('a test'), idempotencyKey: 'one', headers: new Headers() },
        caller: { id: 'ada', role: 'owner' },
      } as never,
    ) as Promise<{ readonly body: { readonly told: readonly { readonly audience: string }[] } }>
  return { press, ended, faults }
}

it.each([
  ['connection', 'con-todo0', ['https://as.todo0.test']],
  ['user', 'usr_bob', ['https://as.todo0.test', 'https://as.notes0.test']],
])('a kill of the %s %s tells the authorization servers in reach', async (kind, id, audiences) => {
  const { press } = await open()
  expect((await press(kind, id)).body.told.map(({ audience }) => audience)).toEqual(audiences)
})

it('the same request ends the sessions of a user if a fault kept the first one from it', async () => {
  const { press, ended, faults } = await open()
  faults.push(new Error('the database is away'))
  await expect(press('user', 'usr_bob')).rejects.toThrow('the database is away')
  expect(ended).toEqual([])
  expect(await press('user', 'usr_bob')).toMatchObject({ status: 200, body: { sessionsEnded: true } })
  expect(ended).toEqual(['usr_bob'])
})
