// DPoP proofs and client assertions count once, whatever the endpoint and the process: they share the store of replay
// keys with the token exchange, under the same names.
import {
  decodeCompactJws,
  importVerificationKey,
  clientAssertionReplayKey,
  dpopReplayKey,
  type ReplayKey,
} from '@crosswalk/as-core'
import type { KoaContextWithOIDC } from 'oidc-provider'

import type { SignInConfig, SignInPorts } from '../contract.ts'
import { errors, Provider } from './oidc-provider.ts'

type Claims = Readonly<Record<string, unknown>>

export interface SingleUses {
  /** Announces an assertion that was accepted; the library's next single-use check is for it. */
  expectAssertion(ctx: KoaContextWithOIDC, claims: Claims, clientId: string): void
  /** Replaces the library's own memory, which checks first and writes later. */
  install(provider: Provider): void
}

export function createSingleUses(
  { issuer, clockSkewSeconds }: Pick<SignInConfig, 'issuer' | 'clockSkewSeconds'>,
  { useOnce }: Pick<SignInPorts, 'useOnce'>,
): SingleUses {
  const assertions = new WeakMap<KoaContextWithOIDC, ReplayKey>()

  function takeAssertion(ctx: KoaContextWithOIDC): ReplayKey | undefined {
    const replayKey = assertions.get(ctx)
    assertions.delete(ctx)
    return replayKey
  }

  return {
    expectAssertion(ctx, claims, clientId) {
      assertions.set(ctx, clientAssertionReplayKey(claims, { issuer, clientId, clockSkewSeconds }))
    },
    install(provider) {
      provider.ReplayDetection.unique = async () => {
        const { ctx } = Provider
        if (ctx === undefined) throw new Error('a single use outside of a request')
        const assertion = takeAssertion(ctx)
        const replayKey = assertion ?? readProof(ctx.get('dpop'))
        const isUnused = replayKey !== undefined && (await useOnce(replayKey))
        // The library would call it a bad grant (RFC 9449 section 5), for which clients drop their refresh token.
        if (!isUnused && assertion === undefined && ctx.oidc.route === 'token')
          throw new errors.InvalidDpopProof('DPoP proof already used')
        return isUnused
      }
    },
  }
}

/** @returns undefined for a proof that the token exchange could not parse */
function readProof(proof: string): ReplayKey | undefined {
  const decoded = decodeCompactJws(proof)
  const key = decoded.accepted ? importVerificationKey(decoded.value.header.jwk) : undefined
  return decoded.accepted && key?.accepted === true
    ? dpopReplayKey(decoded.value.claims, key.value.thumbprint)
    : undefined
}
