// The CPU time that a process and its children have used, from /proc (Linux only).
import { readFileSync, readdirSync } from 'node:fs'

/** The unit of /proc; always 100 for programs on current Linux architectures. */
const TICKS_PER_SECOND = 100

/** @returns seconds, or undefined without /proc */
export function readCpuSeconds(pid: number): number | undefined {
  try {
    const ticks = [pid, ...findDescendants(pid)].map(readTicks)
    return ticks.reduce((sum, it) => sum + it, 0) / TICKS_PER_SECOND
  } catch {
    return undefined
  }
}

function readTicks(pid: number): number {
  const [, , , , , , , , , , , user, system] = fieldsAfterName(pid)
  return Number(user) + Number(system)
}

function findDescendants(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((it) => parentOf(it) === pid)
  return [...children, ...children.flatMap(findDescendants)]
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(fieldsAfterName(pid)[1])
  } catch {
    // The process ended between listing and reading.
    return undefined
  }
}

/** The fields of /proc/PID/stat from the third on: the second, a name in brackets, can contain spaces. */
function fieldsAfterName(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}
