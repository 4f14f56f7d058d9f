import type { Request } from 'express'
import { expect, it } from 'vitest'
import { addressBucket, createClientAddress } from './client-address.ts'

const addressOf = createClientAddress(['loopback', '10.0.0.0/8'])
const from = (remoteAddress: string, forwarded?: string) =>
  addressOf({ socket: { remoteAddress }, get: () => forwarded } as unknown as Request)

it.each([
  ['127.0.0.1', undefined, '127.0.0.1'],
  ['127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['127.0.0.1', '203.0.113.7:40001', '203.0.113.7'],
  ['127.0.0.1', '[2001:db8::7]:40001', '2001:db8::7'],
  ['127.0.0.1', 'fe80::1%eth0', 'fe80::1'],
  ['127.0.0.1', '198.51.100.1, 203.0.113.7:80, 10.1.2.3:5000', '203.0.113.7'],
  ['127.0.0.1', 'a word that changes', '127.0.0.1'],
  ['127.0.0.1', '203.0.113.7, unknown', '127.0.0.1'],
  ['127.0.0.1', '1', '127.0.0.1'],
  ['127.0.0.1', '', '127.0.0.1'],
  ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
])('S50: takes a request from %s with X-Forwarded-For %j for one of %s', (peer, forwarded, address) => {
  expect(from(peer, forwarded)).toBe(address)
})

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
  ['::1', '::/64'],
  ['nonsense', 'nonsense'],
])('counts %s as %s', (address, bucket) => {
  expect(addressBucket(address)).toBe(bucket)
})
