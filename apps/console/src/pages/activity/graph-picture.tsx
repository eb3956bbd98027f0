// The picture of the graph. The table above it has the same data; each node links to its own graph.
import type { MouseEvent } from 'react'

import { text } from '../../texts/text.ts'
import { type Graph, type GraphEdge, GRAPH_WIDTH, type GraphNode, NODE_HEIGHT, NODE_WIDTH } from './graph.ts'

interface GraphPictureProps {
  readonly graph: Graph
  readonly focus: (filters: Readonly<Record<string, string>>) => void
}

const MARGIN = 4

export function GraphPicture({ graph, focus }: GraphPictureProps) {
  const { nodes, edges, height } = graph
  const places = new Map(nodes.map((node) => [node.id, node]))
  const box = `${-MARGIN} ${-MARGIN} ${GRAPH_WIDTH + 2 * MARGIN} ${height + 2 * MARGIN}`
  return (
    <div
      className="cw-graph"
      tabIndex={0}
      role="region"
      aria-label={text('table.scroll', { name: text('graph.picture') })}
    >
      <svg viewBox={box} width={GRAPH_WIDTH + 2 * MARGIN} height={height + 2 * MARGIN}>
        <g aria-hidden="true">
          {edges.map((edge) => (
            <Edge key={edge.id} edge={edge} places={places} />
          ))}
        </g>
        {nodes.map((node) => (
          <Node key={node.id} node={node} focus={focus} />
        ))}
      </svg>
    </div>
  )
}

interface EdgeProps {
  readonly edge: GraphEdge
  readonly places: ReadonlyMap<string, GraphNode>
}

function Edge({ edge, places }: EdgeProps) {
  const from = places.get(edge.from)
  const to = places.get(edge.to)
  if (from === undefined || to === undefined) return null
  const [x1, y1] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2]
  const [x2, y2] = [to.x, to.y + NODE_HEIGHT / 2]
  const bend = (x2 - x1) / 2
  return (
    <>
      <path
        className={`cw-graph-edge cw-graph-${edge.status}`}
        d={`M ${x1} ${y1} C ${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`}
      />
      {edge.status === 'stopped' ? (
        <text className="cw-graph-stop" x={(x1 + x2) / 2} y={(y1 + y2) / 2}>
          ✕
        </text>
      ) : null}
    </>
  )
}

interface NodeProps {
  readonly node: GraphNode
  readonly focus: (filters: Readonly<Record<string, string>>) => void
}

const MAX_LETTERS = 24

function Node({ node, focus }: NodeProps) {
  const { x, y, label, kind, focus: filters } = node
  const short = label.length > MAX_LETTERS ? `${label.slice(0, MAX_LETTERS - 1)}…` : label
  const drawn = (
    <>
      <rect x={x} y={y} width={NODE_WIDTH} height={NODE_HEIGHT} rx={kind === 'users' ? NODE_HEIGHT / 2 : 8} />
      <text x={x + NODE_WIDTH / 2} y={y + NODE_HEIGHT / 2}>
        {short}
      </text>
      {/* Also the accessible name, which must not differ from a shortened text. */}
      <title>{filters === undefined ? label : text('graph.around', { name: label })}</title>
    </>
  )
  if (filters === undefined) return <g className={`cw-graph-node cw-graph-${kind}`}>{drawn}</g>
  const go = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    focus(filters)
  }
  return (
    <a
      href={`?${new URLSearchParams(filters).toString()}`}
      className={`cw-graph-node cw-graph-${kind}`}
      onClick={go}
    >
      {drawn}
    </a>
  )
}
