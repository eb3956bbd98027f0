// The identity providers through which people may sign in here, ready to talk to.
import type { UpstreamDefinition } from '@crosswalk/protocol'

import type { SignInPorts } from '../contract.ts'
import { createUpstreamClient, type UpstreamClient } from './upstream-client.ts'

export interface Upstream {
  readonly definition: UpstreamDefinition
  readonly client: UpstreamClient
}

/** @throws TypeError where there are some and nothing by which to reach them */
export function createUpstreams(
  definitions: readonly UpstreamDefinition[],
  { upstreams, clock }: Pick<SignInPorts, 'upstreams' | 'clock'>,
): readonly Upstream[] {
  return definitions.map((definition) => {
    if (upstreams === undefined) throw new TypeError('upstream needs the port upstreams')
    return {
      definition,
      client: createUpstreamClient(definition, { fetch: upstreams.fetch(definition), clock }),
    }
  })
}

/** By which people know it. */
export function nameOfUpstream({ name, issuer }: UpstreamDefinition): string {
  return name ?? new URL(issuer).host
}

export interface UpstreamSignOut {
  readonly name: string
  readonly url: string
}

/** Where a person who signed out here may still be signed in. */
export async function listSignOuts(upstreams: readonly Upstream[]): Promise<readonly UpstreamSignOut[]> {
  const found = await Promise.all(
    upstreams.map(async ({ definition, client }) => {
      const url = await client.findSignOutUrl()
      return url === undefined ? [] : [{ name: nameOfUpstream(definition), url }]
    }),
  )
  return found.flat()
}
