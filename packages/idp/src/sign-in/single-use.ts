// DPoP proofs and client assertions count once, also when they come twice at the same moment, to any process.
// The library looks first and writes then, which leaves that moment open.
import { createHash } from 'node:crypto'

import type { Provider } from 'oidc-provider'

import type { SignInConfig, SignInPorts } from './contract.ts'

const MODEL = 'ReplayDetection'

export function useProofsOnce(
  provider: Provider,
  { clockSkewSeconds }: SignInConfig,
  { store, clock }: SignInPorts,
): void {
  provider.ReplayDetection.unique = async (issuer, id, expiresAt) => {
    const key = createHash('sha256').update(`${issuer}\n${id}`).digest('base64url')
    if ((await store.find(MODEL, key)) !== undefined) return false
    const now = Math.floor(clock.nowMs() / 1000)
    // As long as the proof could pass for unexpired.
    await store.upsert(MODEL, key, {}, Math.max(1, expiresAt - now + clockSkewSeconds))
    return store.consume(MODEL, key, now)
  }
}
