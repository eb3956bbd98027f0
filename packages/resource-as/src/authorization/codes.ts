// Authorization codes: the grant is sealed in the code itself, so nothing is stored until it is redeemed. The replay
// key makes a code single-use across processes.
import {
  type Clock,
  type NewAccount,
  newTokenId,
  type ReplayKey,
  replayKeyDigest,
  type Sealing,
} from '@crosswalk/as-core'
import type { AuthorizationCode } from '@crosswalk/policy'

/** Between consent and token endpoint there is only one redirect (RFC 6749 section 4.1.2 allows ten minutes). */
const CODE_TTL_SECONDS = 60

const LABEL = 'authorization-code'

export interface SealedCode extends AuthorizationCode {
  /** To be created with the first token, if the user has no account yet */
  readonly newAccount?: NewAccount | undefined
}

export interface CodesParts {
  readonly sealing: Sealing
  readonly clock: Clock
  /** Id of the authorization server: codes of other servers are invalid here */
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

/** @returns undefined if it was not sealed here; the evaluation checks whether it has expired */
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

/** @returns the replay key of a code, kept until the code cannot be accepted any longer */
export function codeReplayKey({ jti, exp }: Pick<SealedCode, 'jti' | 'exp'>, server: string): ReplayKey {
  return {
    kind: 'authorization-code',
    key: replayKeyDigest('authorization-code', jti, server),
    expiresAt: exp + 1,
  }
}
