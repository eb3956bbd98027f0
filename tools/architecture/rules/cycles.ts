// No file imports itself through others, and no workspace does. Type-only imports count, because readers follow them
// too.
import { posix } from 'node:path'

import type { Finding } from '../finding.ts'
import { isRelative, packageOf } from '../imports.ts'
import type { SourceFile, Tree } from '../tree.ts'

interface Edge {
  readonly to: string
  readonly line: number
  readonly file: string
}
type Graph = ReadonlyMap<string, readonly Edge[]>

export function checkCycles(tree: Tree): Finding[] {
  const product = tree.files.filter((file) => file.kind === 'product')
  return [
    ...findCycles(fileGraph(tree.files)).map((cycle) => refuseCycle('file-cycle', cycle)),
    ...findCycles(workspaceGraph(tree, product)).map((cycle) => refuseCycle('workspace-cycle', cycle)),
  ]
}

function fileGraph(files: readonly SourceFile[]): Graph {
  return new Map(
    files.map((file) => [
      file.path,
      file.imports
        .filter((it) => isRelative(it.specifier))
        .map((it) => ({
          to: posix.join(posix.dirname(file.path), it.specifier),
          line: it.line,
          file: file.path,
        })),
    ]),
  )
}

function workspaceGraph(tree: Tree, files: readonly SourceFile[]): Graph {
  const byName = new Map(tree.workspaces.map((it) => [it.name, it.path]))
  const edges = new Map<string, Edge[]>(tree.workspaces.map((it) => [it.path, []]))
  for (const file of files) {
    for (const it of file.imports) {
      const to = byName.get(packageOf(it.specifier))
      if (to === undefined || to === file.workspace.path) continue
      edges.get(file.workspace.path)?.push({ to, line: it.line, file: file.path })
    }
  }
  return edges
}

/** Depth first; each cycle is reported once, at the edge that closes it. */
function findCycles(graph: Graph): Edge[][] {
  const cycles: Edge[][] = []
  const done = new Set<string>()
  const visit = (node: string, path: readonly Edge[], open: ReadonlySet<string>): void => {
    for (const edge of graph.get(node) ?? []) {
      if (open.has(edge.to)) cycles.push(cut([...path, edge], edge.to))
      else if (!done.has(edge.to)) visit(edge.to, [...path, edge], new Set([...open, edge.to]))
    }
    done.add(node)
  }
  for (const node of graph.keys()) if (!done.has(node)) visit(node, [], new Set([node]))
  return cycles
}

/** Removes the edges before the cycle: keeps those after the last arrival at `start` before the end. */
function cut(path: readonly Edge[], start: string): Edge[] {
  return path.slice(path.slice(0, -1).findLastIndex((edge) => edge.to === start) + 1)
}

function refuseCycle(rule: string, cycle: readonly Edge[]): Finding {
  const closing = cycle.at(-1)
  return {
    file: closing?.file ?? '',
    line: closing?.line ?? 1,
    rule,
    message: [closing?.to, ...cycle.map((edge) => edge.to)].join(' → '),
    why: 'files that need each other are one unit: neither can be read, tested or moved alone',
    remedy: 'move what both need into a separate file that imports neither',
  }
}
