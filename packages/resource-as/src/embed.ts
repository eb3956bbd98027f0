// The entry point for programs that embed a Resource Authorization Server: `createResourceAs(definition, ports)`, or
// with a `snapshot` port if the definition changes at runtime. Wiring only.
import { createKeyMaintainer, refuseMissingPorts, writeRefusals } from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import { listMetadataPaths } from '@crosswalk/protocol'

import { createResourceAs as createServer, type ResourceAs } from './create-resource-as.ts'
import { defineResourceAs, type ResourceAsDefinition } from './define-resource-as.ts'
import type { ResourceAsConfig, ResourceAsPorts } from './resource-as-ports.ts'
import { createTakeOver, mayRevoke, takeOverWithRequests } from './security-events/take-over.ts'

/** A mountable server. */
export interface EmbeddedResourceAs extends ResourceAs {
  /** Whether a path belongs to this server: an endpoint or its metadata */
  serves(path: string): boolean
  /**
   * For `createResource`, `protect` or `xaaMcp` in the same program: the issuer of a resource's tokens, and whether a
   * token is still live. Keys and results are read in process, not over the network.
   *
   * @throws TypeError if the resource is not of this server
   */
  resourceOptions(resource: string): EmbeddedResourceOptions
}

export interface EmbeddedResourceOptions {
  readonly resource: string
  readonly issuer: string
  readonly scopes: readonly string[]
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
  /** Called for every token, so that a revoked one is refused immediately */
  readonly introspect: (token: string) => Promise<Readonly<Record<string, unknown>>>
  /** In the server's database, so that a DPoP proof is accepted once, however many processes serve the API */
  readonly usedProofs: { use(key: string, expiresAtSeconds: number): Promise<boolean> }
  /** The server's clock, so that both agree on expiry */
  readonly nowMs: () => number
}

export async function createResourceAs(
  config: ResourceAsConfig,
  ports: ResourceAsPorts,
): Promise<EmbeddedResourceAs>
/**
 * Creates a Resource Authorization Server; its signing keys are loaded or created before it resolves, and rotate while
 * it runs. Unless the port `onDecision` is set, it writes the reason of each refusal to standard error, except in
 * production.
 *
 * @throws InvalidDefinition that lists all problems
 * @throws TypeError if the ports are missing, or a promise
 * @throws Error if stored keys cannot be decrypted with this master key
 */
export async function createResourceAs(
  definition: ResourceAsDefinition,
  ports: Omit<ResourceAsPorts, 'snapshot'>,
): Promise<EmbeddedResourceAs>
export async function createResourceAs(
  given: ResourceAsConfig | ResourceAsDefinition,
  ports: Omit<ResourceAsPorts, 'snapshot'>,
): Promise<EmbeddedResourceAs> {
  refuseMissingPorts('createResourceAs', ports)
  if (hasSnapshot(ports)) {
    const config = given as ResourceAsConfig
    const server = await createServer(config, ports)
    return { ...server, ...describeServer(config, server, ports) }
  }
  const { config, snapshot, accounts = ports.accounts, signIn = ports.signIn } = defineResourceAs(given)
  const onDecision = ports.onDecision ?? writeRefusals(`as:${config.id}`)
  const server = await createServer(config, {
    ...ports,
    snapshot,
    accounts,
    onDecision,
    ...(signIn === undefined ? {} : { signIn }),
  })
  const takeOver = await resumeRevocations(ports, snapshot())
  const tend = createKeyMaintainer(server.signingKeys, ports)
  return {
    ...server,
    ...describeServer(config, server, { ...ports, snapshot }),
    async fetch(request, ip) {
      tend()
      if (request.method === 'POST') await takeOver()
      // Some frameworks pass their own context as second argument.
      return server.fetch(request, typeof ip === 'string' ? ip : undefined)
    },
  }
}

/**
 * Restores revocations from before the restart, and completes any that were interrupted.
 *
 * @returns a function that does the same for what other programs on this database received
 */
async function resumeRevocations(
  ports: Omit<ResourceAsPorts, 'snapshot'>,
  { definition }: RedemptionSnapshot,
): Promise<() => Promise<void>> {
  const { receivedRevocations } = ports
  if (receivedRevocations === undefined) return async () => undefined
  const takeOver = createTakeOver({ ...ports, receivedRevocations })
  await takeOver()
  return definition.trustedIssuers.some(mayRevoke)
    ? takeOverWithRequests(takeOver, ports)
    : async () => undefined
}

function hasSnapshot(ports: Omit<ResourceAsPorts, 'snapshot'>): ports is ResourceAsPorts {
  return 'snapshot' in ports
}

function describeServer(
  config: ResourceAsConfig,
  server: ResourceAs,
  { snapshot, clock }: Pick<ResourceAsPorts, 'snapshot' | 'clock'>,
): Pick<EmbeddedResourceAs, 'serves' | 'resourceOptions'> {
  return {
    serves: createServes(config),
    resourceOptions(id) {
      const resource = snapshot().resources.get(id)
      if (resource === undefined)
        throw new TypeError(
          `${id} is not a resource of ${config.issuer}; known resources: ${[...snapshot().resources.keys()].join(', ')}`,
        )
      const fetch = (url: string, init?: RequestInit) => server.fetch(new Request(url, init))
      const introspect = (token: string) => server.introspect(token, id)
      return {
        resource: id,
        issuer: config.issuer,
        scopes: resource.scopes,
        fetch,
        introspect,
        usedProofs: { use: server.useProof },
        nowMs: () => clock.nowMs(),
      }
    },
  }
}

function createServes({ id, issuer }: ResourceAsConfig): (path: string) => boolean {
  const metadata = new Set(listMetadataPaths(new URL(issuer).pathname))
  return (path) => path.startsWith(`/as/${id}/`) || metadata.has(path)
}
