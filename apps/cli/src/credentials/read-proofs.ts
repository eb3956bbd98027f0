// Reads how an app authenticates to both servers. Secrets never come from options.
import { type ClientAuth, clientSecret, privateKeyJwt, publicClient } from '@crosswalk/client'

import { readTextFile, type Terminal } from '../terminal.ts'

export interface ProofOptions {
  readonly idpSecret?: string
  readonly asSecret?: string
  readonly idpKey?: string
  readonly asKey?: string
  readonly idpAssertionAudience?: AssertionAudience
  readonly asAssertionAudience?: AssertionAudience
}

type AssertionAudience = 'issuer' | 'token-endpoint'

export function readProofs(
  { env }: Pick<Terminal, 'env'>,
  options: ProofOptions,
): { readonly idp: ClientAuth; readonly as: ClientAuth } {
  const { idpKey, idpSecret, idpAssertionAudience, asKey, asSecret, asAssertionAudience } = options
  return {
    idp: readAuth({
      ...{ key: idpKey, audience: idpAssertionAudience },
      ...{ secret: idpSecret, value: env.CROSSWALK_IDP_SECRET },
    }),
    as: readAuth({
      ...{ key: asKey, audience: asAssertionAudience },
      ...{ secret: asSecret, value: env.CROSSWALK_AS_SECRET },
    }),
  }
}

interface ProofSource {
  readonly key: string | undefined
  readonly audience: AssertionAudience | undefined
  /** A file */
  readonly secret: string | undefined
  readonly value: string | undefined
}

function readAuth({ key, audience = 'issuer', ...source }: ProofSource): ClientAuth {
  if (key !== undefined) return privateKeyJwt(readTextFile(key), { audience })
  const secret = source.secret === undefined ? source.value : readTextFile(source.secret).trim()
  return secret === undefined || secret === '' ? publicClient() : clientSecret(secret)
}
