// Runs `crosswalk doctor` in this process, and reads its findings.
import type { Finding } from '@crosswalk/lab'

import { crosswalk } from './run-crosswalk.ts'

export interface Diagnosis {
  readonly exitCode: number
  readonly ok: boolean
  readonly findings: readonly Finding[]
}

export async function runDoctor(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Diagnosis> {
  const { exitCode, out, err } = await crosswalk(['doctor', ...args, '-o', 'json'], { env })
  if (out === '') throw new Error(err)
  return { exitCode, ...(JSON.parse(out) as Omit<Diagnosis, 'exitCode'>) }
}
