// Inside a workspace imports flow one way between folders, too: no two entries of one folder import each other. An entry is
// a subfolder with everything below it, or a file. Type-only imports count, since a reader follows them too.
import { posix } from 'node:path'

import type { Finding } from '../finding.ts'
import { isRelative } from '../imports.ts'
import type { Tree } from '../tree.ts'

interface Arrow {
  readonly from: string
  readonly to: string
  readonly file: string
  readonly line: number
}

export function checkFolders(tree: Tree): Finding[] {
  const arrows = new Map<string, Arrow>()
  for (const arrow of listArrows(tree)) if (!arrows.has(nameArrow(arrow))) arrows.set(nameArrow(arrow), arrow)
  return [...arrows.values()].flatMap((there) => {
    const back = arrows.get(nameArrow({ from: there.to, to: there.from }))
    return back !== undefined && there.from < there.to ? [refusePair(there, back)] : []
  })
}

/** Imports between files of one folder are left to the rule about cycles of files. */
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

/** @returns the entries of the deepest folder that holds both, each with one of them below it */
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
    message: `${namePair(there)} (the other way in ${there.file}:${there.line})`,
    why: 'folders that need each other are one folder: neither can be read, tested or moved alone',
    remedy: 'move what both need below the two, or turn one arrow round',
  }
}
