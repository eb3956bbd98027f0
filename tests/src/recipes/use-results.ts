// Uses what the recipes added, by HTTP, command line or browser, and prints what happened. Runs in the copy.
import { useCheck } from './uses/check.ts'
import { useCollection } from './uses/collection.ts'
import { useDoctorCheck } from './uses/doctor-check.ts'
import { useGrant } from './uses/grant.ts'
import { usePage } from './uses/page.ts'
import { useRoute } from './uses/route.ts'
import { useVendorPreset } from './uses/vendor-preset.ts'

const USES: Readonly<Record<string, () => Promise<unknown>>> = {
  collection: useCollection,
  grant: useGrant,
  check: useCheck,
  route: useRoute,
  doctorCheck: useDoctorCheck,
  vendorPreset: useVendorPreset,
  ...(process.argv.includes('--browser') ? { page: usePage } : {}),
}

const results: Record<string, unknown> = {}
for (const [name, use] of Object.entries(USES))
  results[name] = await use().catch((error: unknown) => `${(error as Error).stack}`)
// The browser would keep this process running.
process.stdout.write(JSON.stringify(results), () => process.exit())
