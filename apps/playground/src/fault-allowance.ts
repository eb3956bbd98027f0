// Limits the faults sent to each remote host per day.
import { DAY_MS } from '@crosswalk/protocol'

const MAX_A_DAY = 200

export interface FaultAllowance {
  /** Counts one fault per host. @returns the first host that reached its limit; undefined if the fault may be sent */
  take(hosts: readonly string[], nowMs: number): string | undefined
}

export function createFaultAllowance(most = MAX_A_DAY): FaultAllowance {
  const sentMs = new Map<string, number[]>()
  return {
    take(hosts, nowMs) {
      const recent = hosts.map((host) => ({
        host,
        times: (sentMs.get(host) ?? []).filter((ms) => ms > nowMs - DAY_MS),
      }))
      const full = recent.find(({ times }) => times.length >= most)
      if (full !== undefined) return full.host
      for (const { host, times } of recent) sentMs.set(host, [...times, nowMs])
      return undefined
    },
  }
}
