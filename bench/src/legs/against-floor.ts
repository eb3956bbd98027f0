// A benchmark that compares one server with the floor.
import type { Bench } from '../bench.ts'
import { startFloor } from '../floor/start-floor.ts'
import { compare, type Subject } from '../harness/compare.ts'
import { renderComparison } from '../harness/report.ts'

/** @param start - starts the subject; resources on `stack` are released afterwards */
export function againstFloor(
  name: string,
  what: string,
  start: (stack: AsyncDisposableStack) => Promise<Subject>,
): Bench {
  const run: Bench['run'] = async (options) => {
    await using stack = new AsyncDisposableStack()
    const floor = await startFloor(stack)
    const subject = await start(stack)
    return renderComparison(name, what, await compare(floor, subject, options))
  }
  return { name, what, run }
}
