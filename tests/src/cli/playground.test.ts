// `crosswalk playground` against Crosswalk and third-party servers: every step with all its views, faults with their verdicts, and which
// requests are accepted.
import { request } from 'node:http'

import { createAdaptorServer } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { crosswalk } from './run-crosswalk.ts'
import { createOddIdp } from '../sdk/support/odd-idp.ts'
import { AGENT, AGENT_AT_VENDOR, PASSWORD } from '../support/company.ts'
import { walk } from '../support/form-walker.ts'
import { findFreePort } from '../support/free-port.ts'
import { AT_FOREIGN, startPlayground, type TestPlayground } from '../support/playground.ts'

let playground: TestPlayground
let origin = ''

beforeAll(async () => {
  playground = await startPlayground()
  origin = playground.origin
})
afterAll(() => playground.stop())

interface Seen {
  readonly status: number
  readonly url: string
  readonly text: string
}

async function read(response: Response): Promise<Seen> {
  return { status: response.status, url: response.url, text: await response.text() }
}
const get = async (path: string) => read(await fetch(new URL(path, origin)))

async function post(
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Record<string, string> = { origin },
): Promise<Seen> {
  const key = { form_key: await readKey() }
  return read(
    await fetch(origin + path, { method: 'POST', body: new URLSearchParams({ ...key, ...fields }), headers }),
  )
}

async function open(text: string, name: string): Promise<Seen> {
  const form = new FormData()
  form.set('form_key', await readKey())
  form.set('trace', new File([text], name))
  return read(await fetch(`${origin}/traces`, { method: 'POST', body: form, headers: { origin } }))
}

/** `crosswalk trace view`. */
const view = (trace: string, ...options: readonly string[]) =>
  crosswalk(['trace', 'view', ...options], { stdin: trace })

/** The contents of the tabs, which must not depend on the source. */
function tellTab(page = ''): string {
  return page.slice(page.indexOf('<h2>')).replace(/<footer[\s\S]*/, '')
}

async function readKey(): Promise<string> {
  return /name="form_key" value="([^"]+)"/.exec((await get('/')).text)?.[1] ?? ''
}

async function readFaults(run: string) {
  const { faults } = JSON.parse((await get(`${new URL(run).pathname}/faults.json`)).text) as {
    readonly faults: readonly { readonly fault: string; readonly verdict: string; readonly because: string }[]
  }
  return faults
}

const TABS = ['happened', 'request', 'response', 'token', 'checks', 'curl', 'spec']
const STEPS = ['discover', 'sign-in', 'id-token', 'exchange', 'redemption', 'call', 'renew', 'recorded']

/** @returns every view of every step of a run */
async function readViews(run: string): Promise<Readonly<Record<string, string>>> {
  const paths = STEPS.flatMap((step) => TABS.map((tab) => `${step}/${tab}`))
  const views = await Promise.all(
    paths.map(async (path) => [path, (await get(`${run}/${path}`)).text] as const),
  )
  return Object.fromEntries(views)
}

describe('against Crosswalk', () => {
  it('runs every step, shows each view at its own URL, and never a token or secret', async () => {
    const { status, url, text } = await post('/runs', { setup: 'given', way: 'whole' })
    expect(status).toBe(200)
    expect(text).toContain('Every leg of the flow succeeded.')
    const views = await readViews(new URL(url).pathname)
    expect(views['discover/happened']).toContain('/.well-known/openid-configuration')
    expect(views['exchange/happened']).toContain('the connection that leads there is agent0-todo0')
    expect(views['exchange/request']).toMatch(
      /POST \/token HTTP\/1\.1[\s\S]*user-agent: crosswalk-playground/,
    )
    expect(views['exchange/curl']).toMatch(
      /-u &quot;\$CLIENT_ID:\$CLIENT_SECRET&quot;[\s\S]*subject_token=\$SUBJECT_TOKEN/,
    )
    expect(views['exchange/token']).toContain(`changed: ${AGENT.id}`)
    expect(views['exchange/checks']).toMatch(/✓ J04/)
    expect(views['redemption/token']).toContain('The API that may accept it.')
    expect(views['call/response']).toContain('HTTP/1.1 200')
    expect(views['renew/happened']).toMatch(/was refused the second time: 400 invalid_grant.*XAA2209/)
    expect(views['recorded/happened']).toMatch(/The chain of the log is intact/)
    expect(views['recorded/happened']).toMatch(/idjag\.issued/)
    expect(views['exchange/spec']).toContain('ID-JAG draft, section 4.3')
    const all = Object.values(views).join('\n')
    const signature = playground.idToken.split('.')[2] ?? ''
    for (const secret of [signature, AGENT.secret, AGENT_AT_VENDOR.secret]) expect(all).not.toContain(secret)
    expect(all).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
    expect(all).not.toContain('an admin token of more than 32 characters')
  })

  it('saves a run as a file without secrets, and opens it unchanged', async () => {
    const { url } = await post('/runs', { setup: 'given', way: 'whole' })
    const run = new URL(url).pathname
    const saved = await fetch(`${origin}${run}/trace`)
    expect(saved.headers.get('content-disposition')).toMatch(
      /^attachment; filename="run-\d+\.xaatrace\.json"$/,
    )
    const text = await saved.text()
    const signature = playground.idToken.split('.')[2] ?? ''
    for (const secret of [signature, AGENT.secret, AGENT_AT_VENDOR.secret, 'an admin token of', 'alice@'])
      expect(text).not.toContain(secret)
    expect(text).not.toMatch(/eyJ[\w-]+\./)

    const opened = await open(text, 'run.xaatrace.json')
    expect(opened.text).toMatch(
      /Every leg of the flow succeeded.*opened from a file|opened from a file.*Every leg of the flow succeeded/s,
    )
    const trace = new URL(opened.url).pathname
    const views = [await readViews(run), await readViews(trace)].map((all) =>
      ['exchange/happened', 'exchange/request', 'redemption/checks', 'renew/curl'].map((path) =>
        tellTab(all[path]),
      ),
    )
    expect(views[1]).toEqual(views[0])
    expect((await get(`${trace}/exchange/token`)).text).not.toContain('it has expired')
    expect((await get(`${trace}/cut`)).text).toContain('This file does not include this step.')
    expect((await get(trace)).text).not.toMatch(/Run again|Break it<|Save trace/)
    expect(await view(text)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^✓ Run \d+: .* completed\n/),
    })
    expect((await post(`${trace}/close`, {})).url).toBe(`${origin}/`)
    expect((await get(trace)).status).toBe(404)
  })

  it('saves and opens a fault with its verdict', async () => {
    const { url } = await post('/runs', { setup: 'given', fault: 'audience-slash' })
    const text = await (await fetch(`${url}/trace`)).text()
    expect((await open(text, 'fault.json')).text).toMatch(/Refused, as expected.*recorded as XAA1302/s)
    const taken = text.replace('"verdict": "refused-as-expected"', '"verdict": "taken"')
    expect(await view(text)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('recorded as XAA1302'),
    })
    expect(await view(taken)).toMatchObject({ exitCode: 3 })
    const json = await view(text, '-o', 'json')
    expect(JSON.parse(json.out)).toEqual(JSON.parse(text))
  })

  it.each([
    ['{}', 400, 'The file is not a trace: its schema is missing, not xaa.trace/v1.'],
    ['<html>', 400, 'The file is not JSON.'],
    ['', 400, 'No file was chosen.'],
    ['\u{1f600}'.repeat(2_200_000), 413, 'The file is too large: a trace has at most 8388608 bytes.'],
  ])('does not open a file of %.6s', async (text, status, sentence) => {
    expect(await open(text, 'a.json')).toMatchObject({ status, text: expect.stringContaining(sentence) })
  })

  it('goes step by step on request, and hides nothing outside the demo world', async () => {
    const { url } = await post('/runs', { setup: 'given', way: 'steps' })
    const run = new URL(url).pathname.replace(/\/discover$/, '')
    expect((await post(`${run}/steps`, { step: 'exchange' })).status).toBe(409)
    for (const step of ['sign-in', 'id-token', 'exchange'])
      expect((await post(`${run}/steps`, { step })).url).toBe(`${origin}${run}/${step}`)
    expect((await post(`${run}/steps`, { step: 'cut' })).status).toBe(409)
    expect((await get(`${run}/cut`)).text).toContain('Only in the demo world')
    expect((await get(`${run}/redemption`)).text).toContain('Run this step')
  })

  it('breaks the flow on purpose, and shows where and why it was denied', async () => {
    const { url, text } = await post('/runs', { setup: 'given', fault: 'audience-slash' })
    expect(text).toMatch(/Refused, as expected.*recorded as XAA1302/s)
    expect((await get(`${new URL(url).pathname}/redemption`)).text).toContain('Not reached.')
    expect((await get(`${new URL(url).pathname}/exchange/request`)).text).toContain('%2Fas%2Fvendor%2F')
  })

  it('says whether the user guessed the result of a fault, and keeps no score', async () => {
    const breakIt = async (expected: string) =>
      (await post('/runs', { setup: 'given', fault: 'audience-slash', expected })).text
    expect(await breakIt('exchange')).toContain('✓ You expected: refused at ID-JAG. That is what happened.')
    const wrong = await post('/runs', { setup: 'given', fault: 'audience-slash', expected: 'taken' })
    expect(wrong.text).toContain('✕ You expected: accepted. It was refused at ID-JAG.')
    expect(await breakIt('')).not.toContain('You expected')
    expect(await breakIt('nonsense')).not.toContain('You expected')
    const { origin: server, pathname } = new URL(wrong.url)
    expect((await get(pathname)).text).not.toContain('You expected')
    expect(await (await fetch(`${server}${pathname}/trace`)).text()).not.toContain('"ended"')
  })

  it('has every fault denied at the right server for the right reason, also as JSON', async () => {
    const faults = await readFaults((await post('/runs', { setup: 'given', fault: 'all' })).url)
    expect(faults.length).toBeGreaterThan(20)
    expect(faults.filter(({ verdict }) => verdict !== 'refused-as-expected')).toEqual([])
  })

  it('accepts only forms of its own pages, at its own host name', async () => {
    const run = { setup: 'given', way: 'whole' }
    expect((await post('/runs', { ...run, form_key: 'x' })).status).toBe(403)
    expect((await post('/runs', run, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await post('/runs', { ...run, fault: 'no-such-fault' })).status).toBe(403)
    expect((await get('/callback?state=x&code=y')).status).toBe(404)
    expect(await get('/nowhere')).toMatchObject({
      status: 404,
      text: expect.stringContaining('Page not found'),
    })
    const status = await new Promise((resolve, reject) => {
      request(origin, { headers: { host: 'evil.example' } }, (answer) => resolve(answer.statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(421)
    const policy = (await fetch(origin)).headers.get('content-security-policy')
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-\S+'; font-src 'self'; script-src 'sha256-\S+';/,
    )
  })
})

describe('against third-party servers', () => {
  const ours = () => ({ idp: playground.server.baseUrl, idp_client_id: AGENT.id, idp_secret: AGENT.secret })
  const theirs = () => ({
    as: playground.foreign.issuer,
    as_client_id: AT_FOREIGN.id,
    as_secret: AT_FOREIGN.secret,
    resource: playground.foreign.resource,
    scope: 'todos.read',
    no_call: 'yes',
  })

  it('signs in with a browser, uses a third-party authorization server, and breaks the flow', async () => {
    expect((await post('/bring', { ...ours(), idp: 'no url', as: '' })).text).toMatch(/aria-invalid="true"/)
    const discovered = await post('/bring', { ...ours(), ...theirs() })
    expect(discovered.url).toMatch(/\/runs\/\d+\/discover$/)
    expect(discovered.text).toContain(`${playground.foreign.issuer}/.well-known/`)
    const run = new URL(discovered.url).pathname.replace(/\/discover$/, '')

    expect((await post('/runs', { setup: 'own', fault: 'replay' })).text).toContain(
      'No user has signed in yet',
    )
    const waiting = await post(`${run}/steps`, { step: 'whole' })
    expect(waiting.url).toBe(`${origin}${run}/sign-in`)
    const link = /class="button" href="([^"]+authorize[^"]*)"|href="([^"]*code_challenge[^"]*)"/.exec(
      waiting.text,
    )
    const start = (link?.[1] ?? link?.[2] ?? '').replaceAll('&amp;', '&')
    const redirectUri = `${origin}/callback`
    expect((await get('/callback?state=of-nobody&code=x')).status).toBe(404)
    const { arrivedAt = '' } = await walk(start, { username: 'alice', password: PASSWORD, redirectUri })
    const ended = await get(arrivedAt)
    expect(ended.url).toBe(`${origin}${run}`)
    expect(ended.text).toContain('Every leg of the flow succeeded.')
    expect((await get(arrivedAt)).status).toBe(404)
    const views = await readViews(run)
    expect(views['sign-in/request']).toMatch(/code=\[\d+ characters, #[0-9a-f]{8}\]/)
    expect(views['renew/happened']).toContain('The same ID-JAG was accepted a second time')
    expect(views['recorded/happened']).toContain('may not read the logs')
    expect(Object.values(views).join('\n')).not.toMatch(/eyJ[\w-]+\.[\w-]+\.|secret elsewhere/)

    const broken = (await post('/runs', { setup: 'own', fault: 'all' })).url
    const faults = await readFaults(broken)
    const verdicts = Object.fromEntries(faults.map(({ fault, verdict }) => [fault, verdict]))
    // Without the decision record, a forged signature hides the reason; that server also accepts an ID-JAG until it expires.
    expect(verdicts).toMatchObject({
      'audience-slash': 'refused-as-expected',
      signature: 'refused-as-expected',
      replay: 'inconclusive',
      'wrong-typ': 'inconclusive',
      'scope-beyond': 'inconclusive',
      'no-token': 'inconclusive',
    })
    expect(Object.values(verdicts)).not.toContain('taken')
    const inconclusive = faults.filter(({ verdict }) => verdict === 'inconclusive').length
    const junit = (await get(`${new URL(broken).pathname}/faults.xml`)).text
    expect(junit.match(/<skipped /g)).toHaveLength(inconclusive)

    await post('/bring/forget', {})
    expect((await get(run)).status).toBe(404)
    expect((await get('/bring')).text).not.toContain(playground.foreign.issuer)
  })

  it('sends nothing to an identity provider without metadata, unless its endpoint is given', async () => {
    const port = await findFreePort()
    const odd = await createOddIdp({
      clientId: AGENT_AT_VENDOR.id,
      nowMs: () => Date.now(),
      origin: `http://127.0.0.1:${port}`,
    })
    const server = createAdaptorServer({ fetch: odd.fetch })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const parties = { ...theirs(), idp: odd.issuer, idp_client_id: 'agent0', idp_secret: 'at the odd one' }
    const blind = await post('/bring', parties)
    expect(blind.text).toMatch(/has no metadata.*No credential was sent/s)
    expect(blind.text).toMatch(/M01.*None of \d+ URLs has metadata/s)
    expect((await get(`${new URL(blind.url).pathname}/checks`)).text).toMatch(/✕ M01/)
    expect(odd.forms).toEqual([])

    const named = await post('/bring', { ...parties, idp_token_endpoint: odd.tokenEndpoint })
    const run = new URL(named.url).pathname.replace(/\/discover$/, '')
    expect((await get(`${run}/sign-in`)).text).toContain('publishes no authorization endpoint')
    await post(`${run}/id-token`, { id_token: playground.idToken })
    await post(`${run}/steps`, { step: 'whole' })
    expect(odd.forms.map((form) => form.get('audience'))).toEqual([playground.foreign.issuer])
    expect((await get(`${run}/exchange/checks`)).text).toMatch(/✕ J01/)
    expect((await get(`${run}/redemption`)).text).toContain('invalid_grant')
    server.close()
  })

  it('requires consent before sending faults to other machines', async () => {
    const far = {
      ...theirs(),
      as: 'https://as.crosswalk-test.invalid',
      idp: 'https://idp.crosswalk-test.invalid',
    }
    await post('/bring', { ...ours(), ...far, idp: far.idp })
    expect((await get('/break/own')).text).toContain('idp.crosswalk-test.invalid')
    expect((await post('/runs', { setup: 'own', fault: 'replay' })).status).toBe(403)
    expect((await post('/break/own/allow', {})).text).toContain('May faults be sent there?')
    expect((await post('/break/own/allow', { allowed: 'yes' })).text).toContain('name="fault"')
  })
})
