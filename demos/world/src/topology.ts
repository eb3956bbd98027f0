// The three shapes of the world: who runs what, and in how many processes.

export const TOPOLOGIES = ['vendors', 'single', 'gateway'] as const

/**
 * `vendors`: company, todo vendor and agent vendor, each with servers of its own. `single`: the company runs the
 * authorization server of the resources itself, in the process of its IdP, under an issuer of its own. `gateway`: one MCP
 * server without any page stands before all tools.
 */
export type Topology = (typeof TOPOLOGIES)[number]

/** @throws Error that lists those there are */
export function parseTopology(text: string): Topology {
  const found = TOPOLOGIES.find((one) => one === text)
  if (found === undefined) throw new Error(`--topology takes ${TOPOLOGIES.join(', ')}, and not "${text}"`)
  return found
}
