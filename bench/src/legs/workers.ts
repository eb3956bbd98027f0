// One process against two on one database, under the same load: CPU time per request. On PostgreSQL, two workers are
// equivalent to two nodes.
import type { Bench, BenchOptions } from '../bench.ts'
import { startFloor } from '../floor/start-floor.ts'
import { measureInTurns, ratioOf } from '../harness/compare.ts'
import { renderRates, renderSpread } from '../harness/report.ts'
import { makePostgres } from '../lists/databases.ts'
import { startRedeeming } from './redemption.ts'

export const workers: Bench = {
  name: 'workers',
  what: 'CPU time of a redemption with two worker processes, relative to one',
  onlyNamed: true,
  async run(options) {
    await using stack = new AsyncDisposableStack()
    const lines = [`workers: ${workers.what}`, ...(await measure('SQLite', [], options))]
    const postgres = [await makePostgres(stack), await makePostgres(stack)]
    const urls = postgres.flatMap((database) => database?.url ?? [])
    if (urls.length < 2) return [...lines, '  PostgreSQL is not installed'].join('\n')
    return [...lines, ...(await measure('PostgreSQL', urls, options))].join('\n')
  },
}

async function measure(
  name: string,
  [first, second]: readonly string[],
  options: BenchOptions,
): Promise<readonly string[]> {
  await using stack = new AsyncDisposableStack()
  const subjects = [
    await startFloor(stack),
    await startRedeeming(stack, { workers: 1, database: first }),
    await startRedeeming(stack, { workers: 2, database: second }),
  ]
  const [floor = [], one = [], two = []] = await measureInTurns(subjects, options)
  const cpu = ratioOf({ floor: two, subject: one }, 'perCpuSecond')
  const tail = ratioOf({ floor, subject: two }, 'p99Ms')
  if (cpu === undefined || tail === undefined) return ['  CPU time cannot be read on this system']
  return [
    `  ${name.padEnd(22)}  ${renderSpread(cpu)}`,
    `    1 worker              ${renderRates(one)}`,
    `    2 workers             ${renderRates(two)}`,
    `    p99, over the floor's ${renderSpread(tail)}`,
  ]
}
