// Injects a fault of the lab as the signed-in user, and describes the result for the demo: which server refused it,
// and why.
import type { LegEvent } from '@crosswalk/client'
import type { Backstage, DecisionView } from '@crosswalk/demo-kit'
import {
  type Fault,
  type FaultRequirements,
  findParty,
  type Flow,
  type GuardedSender,
  type Leg,
  type Registration,
  type TriedFault,
  tryFault,
} from '@crosswalk/lab'
import { DECISION_CODES, dropUndefined, type XaaCode } from '@crosswalk/protocol'

import { type Button, describeFault, toSentence } from './buttons.ts'
import { FaultUnavailable, type Subject } from './subject.ts'
import { toLegEvent } from './to-leg-event.ts'

export interface BreakReport {
  readonly fault: {
    readonly id: string
    readonly title: string
    readonly changed: string
    readonly gain: string
  }
  readonly verdict: 'refused' | 'accepted' | 'inconclusive' | 'unavailable'
  /** The verdict in one sentence */
  readonly text: string
  readonly steps: readonly Step[]
  readonly refusal?: BreakRefusal
}

export interface Step {
  readonly what: string
  readonly leg?: LegEvent
}

export interface BreakRefusal {
  readonly by: string
  readonly error?: string
  readonly code?: string
  readonly decisionId?: string
  readonly text: string
  readonly remedies: readonly string[]
}

export interface BreakParts {
  readonly sender: GuardedSender
  /** The registrations of Agent0 at the IdP and at the vendor */
  readonly idp: Registration
  readonly vendor: Registration
  readonly subject: Subject
  readonly resources: FaultResources
  /** Another registration of the same developer at the vendor */
  readonly otherClient?: NonNullable<FaultRequirements['otherClient']>
  readonly backstage?: Backstage
}

export interface FaultResources {
  /** MCP server of Todo0 */
  readonly mcp: string
  /** Its REST API; absent for a gateway */
  readonly api?: string
  /** MCP server of Notes0 */
  readonly notes: string
}

const PLACES: Readonly<Record<Leg['leg'], string>> = {
  exchange: "acme's identity provider",
  redemption: "the todo vendor's authorization server",
  call: 'Todo0 itself',
}

export async function breakFlow(button: Button, parts: BreakParts): Promise<BreakReport> {
  const { id, title, fault } = button
  const shown = { id, title, changed: describeFault(fault), gain: fault.gain }
  try {
    const tried = await tryFault(await findFlow(button, parts), {
      fault,
      idToken: async () => (await parts.subject.fresh()).reveal(),
      findCode: async (decisionId) => (await parts.backstage?.findDecision(decisionId))?.code,
    })
    const last = tried.legs.at(-1)
    const decision =
      last?.decisionId === undefined ? undefined : await parts.backstage?.findDecision(last.decisionId)
    return {
      fault: shown,
      ...describeVerdict(tried, last),
      steps: listSteps(tried, fault),
      ...(last?.outcome === 'refused' ? { refusal: describeRefusal(last, decision) } : {}),
    }
  } catch (error) {
    if (!(error instanceof FaultUnavailable)) throw error
    return { fault: shown, verdict: 'unavailable', text: error.message, steps: [] }
  }
}

const DENIED_SCOPE = 'notes.write'

/** @throws FaultUnavailable if something the fault needs is missing, LabError if a server has no usable metadata */
async function findFlow({ fault, atNotes }: Button, parts: BreakParts): Promise<Flow> {
  const { sender, resources } = parts
  const means = gatherMeans(fault.needs, parts)
  const context = { sender, nowMs: () => Date.now() }
  const [idp, as] = await Promise.all([
    findParty(context, 'idp', parts.idp),
    findParty(context, 'as', parts.vendor),
  ])
  return {
    ...context,
    idp,
    as,
    means,
    resource: atNotes === true ? resources.notes : resources.mcp,
    scope: atNotes === true ? 'notes.read' : 'todos.read',
    call: fault.leg === 'call' ? resources.mcp : undefined,
  }
}

const UNAVAILABLE: Readonly<Record<keyof FaultRequirements, string>> = {
  otherClient: 'This demo has no other client.',
  otherApi: 'This demo has only one API.',
  deniedScope: 'The connection allows every scope.',
  expiredIdToken: 'No ID token has expired yet.',
  perform: 'This needs administrator access, which this demo does not have.',
}

function gatherMeans(
  needs: keyof FaultRequirements | undefined,
  { otherClient, resources, backstage, subject }: BreakParts,
): FaultRequirements {
  const means: FaultRequirements = {
    deniedScope: DENIED_SCOPE,
    ...(otherClient === undefined ? {} : { otherClient }),
    ...(resources.api === undefined ? {} : { otherApi: resources.api }),
    ...(needs === 'expiredIdToken' ? { expiredIdToken: subject.expired().reveal() } : {}),
    ...(backstage === undefined ? {} : { perform: (act) => backstage.perform(act, subject.userId) }),
  }
  if (needs !== undefined && means[needs] === undefined) throw new FaultUnavailable(UNAVAILABLE[needs])
  return means
}

function describeVerdict(
  { judgement: { verdict, because }, isSent }: TriedFault,
  last: Leg | undefined,
): Pick<BreakReport, 'verdict' | 'text'> {
  if (!isSent || last === undefined)
    return {
      verdict: 'inconclusive',
      text: 'The same request without the fault was also refused, so this proves nothing. Sign in as a user who may use Todo0.',
    }
  switch (verdict) {
    case 'refused-as-expected':
      return { verdict: 'refused', text: `Refused, as expected, by ${PLACES[last.leg]}.` }
    case 'taken':
      return { verdict: 'accepted', text: 'It was accepted. This must not happen: please report it.' }
    case 'inconclusive':
      return { verdict, text: `${toSentence(because)}.` }
  }
}

const SENT: Readonly<Record<Leg['leg'], string>> = {
  exchange: 'Agent0 requests an ID-JAG',
  redemption: 'Agent0 redeems it',
  call: 'Agent0 calls Todo0',
}

/** Every request in order, with the administrator actions between them. */
function listSteps(
  { control, legs, repaired, isSent }: TriedFault,
  { act, changes }: Fault,
): readonly Step[] {
  const toSteps = (sent: readonly Leg[]) => sent.map((leg) => ({ what: SENT[leg.leg], leg: toLegEvent(leg) }))
  if (!isSent) return toSteps(control.legs)
  const [before, after] =
    act === undefined
      ? [[], []]
      : [[{ what: toSentence(changes) }], [{ what: 'The administrator undoes it' }]]
  return [...toSteps(control.legs), ...before, ...toSteps(legs), ...after, ...toSteps(repaired.legs)]
}

function describeRefusal(
  { leg, refusal, decisionId }: Leg,
  decision: DecisionView | undefined,
): BreakRefusal {
  const { error, code: stated } = refusal ?? {}
  const code = decision === undefined ? stated : decision.code
  const known = code === undefined ? undefined : DECISION_CODES[code as XaaCode]
  return {
    by: PLACES[leg],
    text:
      decision?.text ?? (known === undefined ? 'The server gives no further details.' : `${known.meaning}.`),
    remedies: decision?.remedies ?? (known === undefined ? [] : [known.remedy]),
    ...dropUndefined({ error, code, decisionId }),
  }
}
