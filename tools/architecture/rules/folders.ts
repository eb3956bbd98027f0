// Imports between folders go one way: no two entries of a folder import each other, nor do two workspaces. An entry is a
// file, or a subfolder with everything in it. Type-only imports count, because readers follow them too.
import { posix } from 'node:path'

import type { Finding } from '../finding.ts'
import { isRelative, packageOf } from '../imports.ts'
import type { Tree } from '../tree.ts'

interface Arrow {
  readonly from: string
  readonly to: string
  readonly file: string
  readonly line: number
}

export function checkFolders(tree: Tree): Finding[] {
  const arrows = new Map<string, Arrow>()
  for (const arrow of [...listArrows(tree), ...listWorkspaceArrows(tree)])
    if (!arrows.has(nameArrow(arrow))) arrows.set(nameArrow(arrow), arrow)
  return [...arrows.values()].flatMap((there) => {
    const back = arrows.get(nameArrow({ from: there.to, to: there.from }))
    return back !== undefined && there.from < there.to ? [refusePair(there, back)] : []
  })
}

/** Imports between files of one folder are covered by the linter, which reports every cycle. */
function listArrows({ files }: Tree): Arrow[] {
  return files
    .filter(({ kind }) => kind === 'product')
    .flatMap((file) =>
      file.imports
        .filter(({ specifier }) => isRelative(specifier))
        .map(({ specifier, line }) => {
          const target = posix.join(posix.dirname(file.path), specifier)
          const [from, to] = splitApart(file.path, target)
          return { from, to, target, file: file.path, line }
        })
        .filter(({ from, to, target }) => from !== file.path || to !== target),
    )
}

function listWorkspaceArrows({ files, workspaces }: Tree): Arrow[] {
  const paths = new Map(workspaces.map(({ name, path }) => [name, path]))
  return files
    .filter(({ kind }) => kind === 'product')
    .flatMap(({ path: file, workspace: { path: from }, imports }) =>
      imports.flatMap(({ specifier, line }) => {
        const to = paths.get(packageOf(specifier))
        return to === undefined || to === from ? [] : [{ from, to, file, line }]
      }),
    )
}

/** @returns the entries of the deepest common folder that contain each of them */
function splitApart(one: string, other: string): readonly [string, string] {
  const [left, right] = [one.split('/'), other.split('/')]
  const apart = left.findIndex((part, index) => part !== right[index])
  return [left.slice(0, apart + 1).join('/'), right.slice(0, apart + 1).join('/')]
}

function nameArrow({ from, to }: Pick<Arrow, 'from' | 'to'>): string {
  return `${from} → ${to}`
}

function namePair({ from, to }: Pick<Arrow, 'from' | 'to'>): string {
  return [from, to].sort().join(' ↔ ')
}

function refusePair(there: Arrow, back: Arrow): Finding {
  return {
    file: back.file,
    line: back.line,
    rule: 'folder-pair',
    message: `${namePair(there)} (the opposite direction is in ${there.file}:${there.line})`,
    why: 'folders that need each other are one unit: neither can be read, tested or moved alone',
    remedy: 'move what both need into a lower folder, or reverse one import',
  }
}
