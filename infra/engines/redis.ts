import { mkdir } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { Engine } from './engine.ts'
import { launch } from './launch.ts'
import { programNames } from './program-names.ts'
import { findProgram } from './system-packages.ts'
import { images } from './versions.ts'

/** The same natively and in a container. */
function settings(durable: boolean): string[] {
  // BullMQ needs noeviction: an evicted key is a lost job.
  const always = ['--maxmemory-policy', 'noeviction']
  if (durable) return [...always, '--maxmemory', '256mb', '--appendonly', 'yes']
  // Test files take a database each.
  return [...always, '--databases', '10000', '--appendonly', 'no', '--save', '']
}

export const redis: Engine = {
  name: 'redis',
  needs: () => [
    {
      what: 'Redis',
      debianPackage: 'redis-server',
      find: () => findProgram('redis-server'),
      version: { args: ['--version'], name: programNames.redis, tested: ['7', '8'] },
    },
  ],
  ensure: async () => {},

  async start({ port, folder, durable }) {
    await mkdir(folder, { recursive: true })
    const whereabouts = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder]
    return launch({
      name: 'redis',
      command: findProgram('redis-server') as string,
      args: [...whereabouts, ...settings(durable)],
      logFile: join(folder, 'redis.log'),
      workingFolder: folder,
      stopWithinMs: 10_000,
    })
  },

  ready: ({ port }) =>
    new Promise((resolve, reject) => {
      const socket = createConnection({ host: '127.0.0.1', port, timeout: 1000 })
      socket.once('connect', () => socket.write('PING\r\n'))
      socket.once('data', (answer) => {
        socket.destroy()
        if (answer.toString().startsWith('+PONG')) resolve()
        else reject(new Error(`Redis answered ${answer.toString().trim()}`))
      })
      socket.once('error', reject)
      socket.once('timeout', () => socket.destroy(new Error('Redis does not answer')))
    }),

  container: ({ durable }) => ({
    image: images.redis,
    port: 6379,
    environment: {},
    command: ['redis-server', ...settings(durable)],
  }),
}
