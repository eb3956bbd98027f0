// Keeps one authorization server running for each definition, from the configuration or added at runtime.
import { createSerialQueue, type Directory } from '@crosswalk/control'
import type { AuthorizationServerDefinition } from '@crosswalk/protocol'
import { createResourceAs } from '@crosswalk/resource-as'

import { type CreatedRole, requireSnapshot, type SharedParts, SIGNING_ALGORITHM } from './role-parts.ts'

export async function followServers(shared: SharedParts) {
  let running = new Map<string, CreatedRole>()
  // Creating the keys of a server takes time: an older change must not end after a newer one.
  const inTurn = createSerialQueue()

  async function update(): Promise<boolean> {
    const defined = shared.directory.current().redemption
    const next = new Map<string, CreatedRole>()
    for (const [id, { issuer }] of defined) {
      const known = running.get(id)
      next.set(id, known?.issuer === issuer ? known : await createServerRole({ id, issuer }, shared))
    }
    const same = next.size === running.size && [...next].every(([id, server]) => running.get(id) === server)
    if (!same) running = next
    return !same
  }

  await update()
  return {
    current: () => [...running.values()],
    /** @returns whether any was added or removed */
    follow: () => inTurn(update),
  }
}

async function createServerRole(
  { id, issuer }: { readonly id: string; readonly issuer: string },
  { storage, directory, receivedRevocations, issuedIdJags, signInFetch, vault, settings, ports }: SharedParts,
): Promise<CreatedRole> {
  const { accounts, accessTokens, tokenDescents, consents } = storage
  // Requests that arrived before their server was removed still use its last definition.
  let last = directory.current().redemption.get(id)
  const server = await createResourceAs(
    {
      ...settings,
      id,
      issuer,
      signingAlgorithm: () => findServer(directory, id)?.signing?.accessToken ?? SIGNING_ALGORITHM,
    },
    {
      ...ports,
      snapshot: () => (last = requireSnapshot(directory.current().redemption.get(id) ?? last, id)),
      accounts,
      accessTokens,
      tokenDescents,
      issuedIdJags,
      consents,
      signInFetch,
      receivedRevocations,
      credentials: vault,
    },
  )
  return { ...server, name: `as:${id}`, issuer, basePath: `/as/${id}` }
}

function findServer(directory: Directory, id: string): AuthorizationServerDefinition | undefined {
  return directory.current().world['authorization-servers'].get(id)?.definition
}
