// Layout of the connection graph: users on the left, requesting apps in the middle, resource apps on the right. Computes nodes and positions without
// drawing. Excess nodes become one counted group.

export type NodeKind = 'users' | 'app' | 'resource'

export interface GraphNode {
  readonly id: string
  readonly kind: NodeKind
  readonly label: string
  /** What selecting it shows; undefined for groups of nodes and single users */
  readonly focus?: Readonly<Record<string, string>>
  readonly x: number
  readonly y: number
}

export interface GraphEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  /** Style: used, never used, or suspended */
  readonly status: 'used' | 'unused' | 'stopped'
}

export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly height: number
}

export interface GraphConnection {
  readonly id: string
  readonly app: string
  readonly resourceApp: string
  readonly assignments: {
    readonly everyone: boolean
    readonly users: readonly string[]
    readonly groups: readonly string[]
  }
  readonly stopped: boolean
  readonly used: boolean
}

export interface GraphLabels {
  app(id: string): string
  resource(id: string): string
  group(name: string): string
  readonly everyone: string
  users(count: number): string
  more(count: number): string
}

export const NODE_WIDTH = 200
export const NODE_HEIGHT = 36
const GAP = 16
const COLUMNS: Readonly<Record<NodeKind, number>> = { users: 0, app: 320, resource: 640 }
export const GRAPH_WIDTH = COLUMNS.resource + NODE_WIDTH
/** Maximum nodes per column; the rest is grouped. */
export const MAX_NODES = 20

type Draft = Omit<GraphNode, 'x' | 'y'>

export function buildGraph(connections: readonly GraphConnection[], words: GraphLabels): Graph {
  const drafts = connections.flatMap((connection) => listNodes(connection, words))
  const columns = (['users', 'app', 'resource'] as const).map((kind) =>
    fitColumn(uniqueById(drafts.filter((node) => node.kind === kind)), kind, words),
  )
  const rows = Math.max(1, ...columns.map(({ nodes }) => nodes.length))
  const height = rows * (NODE_HEIGHT + GAP) - GAP
  const shown = new Map(columns.flatMap(({ shownAs }) => [...shownAs]))
  return {
    nodes: columns.flatMap(({ nodes }) => placeColumn(nodes, height)),
    edges: mergeEdges(
      connections.flatMap((connection) => listEdges(connection, words)),
      shown,
    ),
    height,
  }
}

function listNodes(connection: GraphConnection, words: GraphLabels): Draft[] {
  const { app, resourceApp } = connection
  return [
    ...listUsers(connection, words),
    { id: `app ${app}`, kind: 'app', label: words.app(app), focus: { app } },
    {
      id: `resource ${resourceApp}`,
      kind: 'resource',
      label: words.resource(resourceApp),
      focus: { resourceApp },
    },
  ]
}

function listUsers({ id, assignments }: GraphConnection, words: GraphLabels): Draft[] {
  const { everyone, users, groups } = assignments
  const kind = 'users' as const
  return [
    ...(everyone ? [{ id: 'everyone', kind, label: words.everyone }] : []),
    ...groups.map((group) => ({ id: `group ${group}`, kind, label: words.group(group), focus: { group } })),
    ...(users.length === 0 ? [] : [{ id: `named ${id}`, kind, label: words.users(users.length) }]),
  ]
}

function uniqueById(nodes: readonly Draft[]): readonly Draft[] {
  const unique = [...new Map(nodes.map((node) => [node.id, node])).values()]
  // By name, so that the picture is stable.
  return unique.sort((one, other) => one.label.localeCompare(other.label) || (one.id < other.id ? -1 : 1))
}

function fitColumn(nodes: readonly Draft[], kind: NodeKind, words: GraphLabels) {
  const fits = nodes.length <= MAX_NODES
  const shown = fits ? nodes : nodes.slice(0, MAX_NODES - 1)
  const rest = nodes.slice(shown.length)
  const bundle = { id: `more ${kind}`, kind, label: words.more(rest.length) }
  const shownAs = new Map([
    ...shown.map(({ id }) => [id, id] as const),
    ...rest.map(({ id }) => [id, bundle.id] as const),
  ])
  return { nodes: rest.length === 0 ? shown : [...shown, bundle], shownAs }
}

function placeColumn(nodes: readonly Draft[], height: number): GraphNode[] {
  const used = nodes.length * (NODE_HEIGHT + GAP) - GAP
  const top = (height - used) / 2
  return nodes.map((node, index) => ({
    ...node,
    x: COLUMNS[node.kind],
    y: top + index * (NODE_HEIGHT + GAP),
  }))
}

function listEdges(connection: GraphConnection, words: GraphLabels): GraphEdge[] {
  const { id, app, resourceApp, stopped, used } = connection
  const status = stopped ? 'stopped' : used ? 'used' : 'unused'
  return [
    ...listUsers(connection, words).map(
      (users) =>
        ({
          id: `${users.id} ${id}`,
          from: users.id,
          to: `app ${app}`,
          status,
        }) as const,
    ),
    { id, from: `app ${app}`, to: `resource ${resourceApp}`, status },
  ]
}

const WEIGHT = { stopped: 0, unused: 1, used: 2 } as const

/** One edge between two nodes, styled as the most active connection. */
function mergeEdges(edges: readonly GraphEdge[], shownAs: ReadonlyMap<string, string>): GraphEdge[] {
  const merged = new Map<string, GraphEdge>()
  for (const edge of edges) {
    const from = shownAs.get(edge.from) ?? edge.from
    const to = shownAs.get(edge.to) ?? edge.to
    const key = `${from} → ${to}`
    const known = merged.get(key)
    if (known === undefined || WEIGHT[edge.status] > WEIGHT[known.status])
      merged.set(key, { ...edge, id: key, from, to })
  }
  return [...merged.values()]
}

/** @returns the graph as a Mermaid flow chart */
export function renderMermaid({ nodes, edges }: Graph): string {
  const names = new Map(nodes.map(({ id }, index) => [id, `n${index}`]))
  const boxes = nodes.map(({ id, label }) => `  ${names.get(id) ?? ''}["${label.replaceAll('"', '#quot;')}"]`)
  const lines = edges.map(({ from, to, status }) => {
    const arrow = status === 'used' ? '-->' : status === 'unused' ? '-.->' : '--x'
    return `  ${names.get(from) ?? ''} ${arrow} ${names.get(to) ?? ''}`
  })
  return ['flowchart LR', ...boxes, ...lines, ''].join('\n')
}
