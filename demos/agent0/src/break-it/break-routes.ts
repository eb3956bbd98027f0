// The address of the buttons that break the flow: plays one fault as the person who is signed in, and puts it into the
// conversation.
import { type Backstage, isFormToken, type Sessions } from '@crosswalk/demo-kit'
import type { Context, Hono } from 'hono'

import { findDecisions, logFault } from '../answering.ts'
import { type Chat, remember } from '../chat.ts'
import { breakFlow, type BreakReport } from './break-flow.ts'
import { FAULTS } from './faults.ts'
import type { FaultResources } from './fault.ts'
import type { Credentials, Hand } from './hand.ts'
import { createSubject } from './subject.ts'

export interface BreakRoutes {
  readonly sessions: Sessions<Chat>
  readonly hand: Hand
  readonly resources: FaultResources
  readonly otherClient?: Credentials
  readonly backstage?: Backstage
  showProblem(c: Context, text: string): Response | Promise<Response>
}

export function addBreakRoutes(app: Hono, routes: BreakRoutes): void {
  const { sessions, showProblem, hand, resources, otherClient, backstage } = routes
  app.post('/break', async (c) => {
    const chat = sessions.find(c)
    if (chat === undefined) return c.redirect('/', 303)
    const form = await c.req.parseBody()
    if (!isFormToken(form['csrf'], chat.formToken)) return showProblem(c, 'This form was not sent from here.')
    const fault = FAULTS.find(({ id }) => id === form['fault'])
    if (fault === undefined) return c.redirect('/', 303)
    const { person, vault } = chat.signedIn
    const report = await breakFlow(fault, {
      hand,
      resources,
      subject: createSubject(person.subject, vault),
      ...(otherClient === undefined ? {} : { otherClient }),
      ...(backstage === undefined ? {} : { backstage }),
    }).catch(logFault)
    if (report === undefined) return showProblem(c, 'A server did not answer as it should. Please try again.')
    await keep(chat, report, backstage)
    return c.redirect('/', 303)
  })
}

async function keep(chat: Chat, report: BreakReport, backstage: Backstage | undefined): Promise<void> {
  const legs = report.steps.flatMap(({ leg }) => (leg === undefined ? [] : [leg]))
  remember(chat, {
    sentence: report.fault.title,
    answer: { kind: report.verdict === 'accepted' ? 'refused' : 'said', text: describe(report) },
    legs,
    decisions: await findDecisions(legs, backstage),
    report,
  })
}

function describe({ fault, text, refusal }: BreakReport): string {
  const code = refusal?.code ?? refusal?.error
  return `${fault.changed} ${text}${code === undefined ? '' : ` (${code})`}`
}
