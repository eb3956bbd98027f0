// `expect(…).toBeXaa('XAA1503')` for vitest and jest. A refusal on the wire does not state its reason, but the decision
// record does, and the worlds of this process have it.
import { DECISION_CODES, type DecisionRecord, isObject } from '@crosswalk/protocol'

/** A source of the records behind decision ids. */
export interface RecordSource {
  findDecision(id: string): Promise<DecisionRecord | undefined>
}

const sources = new Set<RecordSource>()

/** @returns a function that removes it again */
export function addRecordSource(source: RecordSource): () => void {
  sources.add(source)
  return () => void sources.delete(source)
}

interface Outcome {
  readonly pass: boolean
  message(): string
}

export const matchers = { toBeXaa }

/**
 * Whether a value is the refusal (or grant) with this code: an `XaaError`, a response of a token endpoint, or a
 * decision record. Both the SDK's code and that of the decision record are accepted.
 */
async function toBeXaa(received: unknown, code: string): Promise<Outcome> {
  if (!Object.hasOwn(DECISION_CODES, code)) throw new TypeError(`${code} is not a decision code`)
  const seen = await readCodes(received)
  const pass = seen.includes(code)
  const shown = seen.length === 0 ? describe(received) : seen.join(' = ')
  return { pass, message: () => `expected ${pass ? 'anything but ' : ''}${code}, got ${shown}` }
}

/** The SDK's code first, then that of the decision record. */
async function readCodes(received: unknown): Promise<readonly string[]> {
  if (received instanceof Response) return readRecordCode(received.headers.get('crosswalk-decision'))
  if (!isObject(received)) return []
  const { code, decisionId } = received
  const own = typeof code === 'string' ? [code] : []
  return [...new Set([...own, ...(await readRecordCode(decisionId))])]
}

async function readRecordCode(id: unknown): Promise<readonly string[]> {
  if (typeof id !== 'string') return []
  for (const source of sources) {
    const record = await source.findDecision(id)
    if (record !== undefined) return [record.code]
  }
  return []
}

function describe(received: unknown): string {
  return received instanceof Error
    ? `${received.name}: ${received.message}`
    : `${String(received)}, which has no code`
}
