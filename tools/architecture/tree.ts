// The source tree as the rules see it: files with their text, and workspaces with their declarations. Only `readTree`
// reads the disk; tests build the same structure from literals.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { readImports, type Import } from './imports.ts'

export interface Workspace {
  /** Path from the root; empty for the root itself. */
  readonly path: string
  readonly name: string
  readonly dependencies: ReadonlySet<string>
  readonly devDependencies: ReadonlySet<string>
  /** The programs that its scripts start, such as `next` */
  readonly commands: ReadonlySet<string>
}

export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly workspace: Workspace
  /**
   * `product` is published or deployed; `support` is tests, the folders `testing` and `contract`, tools and
   * configuration.
   */
  readonly kind: 'product' | 'support'
  readonly imports: readonly Import[]
}

export interface Tree {
  readonly workspaces: readonly Workspace[]
  readonly files: readonly SourceFile[]
}

const SOURCE = /\.(ts|tsx|mts|js|mjs)$/
/**
 * Packages that are not workspaces: the only command that needs them installs them. Their files count as files of the
 * root.
 */
const INSTALLED_APART = new Set(['tools/docs-site/package.json', 'tests/langgraph/package.json'])
const NEVER_SHIPS = new Set(['', 'tests', 'bench'])
const SUPPORT = /(\.test\.tsx?$)|(^|\/)(testing|contract)\//

/** @param texts - path from the root → text; each `package.json` defines a workspace */
export function buildTree(texts: ReadonlyMap<string, string>): Tree {
  const workspaces = [...texts]
    .filter(([path]) => path === 'package.json' || path.endsWith('/package.json'))
    .filter(([path]) => !INSTALLED_APART.has(path))
    .map(([path, text]) => parseWorkspace(path, text))
  const files = [...texts]
    .filter(([path]) => SOURCE.test(path))
    .map(([path, text]) => {
      const workspace = findWorkspace(workspaces, path)
      return { path, text, workspace, kind: kindOf(path, workspace), imports: readImports(text) }
    })
  return { workspaces, files }
}

/** Reads the files that git tracks or would add, so that ignored output never counts. */
export function readTree(root: string): Tree {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const paths = listed
    .split('\0')
    .filter((path) => SOURCE.test(path) || path === 'package.json' || path.endsWith('/package.json'))
    .filter((path) => existsSync(join(root, path)))
  return buildTree(new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])))
}

function parseWorkspace(path: string, text: string): Workspace {
  const parsed = JSON.parse(text) as Record<string, unknown>
  const keysOf = (key: string) => Object.keys((parsed[key] ?? {}) as Record<string, string>)
  const folder = dirname(path)
  return {
    path: folder === '.' ? '' : folder,
    name: String(parsed['name']),
    dependencies: new Set([
      ...keysOf('dependencies'),
      ...keysOf('optionalDependencies'),
      ...keysOf('peerDependencies'),
    ]),
    devDependencies: new Set(keysOf('devDependencies')),
    commands: new Set(
      Object.values((parsed['scripts'] ?? {}) as Record<string, string>).map(
        (script) => script.split(' ')[0] ?? '',
      ),
    ),
  }
}

function findWorkspace(workspaces: readonly Workspace[], path: string): Workspace {
  const owners = workspaces.filter((it) => it.path === '' || path.startsWith(`${it.path}/`))
  const owner = owners.sort((a, b) => b.path.length - a.path.length)[0]
  if (owner === undefined) throw new Error(`${path} is below no package.json`)
  return owner
}

function kindOf(path: string, workspace: Workspace): SourceFile['kind'] {
  const ships = !NEVER_SHIPS.has(workspace.path) && path.startsWith(`${workspace.path}/src/`)
  return ships && !SUPPORT.test(path) ? 'product' : 'support'
}
