// Describes a leg in sentences: by its decision record if available, otherwise by the response. Pure.
import { claim, type Flow, type Leg, type LegName, scopesOf, type StepResult } from '@crosswalk/lab'
import { DECISION_CODES, type DecisionCode, type DecisionRecord } from '@crosswalk/protocol'

export function describeLeg(
  leg: Leg,
  flow: Flow,
  decision: DecisionRecord | undefined,
): Pick<StepResult, 'outcome' | 'told' | 'decision'> {
  const narrowed = leg.leg === 'exchange' ? listCut(leg, flow) : []
  const sentences = [
    ...(decision === undefined ? [] : describeDecision(decision)),
    ...(leg.outcome === 'done' ? LEG_SENTENCES[leg.leg](leg, flow) : describeRefusal(leg, decision)),
    ...(narrowed.length === 0 || decision !== undefined ? [] : [`Not granted: ${narrowed.join(' ')}.`]),
  ]
  const isNarrowed = leg.outcome === 'done' && (narrowed.length > 0 || decision?.kind === 'narrowed')
  return { outcome: isNarrowed ? 'narrowed' : leg.outcome, told: sentences, decision }
}

function describeDecision({ summary, resolution, narrowed }: DecisionRecord): readonly string[] {
  const { connection, resource_app: resourceApp } = resolution
  return [
    summary.admin,
    ...(resourceApp === undefined
      ? []
      : [
          connection === undefined
            ? `The audience is ${resourceApp}; no connection leads there.`
            : `The audience is ${resourceApp}, and the connection that leads there is ${connection}.`,
        ]),
    ...narrowed.map(
      ({ scope, resource, by, code }) => `${scope ?? resource ?? ''} was removed by ${by} (${code}).`,
    ),
  ]
}

const LEG_SENTENCES: Readonly<Record<LegName, (leg: Leg, flow: Flow) => readonly string[]>> = {
  exchange: ({ token }, { as, idp }) => {
    const seconds = Number(claim(token, 'exp')) - Number(claim(token, 'iat'))
    return [
      `${idp.issuer} signed a grant${Number.isNaN(seconds) ? '' : ` of ${seconds} seconds`}, addressed to ${String(claim(token, 'aud') ?? 'an unreadable audience')}, for the client ${String(claim(token, 'client_id') ?? '(not named)')}.`,
      `That client is the app at ${as.issuer}: the same app has two client ids, one on each side.`,
    ]
  },
  redemption: ({ token }, { as }) => [
    `The app proved at ${as.issuer} that it is ${as.clientId}, and presented the grant.`,
    token === undefined
      ? 'The access token is opaque: only its issuer can read it.'
      : `The user is ${String(claim(token, 'sub'))} there, and the token is for ${JSON.stringify(claim(token, 'aud'))}.`,
    'There is no refresh token: to continue, the app asks the identity provider again.',
  ],
  call: ({ response }) => [
    `The API responded with ${response.status}. It trusted only its own authorization server.`,
  ],
}

/** `400 invalid_grant` */
export function describeAnswer(leg: Leg | undefined): string {
  return [leg?.response.status ?? 'no response', leg?.refusal?.error ?? ''].join(' ').trim()
}

function describeRefusal(leg: Leg, decision: DecisionRecord | undefined): readonly string[] {
  const { refusal } = leg
  const sentences = [`The response was ${describeAnswer(leg)}.`]
  if (refusal === undefined || decision !== undefined) return sentences
  const known = (DECISION_CODES as Readonly<Record<string, DecisionCode>>)[refusal.code]
  return [
    ...sentences,
    `The response alone suggests ${refusal.code} (${refusal.confidence})${known === undefined ? '' : `: ${known.meaning}`}`,
    ...[refusal.hint ?? known?.remedy].filter((it) => it !== undefined),
  ]
}

function listCut({ token, response }: Leg, { scope }: Flow): readonly string[] {
  const body = typeof response.body === 'string' ? {} : response.body
  const granted = body.scope ?? claim(token, 'scope')
  return granted === undefined ? [] : scopesOf(scope).filter((it) => !scopesOf(granted).includes(it))
}
