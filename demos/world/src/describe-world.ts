// The text that is printed when the world is up: all addresses, and who can sign in.
import type { Addresses } from './addresses.ts'
import type { World } from './start-world.ts'
import type { Topology } from './topology.ts'
import type { ADMINISTRATOR, Username } from './secrets.ts'

const EXPECT: Readonly<Record<Username | typeof ADMINISTRATOR, string>> = {
  alice: 'engineering; can use everything',
  bob: 'sales; can use Agent0, but Agent0 cannot reach Todo0 for him until ada approves',
  carol: 'engineering; new to Todo0, her account is created on first use',
  dave: 'deactivated; cannot sign in',
  ada: 'administrator; signs in to the console',
}

export function describeWorld({ addresses, secrets, folder, topology }: World): string {
  const places = [
    ['Agent0', addresses.agent0, 'chat; start here'],
    ...describeResources(addresses)[topology],
    ['acme IdP', addresses.idp, 'the company: users, apps, connections'],
    ['console', `${addresses.idp}/admin`, 'permissions and activity of the apps; sign in as ada'],
    [OPERATOR[topology], addresses.vendorIssuer, 'authorization server of the apps that Agent0 reaches'],
  ]
  const logins = Object.entries(EXPECT).map(([username, expect]) => [
    username,
    secrets.passwords[username as keyof typeof EXPECT],
    expect,
  ])
  return [
    '',
    'The demo world is up.',
    '',
    ...renderTable(['What', 'Where', ''], places),
    '',
    ...renderTable(['User', 'Password', 'What to expect'], logins),
    '',
    `Open ${addresses.agent0}, sign in as alice and write "list my todos".`,
    ...describePlayground(addresses, topology),
    `Data, logs and passwords are in ${folder}, client secrets and the admin token in secrets.json there. Ctrl-C stops everything.`,
    '',
  ].join('\n')
}

/** The playground acts as an app of the first topology, in its own process. */
function describePlayground({ idp }: Addresses, topology: Topology): readonly string[] {
  const { port } = new URL(idp)
  const base = port === '4000' ? '' : ` --port-base ${port}`
  return topology === 'vendors'
    ? [`To see each leg and break it on purpose: npx crosswalk playground --demo alice${base}`]
    : []
}

const OPERATOR: Readonly<Record<Topology, string>> = {
  vendors: 'todo vendor',
  single: 'acme too',
  gateway: 'gateway',
}

function describeResources({ todo0, notes0 }: Addresses): Readonly<Record<Topology, string[][]>> {
  const products = [
    ['Todo0', todo0, 'page, REST API /api/todos, MCP server /mcp'],
    ['Notes0', notes0, 'REST API /api/notes, MCP server /mcp; no page'],
  ]
  return {
    vendors: products,
    single: products,
    gateway: [['Gateway0', todo0, 'MCP server /mcp for the tools of Todo0 and Notes0; no page']],
  }
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const render = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()
  return [
    render(head),
    `  ${widths.map((width) => '-'.repeat(width)).join('  ')}`.trimEnd(),
    ...rows.map(render),
  ]
}
