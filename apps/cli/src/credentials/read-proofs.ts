// Reads how an app authenticates to both servers. Secrets never come from options.
import {
  type ClientAuth,
  clientSecret,
  clientSecretPost,
  privateKeyJwt,
  publicClient,
} from '@crosswalk/client'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { readTextFile, type Terminal } from '../terminal.ts'

export interface ProofOptions {
  readonly idpSecret?: string
  readonly asSecret?: string
  /** The secret goes into the body, although the metadata also allows HTTP Basic */
  readonly idpSecretPost?: true
  readonly asSecretPost?: true
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
  return {
    idp: readAuth('idp', {
      ...{ key: options.idpKey, audience: options.idpAssertionAudience },
      ...{ secret: options.idpSecret, value: env.CROSSWALK_IDP_SECRET, post: options.idpSecretPost },
    }),
    as: readAuth('as', {
      ...{ key: options.asKey, audience: options.asAssertionAudience },
      ...{ secret: options.asSecret, value: env.CROSSWALK_AS_SECRET, post: options.asSecretPost },
    }),
  }
}

interface ProofSource {
  readonly key: string | undefined
  readonly audience: AssertionAudience | undefined
  /** A file */
  readonly secret: string | undefined
  readonly value: string | undefined
  readonly post: true | undefined
}

function readAuth(
  side: 'idp' | 'as',
  { key, audience = 'issuer', post, ...source }: ProofSource,
): ClientAuth {
  if (key !== undefined) return privateKeyJwt(readTextFile(key), { audience })
  const secret = source.secret === undefined ? source.value : readTextFile(source.secret).trim()
  if (secret !== undefined && secret !== '')
    return post === true ? clientSecretPost(secret) : clientSecret(secret)
  if (post === undefined) return publicClient()
  const fix = `name its file with --${side}-secret, or set CROSSWALK_${side.toUpperCase()}_SECRET`
  throw new CliError(EXIT.usage, `--${side}-secret-post needs a secret`, fix)
}
