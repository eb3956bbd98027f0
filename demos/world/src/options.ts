// The command line of the demo world.
import { parseArgs } from 'node:util'

import { parseTopology, type Topology } from './topology.ts'

export interface WorldOptions {
  /** First of five ports; 0 picks free ones */
  readonly portBase: number
  /** Run the whole flow once, then stop */
  readonly once: boolean
  readonly topology: Topology
  readonly help: boolean
}

export const USAGE = `usage: npm start -- [--port-base N] [--topology vendors|single|gateway] [--once]

  --port-base N  first of five ports on 127.0.0.1 (default 4000; 0 picks free ones)
  --topology T   vendors (default): three companies; single: one company runs everything; gateway: one MCP server for all tools
  --once         run the whole flow once as each user, print every leg, and stop; fails if a leg did not end as expected`

const DEFAULT_BASE = 4000
const HIGHEST_BASE = 65_531

/** @throws Error with the problem in one sentence */
export function parseOptions(args: readonly string[]): WorldOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'port-base': { type: 'string', default: String(DEFAULT_BASE) },
      topology: { type: 'string', default: 'vendors' },
      once: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const text = values['port-base']
  const portBase = Number(text)
  if (!/^\d+$/.test(text) || portBase > HIGHEST_BASE || (portBase > 0 && portBase < 1024))
    throw new Error(`--port-base must be a number from 1024 to ${HIGHEST_BASE}, or 0, not "${text}"`)
  return { portBase, topology: parseTopology(values.topology), once: values.once, help: values.help }
}
