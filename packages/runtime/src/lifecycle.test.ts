import { expect, it } from 'vitest'
import { createLifecycle } from './lifecycle.ts'
import { createLogger } from './logger.ts'

const log = createLogger({ service: 'test', level: 'silent' })

it('closes in reverse order, once, and goes on when one does not close', async () => {
  const closed: string[] = []
  const lifecycle = createLifecycle(log)
  lifecycle.own('first', (it) => closed.push(it))
  lifecycle.own('second', () => {
    throw new Error('stuck')
  })
  lifecycle.own('third', (it) => closed.push(it))
  await Promise.all([lifecycle.close(), lifecycle.close()])
  expect(closed).toEqual(['third', 'first'])
})

it('tells of the failure that ends a service', async () => {
  const lifecycle = createLifecycle(log)
  lifecycle.fail(new Error('the consumer has died'))
  await expect(lifecycle.failed).resolves.toMatchObject({ message: 'the consumer has died' })
})
