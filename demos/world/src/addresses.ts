// The addresses of everything in the demo world.
import type { Topology } from './topology.ts'

export const PORT_COUNT = 5

export interface Addresses {
  readonly base: number
  /** The company's identity provider */
  readonly idp: string
  /** Todo0, or the gateway in its place */
  readonly todo0: string
  /** The server of the company that runs the resources; its issuer is a path on it */
  readonly vendor: string
  readonly vendorIssuer: string
  readonly notes0: string
  readonly agent0: string
}

export function buildAddresses(base: number, topology: Topology = 'vendors'): Addresses {
  const at = (offset: number) => `http://127.0.0.1:${base + offset}`
  const vendor = topology === 'single' ? at(0) : at(2)
  return {
    base,
    idp: at(0),
    todo0: at(1),
    vendor,
    vendorIssuer: `${vendor}/as/${topology === 'gateway' ? 'gateway0' : 'todo0'}`,
    // Behind the gateway, the tools of all products share one address.
    notes0: topology === 'gateway' ? at(1) : at(3),
    agent0: at(4),
  }
}
