// Timestamps in requests.
import { zTimestamp } from '@crosswalk/protocol'
import { z } from 'zod'

export const periodQuery = {
  since: zTimestamp.optional().describe('Start of the period, inclusive. RFC 3339.'),
  until: zTimestamp.optional().describe('End of the period, exclusive. RFC 3339.'),
}

export const zRfc3339OrSeconds = z
  .union([zTimestamp, z.number().min(0)])
  .describe('RFC 3339, or seconds since 1970.')

export function toEpochMs(moment: string | number): number {
  return typeof moment === 'number' ? moment * 1000 : Date.parse(moment)
}
