// Two processes on one database against one, on the same load: what a request costs each server in processor time. On
// PostgreSQL two workers are to the database what two nodes are.
import type { Bench, BenchOptions } from '../bench.ts'
import { compare, type Comparison, ratioOf } from '../harness/compare.ts'
import { spreadOf } from '../harness/statistics.ts'
import { makePostgres } from '../lists/databases.ts'
import { startRedeeming } from './redemption.ts'

export const workers: Bench = {
  name: 'workers',
  what: 'CPU of a redemption with two worker processes, over that with one',
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
  const one = await startRedeeming(stack, { workers: 1, database: first })
  const two = await startRedeeming(stack, { workers: 2, database: second })
  const comparison = await compare(one, two, options)
  const ratio = ratioOf(comparison, 'perCpuSecond')
  if (ratio === undefined) return ['  processor time cannot be read on this system']
  const [median, lowest, highest] = [ratio.median, ratio.highest, ratio.lowest].map((it) =>
    (1 / it).toFixed(2),
  )
  return [
    `  ${name.padEnd(22)}  ${median} (${lowest}–${highest})`,
    `    1 worker              ${describe(comparison.floor)}`,
    `    2 workers             ${describe(comparison.subject)}`,
  ]
}

function describe(rates: Comparison['floor']): string {
  const medianOf = (member: 'perSecond' | 'perCpuSecond') =>
    Math.round(spreadOf(rates.map((rate) => rate[member] ?? NaN)).median).toLocaleString('en')
  return `${medianOf('perCpuSecond')} requests per CPU second, ${medianOf('perSecond')} per second`
}
