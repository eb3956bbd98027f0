// Finds the IdP of a running Crosswalk, according to its metadata.
import type { GuardedSender } from '../http/guarded-sender.ts'

/**
 * @param hasApps - a server without apps may not run an IdP
 * @returns the issuer
 */
export async function findIdp(
  sender: GuardedSender,
  server: string,
  { hasApps }: { readonly hasApps: boolean },
): Promise<string | undefined> {
  const url = `${server.replace(/\/$/, '')}/.well-known/openid-configuration`
  const { json } = await sender.send({ method: 'GET', url })
  return typeof json?.issuer === 'string' ? json.issuer : hasApps ? server : undefined
}
