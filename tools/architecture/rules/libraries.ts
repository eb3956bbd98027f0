// The libraries that a workspace may use: few in pure packages, no Node.js modules in SDKs, and some in one folder
// only.
import { isBuiltin } from 'node:module'

import type { Finding } from '../finding.ts'
import { CONFINED, WORKSPACES, type WorkspaceRule } from '../layers.ts'
import { isRelative, packageOf, type Import } from '../imports.ts'
import type { SourceFile, Tree } from '../tree.ts'

/** Confinement also applies to the demo world; tests, benchmarks and tools may use internals. */
export function checkLibraries(tree: Tree): Finding[] {
  const rules = new Map(WORKSPACES.map((rule) => [rule.workspace, rule]))
  const workspaces = new Set(tree.workspaces.map((it) => it.name))
  return tree.files
    .filter((file) => file.kind === 'product')
    .flatMap((file) =>
      file.imports
        .filter((it) => !isRelative(it.specifier) && !workspaces.has(packageOf(it.specifier)))
        .flatMap((it) => [
          ...checkConfinement(file, it),
          ...checkPlatform(file, it, rules.get(file.workspace.path)),
          ...checkAllowed(file, it, rules.get(file.workspace.path)),
        ]),
    )
}

function checkConfinement(file: SourceFile, it: Import): Finding[] {
  return CONFINED.filter(({ library }) => library.test(packageOf(it.specifier)))
    .filter(({ folder }) => !file.path.startsWith(folder))
    .map(({ folder, why }) => ({
      file: file.path,
      line: it.line,
      rule: 'confined-library',
      message: `${it.specifier} is imported outside ${folder}`,
      why,
      remedy: `move the code that needs it into ${folder}, or use what that folder exports`,
    }))
}

function checkPlatform(file: SourceFile, it: Import, room: WorkspaceRule | undefined): Finding[] {
  if (room === undefined || room.nodeModules || !isBuiltin(it.specifier)) return []
  return [
    {
      file: file.path,
      line: it.line,
      rule: 'no-node-modules',
      message: `${room.workspace} imports ${it.specifier}`,
      why: 'pure packages and SDKs also run in browsers, workers and other runtimes',
      remedy: 'use a web standard (fetch, crypto.subtle, URL), or pass in what is needed as an argument',
    },
  ]
}

function checkAllowed(file: SourceFile, it: Import, room: WorkspaceRule | undefined): Finding[] {
  const name = packageOf(it.specifier)
  if (room?.onlyLibraries === undefined || isBuiltin(name) || room.onlyLibraries.includes(name)) return []
  return [
    {
      file: file.path,
      line: it.line,
      rule: 'pure-libraries',
      message: `${room.workspace} imports ${name}`,
      why: 'code that decides must stay pure and small enough to read completely',
      remedy: `it may import only ${room.onlyLibraries.join(', ')}; move the code that needs more to a higher layer`,
    },
  ]
}
