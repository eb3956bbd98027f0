// Waits for newly started servers.
import { setTimeout as wait } from 'node:timers/promises'

const WITHIN_MS = 120_000
const LOOK_MS = 250

/** Resolves once each URL responds with success. */
export async function untilAnswers(urls: readonly string[]): Promise<void> {
  const deadline = Date.now() + WITHIN_MS
  const ask = (url: string) =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await Promise.all(urls.map(ask))).every(Boolean)) {
    if (Date.now() > deadline) throw new Error(`no response from ${urls.join(', ')}`)
    await wait(LOOK_MS)
  }
}
