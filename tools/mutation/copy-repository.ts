// Creates a second checkout of the last commit in the temporary folder, whose workspaces resolve to itself.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RepositoryCopy {
  readonly root: string
  remove(): void
}

/** Links of workspaces are relative, so their folder is created again; everything else is linked. */
const WORKSPACES = '@crosswalk'

export function copyRepository(root: string): RepositoryCopy {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-mutation-'))
  const copy = join(folder, 'repository')
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  git('worktree', 'add', '--detach', copy, 'HEAD')
  linkModules(root, copy)
  return {
    root: copy,
    remove: () => {
      git('worktree', 'remove', '--force', copy)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Gives a copy the installed packages of the original, and its own workspaces. */
export function linkModules(root: string, copy: string): void {
  const [from, to] = [join(root, 'node_modules'), join(copy, 'node_modules')]
  mkdirSync(join(to, WORKSPACES), { recursive: true })
  for (const name of readdirSync(from))
    if (name !== WORKSPACES && name !== '.cache' && name !== '.vite')
      symlinkSync(join(from, name), join(to, name))
  for (const name of readdirSync(join(from, WORKSPACES)))
    symlinkSync(readlinkSync(join(from, WORKSPACES, name)), join(to, WORKSPACES, name))
}
