import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Engine } from './engine.ts'
import { launch } from './launch.ts'
import { programNames } from './program-names.ts'
import { runCommand } from './run-command.ts'
import { accountNamed, isRoot } from './system-account.ts'
import { findProgram } from './system-packages.ts'
import { ROOT } from './workspace.ts'

const SOURCE = join(ROOT, 'infra/gateway')
const SWAGGER_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js']
/** The account that Debian's nginx gives its workers when root starts it. */
const WORKER_ACCOUNT = 'www-data'

export interface Upstreams {
  /** `host:port` by service. */
  services: Record<string, string>
  mailboxUrl: string
  /** Origins that browsers may call from. */
  corsOrigins: string[]
}

/** nginx with the same configuration that the container uses; starts without any of the services. */
export function gateway(upstreams: Upstreams): Engine {
  return {
    name: 'gateway',
    needs: () => [
      {
        what: 'nginx',
        debianPackage: 'nginx-light',
        find: () => findProgram('nginx'),
        version: { args: ['-v'], name: programNames.nginx, tested: ['1.22', '1.28'] },
      },
      {
        what: 'nginx’s JavaScript module',
        debianPackage: 'libnginx-mod-http-js',
        find: findScripting,
      },
    ],
    ensure: async () => {},

    async start({ port, folder }) {
      await mkdir(folder, { recursive: true })
      await copyFiles(folder)
      await writeFile(join(folder, 'gateway.conf'), await fillIn({ port, folder, upstreams }))
      await writeFile(join(folder, 'nginx.conf'), mainConfiguration(folder))
      const arguments_ = ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'nginx-errors.log')]
      const command = findProgram('nginx') as string
      await runCommand({ command, args: [...arguments_, '-t', '-q'] })
      return launch({
        name: 'gateway',
        command,
        args: [...arguments_, '-g', 'daemon off;'],
        logFile: join(folder, 'gateway.log'),
        // Finishes the requests that it has; SIGTERM would cut them.
        stopSignal: 'SIGQUIT',
        stopWithinMs: 5000,
      })
    },

    async ready({ port }) {
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) })
      if (!answer.ok) throw new Error(`the gateway answered ${answer.status}`)
    },
  }
}

const SCRIPTING = '/usr/lib/nginx/modules/ngx_http_js_module.so'

/** What answers for the gateway itself is a script. */
function findScripting(): string | undefined {
  return existsSync(SCRIPTING) ? SCRIPTING : undefined
}

async function copyFiles(folder: string): Promise<void> {
  const files = join(folder, 'files')
  await cp(join(SOURCE, 'pages'), join(files, 'pages'), { recursive: true })
  for (const name of ['page-headers.conf', 'problems.js']) await cp(join(SOURCE, name), join(files, name))
  const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  for (const name of SWAGGER_FILES) await cp(join(swagger, name), join(files, 'pages/docs', name))
  await cp(join(ROOT, 'docs/api'), join(files, 'api'), { recursive: true })
  const temporary = join(folder, 'temporary')
  await mkdir(temporary, { recursive: true })
  if (!isRoot()) return
  await chmod(folder, 0o755)
  const { uid, gid } = accountNamed(WORKER_ACCOUNT)
  await chown(temporary, uid, gid)
}

async function fillIn({
  port,
  folder,
  upstreams,
}: {
  port: number
  folder: string
  upstreams: Upstreams
}): Promise<string> {
  const values: Record<string, string> = {
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    // Native addresses are numbers, which nginx never asks a resolver for; the directive wants one all the same.
    GATEWAY_RESOLVER: '127.0.0.1',
    GATEWAY_FILES: join(folder, 'files'),
    GATEWAY_ACCESS_LOG: join(folder, 'gateway.log'),
    GATEWAY_ERROR_LOG: join(folder, 'nginx-errors.log'),
    GATEWAY_UPSTREAMS: Object.entries(upstreams.services)
      .map(([name, address]) => `${name} "${address}";`)
      .join(' '),
    GATEWAY_MAILBOX_URL: upstreams.mailboxUrl,
    GATEWAY_CORS_ORIGINS: upstreams.corsOrigins.join(','),
  }
  const template = await readFile(join(SOURCE, 'gateway.conf.template'), 'utf8')
  return template.replace(/\$\{(GATEWAY_[A-Z_]+)\}/g, (_all, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`gateway.conf.template asks for ${name}, which is not known`)
    return value
  })
}

function mainConfiguration(folder: string): string {
  const temporary = (name: string) => `${name}_temp_path "${join(folder, 'temporary', name)}";`
  return [
    isRoot() ? `user ${WORKER_ACCOUNT};` : '',
    `load_module "${findScripting()}";`,
    'worker_processes 1;',
    `pid "${join(folder, 'nginx.pid')}";`,
    'events { worker_connections 1024; }',
    'http {',
    'types { text/html html; text/css css; text/javascript js; application/json json; }',
    'default_type application/octet-stream;',
    ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(temporary),
    'sendfile on;',
    'keepalive_timeout 65;',
    `include "${join(folder, 'gateway.conf')}";`,
    '}',
    '',
  ].join('\n')
}
