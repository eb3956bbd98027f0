// The second factors that a user has.
import type { Passkey, SecondFactors } from '../../ports.ts'

export interface EnrolledFactors {
  readonly totp: boolean
  readonly passkeys: readonly Passkey[]
}

export async function listFactors(secondFactors: SecondFactors, userId: string): Promise<EnrolledFactors> {
  const [totp, passkeys] = await Promise.all([
    secondFactors.findTotp(userId),
    secondFactors.listPasskeys(userId),
  ])
  return { totp: totp !== undefined, passkeys }
}

export function countFactors({ totp, passkeys }: EnrolledFactors): number {
  return passkeys.length + (totp ? 1 : 0)
}
