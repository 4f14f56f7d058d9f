import { mkdir } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { launch } from '../launch.ts'
import { programNames } from '../program-names.ts'
import { findProgram } from '../system-packages.ts'
import type { Engine } from './engine.ts'

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
    // BullMQ needs noeviction: an evicted key is a lost job.
    const settings = [
      '--bind',
      '127.0.0.1',
      '--port',
      String(port),
      '--dir',
      folder,
      '--maxmemory-policy',
      'noeviction',
      // Test files take a database each.
      '--databases',
      '10000',
    ]
    const persistence = durable ? ['--appendonly', 'yes'] : ['--appendonly', 'no', '--save', '']
    return launch({
      name: 'redis',
      command: findProgram('redis-server') as string,
      args: [...settings, ...persistence],
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
}
