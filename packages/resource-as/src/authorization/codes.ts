// Authorization codes: what was granted, sealed in the code itself, so that nothing is kept until one is redeemed. A code counts
// once by its replay key, whatever process it comes to.
import {
  type Clock,
  type NewAccount,
  newTokenId,
  type ReplayKey,
  replayKeyDigest,
  type Sealing,
} from '@crosswalk/as-core'
import type { AuthorizationCode } from '@crosswalk/policy'

/** From the consent to the token endpoint it is one redirect (RFC 6749 section 4.1.2 allows ten minutes). */
export const CODE_TTL_SECONDS = 60

const LABEL = 'authorization-code'

export interface SealedCode extends AuthorizationCode {
  /** To be created with the first token, where the user was not known before */
  readonly newAccount?: NewAccount | undefined
}

export interface CodesParts {
  readonly sealing: Sealing
  readonly clock: Clock
  /** Id of the authorization server: a code of another one is none here */
  readonly server: string
}

export function issueCode(
  granted: Omit<SealedCode, 'jti' | 'iat' | 'exp'>,
  { sealing, clock, server }: CodesParts,
): string {
  const iat = Math.floor(clock.nowMs() / 1000)
  const code: SealedCode = { ...granted, jti: newTokenId(), iat, exp: iat + CODE_TTL_SECONDS }
  return sealing.seal(LABEL, server, JSON.stringify(code))
}

/** @returns undefined for what was not sealed here; whether it has expired is for the evaluation to say */
export function openCode(
  text: string,
  { sealing, server }: Pick<CodesParts, 'sealing' | 'server'>,
): SealedCode | undefined {
  try {
    return JSON.parse(sealing.open(LABEL, server, text)) as SealedCode
  } catch {
    return undefined
  }
}

/** @returns the single use of a code, remembered until it cannot be accepted any more */
export function codeReplayKey({ jti, exp }: Pick<SealedCode, 'jti' | 'exp'>, server: string): ReplayKey {
  return {
    kind: 'authorization-code',
    key: replayKeyDigest('authorization-code', jti, server),
    expiresAt: exp + 1,
  }
}
