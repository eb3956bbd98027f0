// The sealed content of the consent form: the request and user it belongs to, so that a submission only applies to the
// page that was shown, in the account that saw it. This also prevents CSRF: other sites never see a form of this user.
import type { Clock, Form, Sealing } from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import type { EpochMs } from '@crosswalk/protocol'

const LABEL = 'authorization-form'
const TTL_MS = 600_000

interface SealedForm {
  readonly query: string
  readonly accountId: string
  readonly expiresAt: EpochMs
}

export interface SubmittedConsent extends SealedForm {
  readonly allowed: boolean
}

export interface FormParts {
  readonly sealing: Sealing
  readonly clock: Clock
  snapshot(): RedemptionSnapshot
}

export function sealForm(
  about: Pick<SealedForm, 'query' | 'accountId'>,
  { sealing, clock, snapshot }: FormParts,
): string {
  const form: SealedForm = { ...about, expiresAt: clock.nowMs() + TTL_MS }
  return sealing.seal(LABEL, snapshot().id, JSON.stringify(form))
}

/** @returns undefined for a form that is not ours, is too old, or contains neither decision */
export function openForm(form: Form, { sealing, clock, snapshot }: FormParts): SubmittedConsent | undefined {
  const decision = form.get('decision')
  if (decision !== 'allow' && decision !== 'deny') return undefined
  try {
    const opened = JSON.parse(sealing.open(LABEL, snapshot().id, form.get('request') ?? '')) as SealedForm
    return opened.expiresAt > clock.nowMs() ? { ...opened, allowed: decision === 'allow' } : undefined
  } catch {
    return undefined
  }
}
