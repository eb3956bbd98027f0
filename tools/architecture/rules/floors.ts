// Imports between workspaces point to a lower floor: never up, never sideways, never past the front door.
import { posix } from 'node:path'

import type { Finding } from '../finding.ts'
import { GARDEN, ROOMS, type Room } from '../floors.ts'
import { isRelative, packageOf, type Import } from '../imports.ts'
import type { SourceFile, Tree, Workspace } from '../tree.ts'

const WHY = 'data and imports flow one way, so that each floor can be read and tested without those above it'

export function checkFloors(tree: Tree): Finding[] {
  const rooms = new Map(ROOMS.map((room) => [room.workspace, room]))
  const byName = new Map(tree.workspaces.map((it) => [it.name, it]))
  const homeless = tree.workspaces.filter((it) => !rooms.has(it.path) && !inGarden(it)).map(refuseHomeless)
  const product = tree.files.filter((file) => file.kind === 'product' && !inGarden(file.workspace))
  const crossing = product.flatMap((file) =>
    file.imports.flatMap((it) => checkImport({ file, it, rooms, byName })),
  )
  return [...homeless, ...crossing]
}

interface Crossing {
  readonly file: SourceFile
  readonly it: Import
  readonly rooms: ReadonlyMap<string, Room>
  readonly byName: ReadonlyMap<string, Workspace>
}

function checkImport({ file, it, rooms, byName }: Crossing): Finding[] {
  const at = { file: file.path, line: it.line, rule: 'floors', why: WHY }
  if (isRelative(it.specifier)) {
    const target = posix.join(posix.dirname(file.path), it.specifier)
    if (target.startsWith(`${file.workspace.path}/`)) return []
    const message = `${it.specifier} leaves ${file.workspace.path}`
    return [{ ...at, message, remedy: 'import the other workspace by its package name' }]
  }
  const target = byName.get(packageOf(it.specifier))
  if (target === undefined || target === file.workspace) return []
  const from = rooms.get(file.workspace.path)
  const to = rooms.get(target.path)
  if (from === undefined) return []
  if (to === undefined || to.floor >= from.floor) {
    const where = to === undefined ? 'the garden' : `floor ${to.floor}`
    const message = `${from.workspace} (floor ${from.floor}) imports ${target.path} (${where})`
    return [{ ...at, message, remedy: 'move what both need one floor down, or take it as a port' }]
  }
  if (from.onlyWorkspaces?.includes(target.path) === false) {
    const message = `${from.workspace} imports ${target.path}`
    return [{ ...at, message, remedy: `it may import only ${from.onlyWorkspaces.join(', ')}` }]
  }
  return []
}

function inGarden(workspace: Workspace): boolean {
  return workspace.path === '' || GARDEN.some((pattern) => pattern.test(workspace.path))
}

function refuseHomeless(workspace: Workspace): Finding {
  return {
    file: `${workspace.path}/package.json`,
    line: 1,
    rule: 'floors',
    message: `${workspace.path} stands on no floor`,
    why: WHY,
    remedy: 'add it to tools/architecture/floors.ts, and say in an ADR why it is its own workspace',
  }
}
