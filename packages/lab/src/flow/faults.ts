// Every deliberate fault, in the order of the legs.
import { ASSISTED_FAULTS } from './assisted-faults.ts'
import { EXCHANGE_FAULTS } from './exchange-faults.ts'
import type { FaultRequirements } from './fault-requirements.ts'
import type { Fault } from './fault.ts'
import { CALL_FAULTS, REDEMPTION_FAULTS } from './later-faults.ts'

/** Faults that need only the flow, so that they can be sent anywhere. */
export const FAULTS: readonly Fault[] = [
  ...EXCHANGE_FAULTS.map((fault) => ({ leg: 'exchange' as const, ...fault })),
  ...REDEMPTION_FAULTS.map((fault) => ({ leg: 'redemption' as const, ...fault })),
  ...CALL_FAULTS.map((fault) => ({ leg: 'call' as const, ...fault })),
]

/** Including those that need more, such as an administrator. */
export const ALL_FAULTS: readonly Fault[] = [...FAULTS, ...ASSISTED_FAULTS]

/** @returns the faults that can be sent with these means */
export function listFaults(means: FaultRequirements = {}): readonly Fault[] {
  return ALL_FAULTS.filter(({ needs }) => needs === undefined || means[needs] !== undefined)
}

export function findFault(id: string): Fault | undefined {
  return ALL_FAULTS.find((fault) => fault.id === id)
}
