// Lists the files in the root of a container, to detect changes by a process.
import { readdirSync, lstatSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Paths that the isolation itself mounts or creates. */
const NOT_OURS =
  /^(proc|sys|dev|run|etc\/(hosts|hostname|resolv\.conf)|var\/lib\/crosswalk|etc\/crosswalk)(\/|$)/

/** @returns path, size and modification time of each file */
export function listFiles(root: string): readonly string[] {
  return walk(root, root).map(({ path, size, time }) => `${path} ${size} ${time}`)
}

export function measure(root: string): number {
  return walk(root, root).reduce((sum, { size }) => sum + size, 0)
}

interface Found {
  readonly path: string
  readonly size: number
  readonly time: number
}

function walk(root: string, folder: string): readonly Found[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name)
    const path = relative(root, full)
    if (NOT_OURS.test(path)) return []
    if (entry.isDirectory()) return walk(root, full)
    const { size, mtimeMs } = lstatSync(full)
    return [{ path, size, time: mtimeMs }]
  })
}
