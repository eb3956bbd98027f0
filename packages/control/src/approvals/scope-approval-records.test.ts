// Which approvals a change of their connection removes.
import { approvalKey } from '@crosswalk/policy'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import type { SharedParts } from '../parts.ts'
import { removeStaleApprovals } from './scope-approval-records.ts'

const before = { id: 'c', app: 'agent0', resourceApp: 'todo0', scopes: ['read', 'write'] }

it.each<[string, object | undefined, readonly string[]]>([
  ['has another name', { ...before, name: 'Todo' }, []],
  ['has one scope less', { ...before, scopes: ['read'] }, ['write']],
  ['is for another app', { ...before, app: 'bot' }, ['read', 'write']],
  ['is for another resource app', { ...before, resourceApp: 'crm' }, ['read', 'write']],
  ['is removed', undefined, ['read', 'write']],
])('a connection that %s', async (_, after, scopes) => {
  const removed: string[] = []
  const approvals = new Map(
    before.scopes.map((scope) => [approvalKey({ connection: 'c', scope }), { connection: 'c', scope }]),
  )
  const parts = {
    clock: { nowMs: () => 0 },
    directory: {
      current: () => ({ world: { approvals } }),
      async changeAll(steps: readonly { id: string }[]) {
        removed.push(...steps.map(({ id }) => id))
        return { ok: true }
      },
    },
  } as unknown as SharedParts
  const [was, is] = [before, after] as unknown as ConnectionDefinition[]
  await removeStaleApprovals(parts, systemContext('a test'), was!, is)
  expect(removed).toEqual(scopes.map((scope) => approvalKey({ connection: 'c', scope })))
})

it('the other approvals go as well if another process revokes one of them at the same time', async () => {
  const stored = new Map(
    before.scopes.map((scope) => [approvalKey({ connection: 'c', scope }), { connection: 'c', scope }]),
  )
  let known = new Map(stored)
  stored.delete(approvalKey({ connection: 'c', scope: 'read' }))
  const parts = {
    clock: { nowMs: () => 0 },
    directory: {
      current: () => ({ world: { approvals: known } }),
      catchUp: async () => void (known = new Map(stored)),
      async changeAll(steps: readonly { id: string }[]) {
        if (steps.some(({ id }) => !stored.has(id))) return { ok: false, conflict: 0 }
        for (const { id } of steps) stored.delete(id)
        return { ok: true, revision: 2 }
      },
    },
  } as unknown as SharedParts
  await removeStaleApprovals(parts, systemContext('a test'), before as never, undefined)
  expect(stored.size).toBe(0)
})
