// Describes a request and what came back, for what a check saw.
import type { Exchange } from '../http/guarded-sender.ts'
import { describeDocument } from './document-problem.ts'

export function describeExchange(exchange: Exchange): string {
  const { request, status, problem } = exchange
  const seen = problem === undefined ? `${status}` : `${problem.reason} ${problem.detail ?? ''}`.trim()
  return [`${request.url} → ${seen}`, describeDocument(exchange)].filter((it) => it !== '').join(', ')
}
