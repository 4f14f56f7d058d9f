import { createOpenApiDocument } from '@rollcall/http/openapi'
import { apis as eventsApis } from '../../services/events/src/api.ts'
import { apis as notificationsApis } from '../../services/notifications/src/api.ts'
import { apis as usersApis } from '../../services/users/src/api.ts'

/** One document over all services: callers see one origin. */
export function openApiDocument() {
  return createOpenApiDocument({
    title: 'Rollcall',
    version: '0.1.0',
    apis: [...usersApis, ...eventsApis, ...notificationsApis],
  })
}
