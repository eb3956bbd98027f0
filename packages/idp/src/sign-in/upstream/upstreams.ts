// The identity providers through which users can sign in, with their clients.
import type { UpstreamDefinition } from '@crosswalk/protocol'

import type { SignInPorts } from '../contract.ts'
import { createOidcClient } from '@crosswalk/as-core/oidc'
import { createSamlClient } from './saml-client.ts'
import type { UpstreamClient } from '@crosswalk/as-core/oidc'

export interface Upstream {
  readonly definition: UpstreamDefinition
  readonly client: UpstreamClient
}

/** @throws TypeError if there are some but no way to reach them, or for an unusable certificate */
export function createUpstreams(
  definitions: readonly UpstreamDefinition[],
  { upstreams, clock }: Pick<SignInPorts, 'upstreams' | 'clock'>,
): readonly Upstream[] {
  return definitions.map((definition) => {
    if (upstreams === undefined) throw new TypeError('upstream needs the port upstreams')
    if (definition.type === 'saml') return { definition, client: createSamlClient(definition, clock) }
    const client = createOidcClient(definition, { fetch: upstreams.fetch(definition), clock })
    return { definition, client }
  })
}

/** Its name for users. */
export function nameOfUpstream(definition: UpstreamDefinition): string {
  return definition.name ?? new URL(addressOf(definition)).host
}

/** The address to which users are sent, or its prefix. */
export function addressOf(definition: UpstreamDefinition): string {
  return definition.type === 'oidc' ? definition.issuer : definition.signInUrl
}

export interface UpstreamSignOut {
  readonly name: string
  readonly url: string
}

/** Where a user who signed out here may still be signed in. */
export async function listSignOuts(upstreams: readonly Upstream[]): Promise<readonly UpstreamSignOut[]> {
  const found = await Promise.all(
    upstreams.map(async ({ definition, client }) => {
      const url = await client.findSignOutUrl()
      return url === undefined ? [] : [{ name: nameOfUpstream(definition), url }]
    }),
  )
  return found.flat()
}
