// How long a command waits for a server. Without `--timeout` as long as it takes: verifying long logs takes its time.
import { InvalidArgumentError, Option } from 'commander'

const MAX_SECONDS = 86_400

export function timeoutOption(): Option {
  return new Option('--timeout <seconds>', 'how long to wait for each response')
    .argParser(parseSeconds)
    .env('CROSSWALK_TIMEOUT')
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!/^\d{1,5}(?:\.\d{1,3})?$/.test(text) || seconds === 0 || seconds > MAX_SECONDS)
    throw new InvalidArgumentError(`a number of seconds, at most ${MAX_SECONDS}.`)
  return seconds
}

/** @returns a `fetch` that waits so long for the whole of an answer */
export function fetchWithin(seconds: number | undefined): typeof fetch {
  if (seconds === undefined) return fetch
  return (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(seconds * 1000) })
}

/** @returns a `fetch` that waits so long for an answer to begin, which then may take its time */
export function fetchBegunWithin(seconds: number | undefined): typeof fetch {
  if (seconds === undefined) return fetch
  return async (input, init) => {
    const controller = new AbortController()
    const timer = setTimeout(
      () => controller.abort(new DOMException('no answer in time', 'TimeoutError')),
      seconds * 1000,
    )
    try {
      return await fetch(input, { ...init, signal: controller.signal })
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Whether the time for an answer ran out: ours, or that of the connection itself. */
export function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.name === 'TimeoutError') return true
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^(?:UND_ERR_(?:HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT)$/.test(code)
}
