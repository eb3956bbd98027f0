// Inputs that a simulated request may leave open, and how many cases of them are reported together.

/** Named as in the request; `volume`: grants in the preceding hour. */
export const OPEN_INPUTS = ['authTime', 'acr', 'ip', 'dpop', 'volume'] as const
export type OpenInput = (typeof OPEN_INPUTS)[number]

/** More would make the result too long to read. */
export const MAX_OPEN_INPUTS = 3
export const MAX_BRANCHES = 16
