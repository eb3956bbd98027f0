// Diagnoses identity providers with given metadata.
import { diagnose } from '@crosswalk/lab'

/** @returns the findings about an issuer with these members in its metadata */
export async function diagnoseWith(more: Readonly<Record<string, unknown>>, issuer = 'https://idp.example') {
  const answer = { headers: {}, cookies: [], ms: 1, status: 200, text: '', json: { issuer, ...more } }
  const sender = {
    send: async (request: Parameters<Parameters<typeof diagnose>[0]['sender']['send']>[0]) => ({
      request,
      ...answer,
    }),
    close: async () => undefined,
  }
  const { findings } = await diagnose(
    { sender, nowMs: () => 0 },
    { idps: [issuer], servers: [], resources: [] },
  )
  return findings
}
