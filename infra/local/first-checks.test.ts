import { once } from 'node:events'
import { createServer } from 'node:net'
import { freePort, isPortFree } from '@rollcall/engines/ports'
import { readSettings } from '@rollcall/stack/settings'
import { expect, it } from 'vitest'
import { checkPorts } from './first-checks.ts'

it('never hands out the same port twice', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()))
  expect(new Set(ports).size).toBe(50)
})

it('names a taken port and its setting in one line', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const settings = readSettings({}, '/nowhere/.env')
  for (const name of Object.keys(settings.ports) as (keyof typeof settings.ports)[])
    settings.ports[name] = await freePort()
  settings.ports.KAFKA_PORT = port
  expect(await isPortFree(port)).toBe(false)
  await expect(checkPorts(settings)).rejects.toThrow(
    `Port ${port} is taken; set KAFKA_PORT to another one (environment or .env).`,
  )
  server.close()
})
