// The endpoint of the break buttons: injects one fault as the signed-in user, and adds the report to the conversation.
import { type Backstage, isFormToken, type Sessions } from '@crosswalk/demo-kit'
import { createGuardedSender } from '@crosswalk/lab'
import type { Context, Hono } from 'hono'

import { findDecisions, logFault } from './answering.ts'
import { type Chat, remember } from './chat.ts'
import { breakFlow, type BreakParts, type BreakReport } from './break-it/break-flow.ts'
import { BUTTONS } from './break-it/buttons.ts'
import { createSubject } from './break-it/subject.ts'

export interface BreakRoutes extends Omit<BreakParts, 'sender' | 'subject'> {
  readonly sessions: Sessions<Chat>
  showProblem(c: Context, text: string): Response | Promise<Response>
}

export function addBreakRoutes(app: Hono, routes: BreakRoutes): void {
  const { sessions, showProblem, ...parts } = routes
  app.post('/break', async (c) => {
    const chat = sessions.find(c)
    if (chat === undefined) return c.redirect('/', 303)
    const form = await c.req.parseBody()
    if (!isFormToken(form['csrf'], chat.formToken))
      return showProblem(c, 'This form was not sent from this site.')
    const button = BUTTONS.find(({ id }) => id === form['fault'])
    if (button === undefined) return c.redirect('/', 303)
    const { user, vault } = chat.signedIn
    const sender = createGuardedSender({ nowMs: () => Date.now() }, { userAgent: 'agent0' })
    let report: BreakReport | undefined
    try {
      report = await breakFlow(button, { ...parts, sender, subject: createSubject(user.subject, vault) })
    } catch (error) {
      logFault(error)
    } finally {
      await sender.close()
    }
    if (report === undefined) return showProblem(c, 'A server did not respond correctly. Please try again.')
    await keep(chat, report, parts.backstage)
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
