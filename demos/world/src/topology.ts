// The three topologies of the world: who runs what, in how many processes.

const TOPOLOGIES = ['vendors', 'single', 'gateway'] as const

/**
 * `vendors`: company, todo vendor and agent vendor, each with its own servers. `single`: the company runs the resource
 * authorization server itself, in the process of its IdP, under a separate issuer. `gateway`: one MCP server without
 * a page
 * serves all tools.
 */
export type Topology = (typeof TOPOLOGIES)[number]

/** @throws Error that lists the topologies */
export function parseTopology(text: string): Topology {
  const found = TOPOLOGIES.find((one) => one === text)
  if (found === undefined)
    throw new Error(`--topology must be one of ${TOPOLOGIES.join(', ')}, not "${text}"`)
  return found
}
