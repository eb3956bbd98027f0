// The buttons that break the flow: faults of the lab, each with a title and the app that shows it.
import { type Fault, findFault } from '@crosswalk/lab'

export interface Button {
  readonly id: string
  readonly title: string
  readonly fault: Fault
  /** Shown with Notes0 instead of Todo0 */
  readonly atNotes?: true
}

export const BUTTONS: readonly Button[] = [
  { id: 'replay', title: 'Replay the grant', fault: find('replay') },
  { id: 'audience', title: 'Wrong audience', fault: find('audience-slash') },
  { id: 'edited', title: 'Edited grant', fault: find('claims-edited') },
  { id: 'client', title: 'Wrong client', fault: find('other-client') },
  { id: 'scope', title: 'Too much scope', fault: find('scope-denied'), atNotes: true },
  { id: 'id-token', title: 'ID token as grant', fault: find('id-token-as-grant') },
  { id: 'sibling', title: 'Token at the wrong API', fault: find('other-api') },
  { id: 'expired', title: 'Expired ID token', fault: find('id-token-expired') },
  { id: 'step-up', title: 'Require a step-up', fault: find('step-up') },
  { id: 'stopped', title: 'Stop the agent', fault: find('app-blocked') },
  { id: 'removed', title: 'Remove the user', fault: find('user-blocked') },
]

function find(id: string): Fault {
  const fault = findFault(id)
  if (fault === undefined) throw new Error(`the lab has no fault ${id}`)
  return fault
}

export function describeFault({ changes }: Fault): string {
  return `${toSentence(changes)}.`
}

export function toSentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}
