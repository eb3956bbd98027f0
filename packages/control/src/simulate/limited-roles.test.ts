// What a role that covers some apps, or sees no policies, may not simulate.
import { expect, it } from 'vitest'

import type { Caller } from '../http/context.ts'
import { selectWorld } from './select-world.ts'
import { runSimulation } from './simulate.ts'

const GOES_ON = 'it goes on'
const parts = {
  clock: { nowMs: () => 0 },
  directory: {
    current() {
      throw new Error(GOES_ON)
    },
  },
} as never

it.each([
  ['mine', undefined, true],
  ['others', undefined, true],
  ['mine', ['mine'], true],
  ['others', ['mine'], false],
])('a request of the app %s is simulated for a role that covers %j: %s', async (app, apps, isAllowed) => {
  const caller = { id: 'rita', role: 'connection-manager', ...(apps && { apps }) } as Caller
  const simulation = runSimulation(parts, { app, user: 'alice' } as never, { caller } as never)
  if (isAllowed) await expect(simulation).rejects.toThrow(GOES_ON)
  else expect(await simulation).toMatchObject({ problem: { status: 403 } })
})

it.each([
  ['administrator', true],
  ['auditor', true],
  ['helpdesk', false],
  ['developer', false],
] as const)('%s may try a draft, whose problems reveal definitions: %s', async (role, isAllowed) => {
  const world = selectWorld(parts, { draft: {} as never }, { role })
  if (isAllowed) await expect(world).rejects.toThrow()
  else expect(await world).toMatchObject({ problem: { status: 403 } })
})
