// The way in for programs that embed an IdP: `createIdp(definition, ports)`, or with a port `snapshot` where definitions
// change while it runs. Wiring only.
import { writeRefusals, createKeyTender } from '@crosswalk/as-core'

import { createIdp as createServer, type Idp } from './create-idp.ts'
import type { IdpConfig, IdpPorts } from './idp-ports.ts'
import { defineIdp, type IdpDefinition } from './define-idp.ts'

/** What `createIdp` needs where everything else is in the definition: `openPorts` of `@crosswalk/storage` gives it. */
export type IdpBasePorts = Omit<IdpPorts, 'snapshot' | 'users' | 'passwordHashes'>

export async function createIdp(config: IdpConfig, ports: IdpPorts): Promise<Idp>
/**
 * Creates the identity provider; its signing keys are loaded or made before it resolves, and rotate while it is used. Every
 * path of its host is the IdP's. Unless the port `onDecision` is given, it writes why it refused a request to standard error,
 * except in production.
 *
 * @throws InvalidDefinition that lists all problems
 * @throws Error where stored keys cannot be opened with this master key
 */
export async function createIdp(definition: IdpDefinition, ports: IdpBasePorts): Promise<Idp>
export async function createIdp(
  given: IdpConfig | IdpDefinition,
  ports: IdpPorts | IdpBasePorts,
): Promise<Idp> {
  if ('snapshot' in ports) return await createServer(given as IdpConfig, ports)
  const { config, ...defined } = defineIdp(given as IdpDefinition)
  const onDecision = ports.onDecision ?? writeRefusals('idp')
  const idp = await createServer(config, { ...ports, ...defined, onDecision })
  const tend = createKeyTender(idp.signingKeys, ports)
  return {
    ...idp,
    fetch(request, ip) {
      tend()
      // Some frameworks hand a context of their own to a function they are given.
      return idp.fetch(request, typeof ip === 'string' ? ip : undefined)
    },
  }
}
