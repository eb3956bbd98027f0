// The folder for the temporary files of a test run, in memory if possible: on a disk, a worker waits for each of the many thousand times that a database
// under test syncs its file.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Memory {
  /** A file system in memory */
  readonly place: string
  readonly neededBytes: number
}

/** Linux has such a place. The packages that tests install need most of this. */
const USUAL: Memory = { place: '/dev/shm', neededBytes: 4 * 2 ** 30 }

/**
 * In memory, unless memory is short or no programs can run there.
 *
 * @returns its path; it is deleted when this process exits, with what tests left there that were killed
 */
export function makeTemporaryFolder({ place, neededBytes }: Memory = USUAL): string {
  if (measureFree(place) >= neededBytes) {
    const folder = makeFolder(place)
    if (canRunPrograms(folder)) return folder
  }
  return makeFolder(tmpdir())
}

function makeFolder(place: string): string {
  const folder = mkdtempSync(join(place, 'crosswalk-tests-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  // PostgreSQL runs as another user.
  chmodSync(folder, 0o755)
  return folder
}

/** Leaves half of the memory to programs. */
function measureFree(place: string): number {
  try {
    const { bavail, bsize } = statfsSync(place)
    return Math.min(bavail * bsize, freemem() / 2)
  } catch {
    return 0
  }
}

/** Docker mounts `/dev/shm` with `noexec`. */
function canRunPrograms(folder: string): boolean {
  const program = join(folder, 'program')
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 })
  return spawnSync(program).status === 0
}
