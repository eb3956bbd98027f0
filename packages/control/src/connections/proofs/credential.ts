// The credential of an app as an administrator enters it for one proof. Its form is checked before anyone signs in;
// only the server it is for can tell whether it is correct.
import type { ProofCredential } from '@crosswalk/admin-api'
import {
  type ClientAuth,
  clientSecret,
  clientSecretPost,
  privateKeyJwt,
  publicClient,
} from '@crosswalk/client'

/** Dummy values: a key is validated by signing with it. */
const PLACEHOLDER = {
  clientId: 'nobody',
  issuer: 'https://nobody.invalid',
  tokenEndpoint: 'https://nobody.invalid',
  nowSeconds: 0,
}

/** An entered credential, or the one from the configuration in its place. */
export type UsableCredential = Exclude<ProofCredential, { kind: 'kept' }> & {
  /** A secret goes into the body, although the metadata also allows HTTP Basic */
  readonly inBody?: boolean | undefined
}

/** @throws TypeError if the key is invalid */
export function toClientAuth(credential: UsableCredential): ClientAuth {
  if (credential.kind === 'secret')
    return (credential.inBody === true ? clientSecretPost : clientSecret)(credential.secret)
  return credential.kind === 'private_key' ? privateKeyJwt(credential.key) : publicClient()
}

/** @returns a problem description that contains no part of the credential */
export async function findCredentialProblem(credential: UsableCredential): Promise<string | undefined> {
  try {
    await toClientAuth(credential).build(PLACEHOLDER)
    return undefined
  } catch {
    return 'is not a usable private key: enter a PKCS#8 PEM or a private JWK'
  }
}
