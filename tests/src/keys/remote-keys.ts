// Requests that the tests of key providers share.
import { openStorage } from '@crosswalk/storage'
import { expect } from 'vitest'

import { TODO } from '../support/company.ts'
import { type Answer, exchange } from '../support/flow.ts'
import type { TestServer } from '../support/server.ts'

export async function listStoredKeys({ database }: Pick<TestServer, 'database'>) {
  const storage = await openStorage(database)
  try {
    const owners = await storage.keys.owners()
    return (await Promise.all(owners.map((owner) => storage.keys.list(owner)))).flat()
  } finally {
    await storage.close()
  }
}

export async function look({ baseUrl }: TestServer) {
  const response = await fetch(`${baseUrl}/readyz`)
  const { unready } = (await response.json()) as { unready: readonly string[] }
  return { status: response.status, unready }
}

export async function issue({ baseUrl }: TestServer, idToken: string): Promise<string> {
  const { status, body } = await exchange(baseUrl, idToken, { resource: TODO })
  expect([status, body.error]).toEqual([200, undefined])
  return String(body.access_token)
}

export function expectAskedBack({ status, headers, body }: Answer): void {
  expect([status, body.error]).toEqual([503, 'temporarily_unavailable'])
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect(body.access_token).toBeUndefined()
}
