// How many faults may still be sent to other machines: a daily limit for each, however often a button is pressed.
const MAX_A_DAY = 200
const DAY_MS = 86_400_000

export interface FaultAllowance {
  /** Counts one fault for each host. @returns the host that had all of its own; undefined where it may be sent */
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
