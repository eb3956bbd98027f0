// Inputs of a simulated request that may be left open, and how many cases of them are told at once.

/** Named as in the question; `volume`: grants in the hour before. */
export const OPEN_INPUTS = ['authTime', 'acr', 'ip', 'dpop', 'volume'] as const
export type OpenInput = (typeof OPEN_INPUTS)[number]

/** More at once would make an answer too long to read. */
export const MAX_OPEN_INPUTS = 3
export const MAX_BRANCHES = 16
