// `npm run bench [-- NAME …]`: runs the named benchmarks, or all fast ones. Prints ratios; absolute figures depend on
// the machine.
import { parseArgs } from 'node:util'

import { BENCHES } from './benches.ts'
import { pinGenerator } from './harness/pinning.ts'

const names = BENCHES.map((it) => it.name)
const USAGE = `usage: npm run bench -- [${names.join(' | ')}] … [--rounds N] [--requests N] [--decisions N]`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    requests: { type: 'string', default: '10000' },
    decisions: { type: 'string', default: '1000000' },
    help: { type: 'boolean' },
  },
})
const options = {
  rounds: Number(values.rounds),
  requests: Number(values.requests),
  decisions: Number(values.decisions),
}
const valid = Object.values(options).every((it) => Number.isInteger(it) && it > 0)

if (values.help === true) console.log(USAGE)
else if (!valid || positionals.some((name) => !names.includes(name))) {
  console.error(USAGE)
  process.exitCode = 2
} else {
  console.log(`Node.js ${process.version}, ${pinGenerator()}`)
  for (const { name, run, onlyNamed = false } of BENCHES) {
    if (positionals.length > 0 ? !positionals.includes(name) : onlyNamed) continue
    const report = await run(options).catch((fault: unknown) => {
      process.exitCode = 1
      return `${name}: failed\n${fault instanceof Error ? fault.message : String(fault)}`
    })
    console.log(`\n${report}`)
  }
}
