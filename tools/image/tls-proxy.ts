// Runs nginx with TLS in front of a server, configured like the page on reverse proxies.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PAGE = new URL('../../docs/how-to/run-behind-a-reverse-proxy.md', import.meta.url)

interface Tls {
  readonly port: number
  readonly tlsPort: number
  readonly certificate: string
  readonly key: string
}

export async function startTlsProxy(folder: string, tls: Tls): Promise<{ stop(): Promise<void> }> {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, render(folder, tls))
  const child = spawn('nginx', ['-c', file, '-p', folder, '-e', join(folder, 'error.log')], {
    stdio: 'inherit',
  })
  return {
    async stop() {
      if (child.exitCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

function render(folder: string, { port, tlsPort, certificate, key }: Tls): string {
  const [, block = ''] = /^```nginx\n([\s\S]*?)^```$/m.exec(readFileSync(PAGE, 'utf8')) ?? []
  const servers = block
    .replace('server 127.0.0.1:4000;', `server 127.0.0.1:${port};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${tlsPort} ssl;`)
    .replace(/ssl_certificate .*;/, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
${servers}}
`
}
