import { z } from 'zod'
import { defineFact } from './define.ts'
import { code, id } from './fields.ts'

const delivery = { version: 1, aggregate: 'delivery', source: '/notifications' } as const
const byDelivery = (data: { deliveryId: string }) => data.deliveryId
const about = { deliveryId: id, factId: id, template: code, channel: z.enum(['email']), recipientId: id }

/** The receiving server took responsibility for the mail. */
export const NotificationSent = defineFact({
  ...delivery,
  type: 'notification.sent',
  key: byDelivery,
  data: z.strictObject(about),
})

export const failedDeliveryStates = ['bounced', 'unknown', 'dead', 'expired', 'cancelled', 'suppressed'] as const

/** It ended without being sent. `reason` is a code; the server's words, which may hold an address, stay in the ledger. */
export const NotificationFailed = defineFact({
  ...delivery,
  type: 'notification.failed',
  key: byDelivery,
  data: z.strictObject({ ...about, state: z.enum(failedDeliveryStates), reason: code }),
})

export const notificationMessages = [NotificationSent, NotificationFailed] as const
