// Imports between workspaces point to a lower layer: never up, never sideways, and always to the package index.
import { posix } from 'node:path'

import type { Finding } from '../finding.ts'
import { UNRESTRICTED, WORKSPACES, type WorkspaceRule } from '../layers.ts'
import { isRelative, packageOf, type Import } from '../imports.ts'
import type { SourceFile, Tree, Workspace } from '../tree.ts'

const WHY = 'data and imports flow one way, so that each layer can be read and tested without those above it'

export function checkLayers(tree: Tree): Finding[] {
  const rules = new Map(WORKSPACES.map((rule) => [rule.workspace, rule]))
  const byName = new Map(tree.workspaces.map((it) => [it.name, it]))
  const homeless = tree.workspaces
    .filter((it) => !rules.has(it.path) && !isUnrestricted(it))
    .map(refuseUnlisted)
  const product = tree.files.filter((file) => file.kind === 'product' && !isUnrestricted(file.workspace))
  const crossing = product.flatMap((file) =>
    file.imports.flatMap((it) => checkImport({ file, it, rules, byName })),
  )
  return [...homeless, ...crossing]
}

interface CheckedImport {
  readonly file: SourceFile
  readonly it: Import
  readonly rules: ReadonlyMap<string, WorkspaceRule>
  readonly byName: ReadonlyMap<string, Workspace>
}

function checkImport({ file, it, rules, byName }: CheckedImport): Finding[] {
  const at = { file: file.path, line: it.line, rule: 'layers', why: WHY }
  if (isRelative(it.specifier)) {
    const target = posix.join(posix.dirname(file.path), it.specifier)
    if (target.startsWith(`${file.workspace.path}/`)) return []
    const message = `${it.specifier} leaves ${file.workspace.path}`
    return [{ ...at, message, remedy: 'import the other workspace by its package name' }]
  }
  const target = byName.get(packageOf(it.specifier))
  if (target === undefined || target === file.workspace) return []
  const from = rules.get(file.workspace.path)
  const to = rules.get(target.path)
  if (from === undefined) return []
  if (to === undefined || to.layer >= from.layer) {
    const where = to === undefined ? 'no layer' : `layer ${to.layer}`
    const message = `${from.workspace} (layer ${from.layer}) imports ${target.path} (${where})`
    return [{ ...at, message, remedy: 'move what both need one layer down, or pass it in as a port' }]
  }
  if (from.onlyWorkspaces?.includes(target.path) === false) {
    const message = `${from.workspace} imports ${target.path}`
    return [{ ...at, message, remedy: `import only ${from.onlyWorkspaces.join(', ')}` }]
  }
  return []
}

function isUnrestricted(workspace: Workspace): boolean {
  return workspace.path === '' || UNRESTRICTED.some((pattern) => pattern.test(workspace.path))
}

function refuseUnlisted(workspace: Workspace): Finding {
  return {
    file: `${workspace.path}/package.json`,
    line: 1,
    rule: 'layers',
    message: `${workspace.path} is in no layer`,
    why: WHY,
    remedy: 'add it to tools/architecture/layers.ts, and explain in an ADR why it is a separate workspace',
  }
}
