// Which approvals a change of their connection removes, and what is recorded of it.
import { approvalKey } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import type { SharedParts } from '../parts.ts'
import { describeStaleApprovals } from './scope-approval-records.ts'

const before = { id: 'c', app: 'agent0', resourceApp: 'todo0', scopes: ['read', 'write'] }

it.each<[string, object | undefined, readonly string[]]>([
  ['has another name', { ...before, name: 'Todo' }, []],
  ['has one scope less', { ...before, scopes: ['read'] }, ['write']],
  ['is for another app', { ...before, app: 'bot' }, ['read', 'write']],
  ['is for another resource app', { ...before, resourceApp: 'crm' }, ['read', 'write']],
  ['is removed', undefined, ['read', 'write']],
])('a connection that %s', (_, after, scopes) => {
  const approvals = new Map(
    before.scopes.map((scope) => [
      approvalKey({ connection: 'c', scope }),
      { connection: 'c', scope, digest: `digest of ${scope}` },
    ]),
  )
  const parts = {
    clock: { nowMs: () => 0 },
    directory: { current: () => ({ world: { approvals } }) },
  } as unknown as SharedParts
  const [was, is] = [before, after] as unknown as ConnectionDefinition[]
  const removed = describeStaleApprovals(parts, systemContext('a test'), was!, is)
  expect(removed.map(({ id }) => id)).toEqual(scopes.map((scope) => approvalKey({ connection: 'c', scope })))
  expect(removed.map(({ event }) => event)).toMatchObject(
    scopes.map((scope) => ({
      event: {
        ...{ type: 'connection.approval_revoked', target: { kind: 'connection', id: 'c' } },
        change: { scope, digest: `digest of ${scope}` },
      },
    })),
  )
})
