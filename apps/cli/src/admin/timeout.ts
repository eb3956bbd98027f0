// How requests are sent to the server, and how long a command waits for it. There is no limit without `--timeout`:
// verifying long logs is slow.
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
    throw new InvalidArgumentError(`Write a number of seconds, at most ${MAX_SECONDS}.`)
  return seconds
}

/** A redirect is reported: `fetch` would follow it without the token, and send a POST as a GET. */
const REPORT_REDIRECT: RequestInit = { redirect: 'manual' }

/** @returns a `fetch` that limits the time for the whole response */
export function fetchWithTimeout(seconds: number | undefined): typeof fetch {
  return (input, init) =>
    fetch(input, {
      ...init,
      ...REPORT_REDIRECT,
      ...(seconds === undefined ? {} : { signal: AbortSignal.timeout(seconds * 1000) }),
    })
}

/** @returns a `fetch` that limits the time until the response starts, but not its length */
export function fetchWithResponseTimeout(seconds: number | undefined): typeof fetch {
  if (seconds === undefined) return (input, init) => fetch(input, { ...init, ...REPORT_REDIRECT })
  return async (input, init) => {
    const controller = new AbortController()
    const timer = setTimeout(
      () => controller.abort(new DOMException('no response in time', 'TimeoutError')),
      seconds * 1000,
    )
    try {
      return await fetch(input, { ...init, ...REPORT_REDIRECT, signal: controller.signal })
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Whether the response timed out, by `--timeout` or on the connection itself. */
export function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.name === 'TimeoutError') return true
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^(?:UND_ERR_(?:HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT)$/.test(code)
}
