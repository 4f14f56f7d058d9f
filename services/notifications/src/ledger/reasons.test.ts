import { NotificationFailed } from '@rollcall/contracts/notifications'
import { expect, it } from 'vitest'
import { reasons } from './reasons.ts'

it.each(reasons)('can be told: %s', (reason) => {
  expect(NotificationFailed.schema.shape.reason.safeParse(reason).success).toBe(true)
})
