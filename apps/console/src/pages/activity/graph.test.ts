import { describe, expect, it } from 'vitest'

import { buildGraph, type GraphConnection, MAX_NODES, renderMermaid, type GraphLabels } from './graph.ts'

const WORDS: GraphLabels = {
  app: (id) => `App ${id}`,
  resource: (id) => `Resource ${id}`,
  group: (name) => `group ${name}`,
  everyone: 'everybody',
  users: (count) => `${count} users`,
  more: (count) => `${count} more`,
}

function drawn(id: string, change: Partial<GraphConnection> = {}): GraphConnection {
  const assignments = { everyone: false, users: [], groups: ['sales'] }
  return { id, app: 'a', resourceApp: 'r', assignments, stopped: false, used: true, ...change }
}

describe('the graph of connections', () => {
  it('has users, app and resource app of a connection, with edges between them', () => {
    const { nodes, edges } = buildGraph([drawn('one')], WORDS)
    expect(nodes.map(({ label, x }) => [label, x])).toEqual([
      ['group sales', 0],
      ['App a', 320],
      ['Resource r', 640],
    ])
    expect(edges.map(({ from, to, status }) => [from, to, status])).toEqual([
      ['group sales', 'app a', 'used'],
      ['app a', 'resource r', 'used'],
    ])
  })

  it('draws one edge for several connections, styled as the most active one', () => {
    const status = (...connections: GraphConnection[]) =>
      buildGraph(connections, WORDS).edges.find(({ to }) => to === 'resource r')?.status
    expect(status(drawn('one', { stopped: true }))).toBe('stopped')
    expect(status(drawn('one', { stopped: true }), drawn('two', { used: false }))).toBe('unused')
    expect(status(drawn('one', { used: false }), drawn('two'))).toBe('used')
  })

  it.each([
    [MAX_NODES, MAX_NODES, undefined],
    [MAX_NODES + 1, MAX_NODES, '2 more'],
  ])('of %i apps draws %i nodes', (count, shown, bundle) => {
    const connections = Array.from({ length: count }, (_, at) => drawn(`c${at}`, { app: `app${at}` }))
    const { nodes, edges } = buildGraph(connections, WORDS)
    const apps = nodes.filter(({ kind }) => kind === 'app')
    expect(apps).toHaveLength(shown)
    expect(apps.find(({ id }) => id === 'more app')?.label).toBe(bundle)
    const ids = new Set(nodes.map(({ id }) => id))
    expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([])
  })

  it('does not depend on the order of connections', () => {
    const connections = [drawn('one', { app: 'b' }), drawn('two', { resourceApp: 's' })]
    expect(buildGraph(connections.toReversed(), WORDS).nodes).toEqual(buildGraph(connections, WORDS).nodes)
  })

  it('is exported as Mermaid, with quoted names', () => {
    const words = { ...WORDS, app: () => 'Say "hi"' }
    expect(renderMermaid(buildGraph([drawn('one', { stopped: true })], words))).toBe(
      'flowchart LR\n  n0["group sales"]\n  n1["Say #quot;hi#quot;"]\n  n2["Resource r"]\n  n0 --x n1\n  n1 --x n2\n',
    )
  })
})
