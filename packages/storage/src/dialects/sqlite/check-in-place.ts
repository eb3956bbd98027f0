// Notices that files of the database were removed or replaced while this process has them open. SQLite would continue
// to write to the removed files, so the next start would know neither the events nor the used grants.
import { statSync } from 'node:fs'

import { StorageFault } from '@crosswalk/as-core'

/** The database, its write-ahead log, and the memory that processes share. */
const SUFFIXES = ['', '-wal', '-shm'] as const

/**
 * @param path - of a database that is open, in WAL mode, and has been read
 * @returns throws `StorageFault` while the files at the path are not those that were there before
 */
export function createInPlaceCheck(path: string): () => void {
  const files = SUFFIXES.map((suffix) => path + suffix).map((file) => ({ file, inode: findInode(file) }))
  return () => {
    const lost = files.find(({ file, inode }) => findInode(file) !== inode)
    if (lost !== undefined)
      throw new StorageFault('unreachable', new Error(`${lost.file} was removed or replaced`))
  }
}

function findInode(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino
}
