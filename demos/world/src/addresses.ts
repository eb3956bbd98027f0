// Where everything in the demo world is.

export const PORT_COUNT = 5

export interface Addresses {
  readonly base: number
  /** The company's identity provider */
  readonly idp: string
  readonly todo0: string
  /** Server of the todo vendor; its issuer is a path on it */
  readonly vendor: string
  readonly vendorIssuer: string
  readonly notes0: string
  readonly agent0: string
}

export function buildAddresses(base: number): Addresses {
  const at = (offset: number) => `http://127.0.0.1:${base + offset}`
  return {
    base,
    idp: at(0),
    todo0: at(1),
    vendor: at(2),
    vendorIssuer: `${at(2)}/as/todo0`,
    notes0: at(3),
    agent0: at(4),
  }
}
