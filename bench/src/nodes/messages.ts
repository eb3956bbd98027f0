// The messages between the benchmark, its proxy and its nodes.
import { fork } from 'node:child_process'
import { once } from 'node:events'

export interface RunNode {
  readonly milliseconds: number
  readonly inFlight: number
}

export interface NodeResult {
  readonly entries: number
  readonly batches: number
}

export interface Child {
  ask<Answer>(question: object): Promise<Answer>
}

/** Starts a module that sends a message once it is ready, and one per message it receives. Stops with the stack. */
export async function startChild<Ready>(
  stack: AsyncDisposableStack,
  file: URL,
  args: readonly string[],
): Promise<{ readonly child: Child; readonly ready: Ready }> {
  const child = fork(file, args)
  const ended = once(child, 'exit')
  const died = ended.then(([code]) => {
    throw new Error(`a process of the benchmark exited with ${code}`)
  })
  died.catch(() => undefined)
  stack.defer(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const listen = async <Message>() =>
    (
      await Promise.race([once(child, 'message', { signal: AbortSignal.timeout(60_000) }), died])
    )[0] as Message
  return {
    ready: await listen(),
    child: {
      ask(question) {
        const answer = listen<never>()
        child.send(question)
        return answer
      },
    },
  }
}
