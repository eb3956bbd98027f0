// Runs a flow leg by leg, each checked before the next one starts. A fault changes one request and ends the flow with
// its response.
import { normalizeError, findTokenChallenge } from '@crosswalk/client'
import { dropUndefined, DECISION_HEADER } from '@crosswalk/protocol'

import { type DoctorCheck, runChecks } from '../doctor/finding.ts'
import { describeExchange } from '../doctor/describe-exchange.ts'
import type { Exchange } from '../http/guarded-sender.ts'
import { decodeToken } from '../token/decode-token.ts'
import { verifySignature } from '../token/verify-signature.ts'
import { CALL_CHECKS, REDEMPTION_CHECKS } from './access-checks.ts'
import { buildCall, buildTokenRequest, draftExchange, draftRedemption } from './drafts.ts'
import type { Fault } from './fault.ts'
import type { Flow, Party } from './flow-parties.ts'
import type { FlowRun, Leg, LegName, Received, Refusal } from './flow-run.ts'
import { EXCHANGE_CHECKS, type LegEvidence } from './leg-checks.ts'
import { redactRequest, redactResponse } from './redact.ts'

export async function runLegs(flow: Flow, idToken: string, fault?: Fault): Promise<FlowRun> {
  const exchanged = await runExchange(flow, { idToken }, fault)
  const { idJag } = exchanged.received
  if (idJag === undefined || fault?.leg === 'exchange') return exchanged
  const redeemed = await runRedemption(flow, exchanged, fault)
  if (redeemed.received.accessToken === undefined || fault?.leg === 'redemption') return redeemed
  if (flow.call === undefined) return redeemed
  return runCall(flow, redeemed, fault)
}

export async function runExchange(flow: Flow, received: Received, fault?: Fault): Promise<FlowRun> {
  const draft = draftExchange(flow, received.idToken)
  const sent = fault?.leg === 'exchange' ? await fault.change(draft, { flow, received }) : draft
  const answer = await flow.sender.send(await buildTokenRequest(sent, flow.nowMs()))
  const idJag = readToken(answer)
  const token = decodeToken(idJag ?? '')
  const signed = idJag !== undefined && (await isSignedBy(flow.idp, idJag))
  const leg = judgeLeg({ leg: 'exchange', checks: EXCHANGE_CHECKS }, { ...base(flow, answer), token, signed })
  return { legs: [leg], received: { ...received, ...(idJag === undefined ? {} : { idJag }) } }
}

export async function runRedemption(flow: Flow, before: FlowRun, fault?: Fault): Promise<FlowRun> {
  const { idJag = '' } = before.received
  const draft = draftRedemption(flow, idJag)
  const sent =
    fault?.leg === 'redemption' ? await fault.change(draft, { flow, received: before.received }) : draft
  const answer = await flow.sender.send(await buildTokenRequest(sent, flow.nowMs()))
  const accessToken = readToken(answer)
  const evidence = { ...base(flow, answer), token: decodeToken(accessToken ?? ''), idJag: decodeToken(idJag) }
  const leg = judgeLeg({ leg: 'redemption', checks: REDEMPTION_CHECKS }, evidence)
  const received = { ...before.received, ...(accessToken === undefined ? {} : { accessToken }) }
  return { legs: [...before.legs, leg], received }
}

export async function runCall(flow: Flow, before: FlowRun, fault?: Fault): Promise<FlowRun> {
  const { received } = before
  const draft = { url: flow.call ?? '', token: received.accessToken }
  const sent = fault?.leg === 'call' ? await fault.change(draft, { flow, received }) : draft
  const answer = await flow.sender.send(buildCall(sent))
  const leg = judgeLeg({ leg: 'call', checks: CALL_CHECKS }, { ...base(flow, answer), token: undefined })
  return { legs: [...before.legs, leg], received }
}

function base(flow: Flow, answer: Exchange): Pick<LegEvidence, 'flow' | 'answer' | 'nowSeconds'> {
  return { flow, answer, nowSeconds: flow.nowMs() / 1000 }
}

function judgeLeg(
  { leg, checks }: { readonly leg: LegName; readonly checks: readonly DoctorCheck<LegEvidence>[] },
  evidence: LegEvidence,
): Leg {
  const { answer, token, flow } = evidence
  const isDone = leg === 'call' ? isTaken(answer) : readToken(answer) !== undefined
  const subject = answer.request.url
  const decisionId = answer.headers[DECISION_HEADER.toLowerCase()]
  return {
    leg,
    outcome: isDone ? 'done' : 'refused',
    request: redactRequest(answer.request),
    response: redactResponse(answer),
    ms: answer.ms,
    ...dropUndefined({ decisionId, token }),
    checks: isDone ? runChecks(checks, evidence, { subject }) : [],
    ...(isDone ? {} : { refusal: readRefusal(leg, answer, flow) }),
  }
}

/** An API accepts a token if it complains about anything but the token. */
function isTaken({ status }: Exchange): boolean {
  return status !== undefined && status !== 401 && status !== 403 && status < 500
}

function readToken({ status, json }: Exchange): string | undefined {
  const token = json?.access_token
  return status === 200 && typeof token === 'string' ? token : undefined
}

function readRefusal(leg: LegName, answer: Exchange, { idp, as }: Flow): Refusal {
  const { status, json, headers } = answer
  if (status === undefined)
    return {
      status,
      error: undefined,
      code: 'XAA5007',
      confidence: 'certain',
      hint: describeExchange(answer),
    }
  const challenge = findTokenChallenge(headers['www-authenticate'] ?? null)?.params.error
  const error = typeof json?.error === 'string' ? json.error : challenge
  const normalized = normalizeError({
    leg: leg === 'call' ? 'resource' : leg,
    status,
    body: json ?? (challenge === undefined ? undefined : { error: challenge }),
    issuer: (leg === 'exchange' ? idp : as).issuer,
  })
  const { code, confidence, hint } = normalized
  return { status, error, code, confidence, ...(hint === undefined ? {} : { hint }) }
}

async function isSignedBy({ evidence }: Party, token: string): Promise<boolean> {
  return (await verifySignature(token, evidence.keys?.json))?.valid === true
}
