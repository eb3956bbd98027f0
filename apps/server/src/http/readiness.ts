// Whether this process can serve. Load balancers need a response even if everything else hangs.
import { setTimeout as wait } from 'node:timers/promises'

import { describeTrouble, findStorageFault, type KeyProvider } from '@crosswalk/as-core'
import type { Storage } from '@crosswalk/storage'

const DEADLINE_MS = 1_000

/** A key provider that is checked, and a key in use there. */
export type AskedProvider = Pick<KeyProvider, 'name' | 'findTrouble'> & { keyInUse(): string | undefined }

/** @returns a function that lists the parts that are not ready, for operators; empty if all are */
export function createReadiness(
  storage: Pick<Storage, 'ping'>,
  keyProviders: readonly AskedProvider[] = [],
): () => Promise<readonly string[]> {
  const looks = [
    createLook('storage', () => lookAtStorage(storage)),
    ...keyProviders.map((provider) => createLook(`keys: ${provider.name}`, () => lookAtProvider(provider))),
  ]
  return async () => (await Promise.all(looks.map((look) => look()))).flat()
}

type Look = () => Promise<readonly string[]>

/** Concurrent callers share one check, so that a hanging part is not queried repeatedly. */
function createLook(name: string, look: Look): Look {
  let looking: Promise<readonly string[]> | undefined
  return () => {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return Promise.race([
      looking,
      wait(DEADLINE_MS, [`${name}: no response within a second`], { ref: false }),
    ])
  }
}

async function lookAtStorage(storage: Pick<Storage, 'ping'>): Promise<readonly string[]> {
  try {
    await storage.ping()
    return []
  } catch (error) {
    const fault = findStorageFault(error)
    return [fault === undefined ? 'storage' : `storage: ${describeTrouble(fault.trouble)}`]
  }
}

async function lookAtProvider(provider: AskedProvider): Promise<readonly string[]> {
  const trouble = await provider.findTrouble(provider.keyInUse())
  return trouble === undefined ? [] : [`keys: ${provider.name}: ${trouble}`]
}
