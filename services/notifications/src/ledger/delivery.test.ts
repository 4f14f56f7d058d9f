import { failedDeliveryStates } from '@rollcall/contracts/notifications'
import { describe, expect, it } from 'vitest'
import { type Action, deliveryId, jobIdOf, openStates, retryDelay, transitions } from './delivery.ts'

const of = { factId: 'f', template: 'verify-email', recipientId: 'r', channel: 'email' } as const

describe('the transition table', () => {
  const actions = Object.entries(transitions) as [Action, (typeof transitions)[Action]][]

  it('starts from open states only: what has ended stays as it is', () => {
    for (const [, { from }] of actions) expect(openStates).toEqual(expect.arrayContaining([...from]))
  })

  it('leads to every state', () => {
    const reached = new Set(['queued', ...actions.map(([, { to }]) => to)])
    expect([...reached].sort()).toEqual([...openStates, 'sent', ...failedDeliveryStates].sort())
  })
})

it('gives one fact, template, recipient and channel one id', () => {
  expect(deliveryId(of)).toBe(deliveryId({ ...of }))
  for (const other of [{ factId: 'g' }, { template: 'ticket-issued' as const }, { recipientId: 's' }]) {
    expect(deliveryId({ ...of, ...other })).not.toBe(deliveryId(of))
  }
})

it('gives every generation a job of its own', () => {
  expect(jobIdOf({ id: 'a', generation: 1 })).not.toBe(jobIdOf({ id: 'a', generation: 2 }))
})

it('waits longer after every attempt, up to a quarter of an hour', () => {
  expect(retryDelay(1, 0.5)).toBe(1000)
  expect(retryDelay(2, 0.5)).toBe(2000)
  expect(retryDelay(20, 0.5)).toBe(900_000)
  expect(retryDelay(1, 0)).toBe(900)
  expect(retryDelay(1, 1)).toBe(1100)
})
