import { expect, test } from 'vitest'

import type { SignInPorts } from '../contract.ts'
import { deletePassedFactor, findPassedFactor, storePassedFactor } from './passed-factor.ts'

function createStore() {
  const records = new Map<string, unknown>()
  const store = {
    upsert: async (model: string, id: string, payload: unknown) =>
      void records.set(`${model} ${id}`, payload),
    find: async (model: string, id: string) => records.get(`${model} ${id}`),
    destroy: async (model: string, id: string) => void records.delete(`${model} ${id}`),
  }
  return { store } as unknown as Pick<SignInPorts, 'store'>
}

test('a second factor counts for the user who passed it, in that visit, until it is used', async () => {
  const ports = createStore()
  const passed = { userId: 'usr_alice', at: 5, acr: 'mfa', amr: ['otp'] }
  await storePassedFactor(ports, 'visit', passed)
  expect(await findPassedFactor(ports, 'visit', 'usr_alice')).toEqual(passed)
  // Another user may continue in the same visit, after "sign in as someone else".
  expect(await findPassedFactor(ports, 'visit', 'usr_bob')).toBeUndefined()
  expect(await findPassedFactor(ports, 'other visit', 'usr_alice')).toBeUndefined()
  await deletePassedFactor(ports, 'visit')
  expect(await findPassedFactor(ports, 'visit', 'usr_alice')).toBeUndefined()
})
