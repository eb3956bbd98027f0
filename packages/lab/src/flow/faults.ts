// Every deliberate fault, in the order of the legs.
import { EXCHANGE_FAULTS } from './exchange-faults.ts'
import type { Fault } from './fault.ts'
import { LATER_FAULTS } from './later-faults.ts'

export const FAULTS: readonly Fault[] = [...EXCHANGE_FAULTS, ...LATER_FAULTS]

export function findFault(id: string): Fault | undefined {
  return FAULTS.find((fault) => fault.id === id)
}
