// The credential of an app as an administrator enters it for one proof. Checked before anyone signs in; whether it is
// the right one, only the server that it is for can say.
import type { ProofCredential } from '@crosswalk/admin-api'
import { type ClientAuth, clientSecret, privateKeyJwt, publicClient } from '@crosswalk/client'

/** No one's: a key is imported by signing something. */
const PLACEHOLDER = {
  clientId: 'nobody',
  issuer: 'https://nobody.invalid',
  tokenEndpoint: 'https://nobody.invalid',
  nowSeconds: 0,
}

/** A credential that was entered, or was replaced by the one that the configuration has. */
export type UsableCredential = Exclude<ProofCredential, { kind: 'kept' }>

/** @throws TypeError for a key that is none */
export function toClientAuth(credential: UsableCredential): ClientAuth {
  if (credential.kind === 'secret') return clientSecret(credential.secret)
  return credential.kind === 'private_key' ? privateKeyJwt(credential.key) : publicClient()
}

/** @returns what is wrong with it, in words that hold nothing of it */
export async function findCredentialProblem(credential: UsableCredential): Promise<string | undefined> {
  try {
    await toClientAuth(credential).build(PLACEHOLDER)
    return undefined
  } catch {
    return 'is no private key that can be used: a PKCS#8 PEM or a private JWK'
  }
}
