import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

let echo: Server
let proxy: TcpProxy

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1')
  await once(echo, 'listening')
  proxy = await startTcpProxy({ target: { host: '127.0.0.1', port: (echo.address() as AddressInfo).port } })
})
afterEach(async () => {
  await proxy.stop()
  echo.close()
})

async function open() {
  const socket = connect(proxy.port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  const received: string[] = []
  socket.on('data', (chunk) => received.push(chunk.toString()))
  return { socket, received, text: () => received.join('') }
}

it('carries bytes both ways', async () => {
  const client = await open()
  client.socket.write('ping')
  await expect.poll(client.text).toBe('ping')
  client.socket.destroy()
})

it.each(['requests', 'answers'] as const)('holds back %s and lets them go on later', async (direction) => {
  const client = await open()
  client.socket.write('a')
  await expect.poll(client.text).toBe('a')
  proxy.pause(direction)
  client.socket.write('b')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(client.text()).toBe('a')
  proxy.restore()
  await expect.poll(client.text).toBe('ab')
  client.socket.destroy()
})

it('cuts open connections, refuses new ones and takes them again when restored', async () => {
  const client = await open()
  proxy.cut()
  await once(client.socket, 'close')
  const refused = await open()
  await once(refused.socket, 'close')
  proxy.restore()
  const again = await open()
  again.socket.write('back')
  await expect.poll(again.text).toBe('back')
  again.socket.destroy()
})
