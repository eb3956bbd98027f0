// Whether this process can serve. Load balancers need a response even if everything else hangs.
import { setTimeout as wait } from 'node:timers/promises'

import { describeTrouble, findStorageFault, type KeyProvider } from '@crosswalk/as-core'
import type { Storage } from '@crosswalk/storage'

const DEADLINE_MS = 1_000

/** A key provider that is checked, and a key in use there. */
export type ProviderInUse = Pick<KeyProvider, 'name' | 'findTrouble'> & { keyInUse(): string | undefined }

/** @returns a function that lists the parts that are not ready, for operators; empty if all are */
export function createReadiness(
  storage: Pick<Storage, 'ping'>,
  keyProviders: readonly ProviderInUse[] = [],
): () => Promise<readonly string[]> {
  const checks = [
    createCheck('storage', 0, () => checkStorage(storage)),
    ...keyProviders.map((provider) =>
      createCheck(`keys: ${provider.name}`, FRESH_MS, () => checkProvider(provider)),
    ),
  ]
  return async () => (await Promise.all(checks.map((check) => check()))).flat()
}

type ReadinessCheck = () => Promise<readonly string[]>

/** How long the result of a key provider holds: anyone may ask, and a check occupies the HSM or counts against the quota of the KMS. */
const FRESH_MS = 250

/** Callers share one check while it runs, so that a hanging part is not queried repeatedly, and its result while it holds. */
function createCheck(name: string, freshMs: number, check: ReadinessCheck): ReadinessCheck {
  let running: Promise<readonly string[]> | undefined
  return () => {
    running ??= check().finally(() => {
      if (freshMs === 0) running = undefined
      else setTimeout(() => (running = undefined), freshMs).unref()
    })
    return Promise.race([
      running,
      wait(DEADLINE_MS, [`${name}: no response within a second`], { ref: false }),
    ])
  }
}

async function checkStorage(storage: Pick<Storage, 'ping'>): Promise<readonly string[]> {
  try {
    await storage.ping()
    return []
  } catch (error) {
    const fault = findStorageFault(error)
    return [fault === undefined ? 'storage' : `storage: ${describeTrouble(fault.trouble)}`]
  }
}

async function checkProvider(provider: ProviderInUse): Promise<readonly string[]> {
  const trouble = await provider.findTrouble(provider.keyInUse())
  return trouble === undefined ? [] : [`keys: ${provider.name}: ${trouble}`]
}
