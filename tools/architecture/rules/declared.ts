// Every import is declared in the package.json of its workspace, and every declared dependency is used: imported, or
// started by a script. Support files (tests, tools, configuration) may also use the root's devDependencies and every
// workspace.
import { isBuiltin } from 'node:module'

import type { Finding } from '../finding.ts'
import { isRelative, packageOf } from '../imports.ts'
import type { SourceFile, Tree, Workspace } from '../tree.ts'

export function checkDeclared(tree: Tree): Finding[] {
  return [...tree.files.flatMap((file) => checkImports(tree, file)), ...checkUsed(tree)]
}

function checkImports(tree: Tree, file: SourceFile): Finding[] {
  const allowed = allowedFor(tree, file)
  return file.imports
    .filter((it) => !isRelative(it.specifier) && !isBuiltin(it.specifier))
    .filter((it) => !allowed.has(packageOf(it.specifier)))
    .map((it) => ({
      file: file.path,
      line: it.line,
      rule: 'undeclared-import',
      message: `${packageOf(it.specifier)} is not among the dependencies of ${file.workspace.name}`,
      why: 'it resolves here only because another workspace depends on it',
      remedy: `add it to ${manifestOf(file.workspace)} and run npm install`,
    }))
}

function allowedFor(tree: Tree, file: SourceFile): Set<string> {
  const own = [...file.workspace.dependencies, file.workspace.name]
  if (file.kind === 'product') return new Set(own)
  const root = tree.workspaces.find((it) => it.path === '')
  return new Set([
    ...own,
    ...file.workspace.devDependencies,
    ...(root?.devDependencies ?? []),
    ...tree.workspaces.map((it) => it.name),
  ])
}

function checkUsed(tree: Tree): Finding[] {
  return tree.workspaces
    .filter((workspace) => workspace.path !== '')
    .flatMap((workspace) => {
      const used = new Set(
        tree.files
          .filter((file) => file.workspace === workspace)
          .flatMap((file) => file.imports.map((it) => packageOf(it.specifier))),
      )
      const unused = [...workspace.dependencies].filter(
        (name) => !used.has(name) && !workspace.commands.has(name),
      )
      return unused.length === 0 ? [] : [refuseUnused(workspace, unused)]
    })
}

function refuseUnused(workspace: Workspace, names: readonly string[]): Finding {
  return {
    file: manifestOf(workspace),
    line: 1,
    rule: 'unused-dependency',
    message: `declared but never imported: ${names.join(', ')}`,
    why: 'each dependency is trusted code; an unused one is risk without benefit',
    remedy: 'remove it from the dependencies and run npm install',
  }
}

function manifestOf(workspace: Workspace): string {
  return workspace.path === '' ? 'package.json' : `${workspace.path}/package.json`
}
