import { openAccess } from '@rollcall/access/access'
import { createIdempotency } from '@rollcall/http/idempotency'
import { createQueue } from '@rollcall/jobs/queue'
import { createRedis } from '@rollcall/jobs/redis'
import { startAnswersCleanUp } from '@rollcall/outbox/clean-up'
import type { ServiceProcess } from '@rollcall/runtime/service'
import { waitFor } from '@rollcall/runtime/waiting'
import { openConsumers } from '@rollcall/service/consume'
import { type Foundation, openFoundation } from '@rollcall/service/foundation'
import { serve } from '@rollcall/service/serve'
import { createObjectStorage } from '@rollcall/storage/objects'
import { startAnnouncing } from './announcements/announce.ts'
import { linkGuest } from './check-in/link-guest.ts'
import type { EventsConfig } from './config.ts'
import type { EventsDatabase } from './database/tables.ts'
import { type Changes, createChanges } from './events/changes.ts'
import { eventsRoutes } from './http.ts'
import { peopleSubscriptions } from './people/project-people.ts'
import { openTicketCodes } from './registrations/ticket-keys.ts'
import { ticketJobs, ticketQueue } from './tickets/jobs.ts'
import { createTicketRequests, startTicketSweeper, ticketSubscriptions } from './tickets/request-tickets.ts'
import { startTicketThread } from './tickets/start-ticket-thread.ts'
import { deletedPeopleSubscriptions } from './waitlist/cancel-of-deleted.ts'
import { startPromoting } from './waitlist/promote-waiting.ts'

/** Builds the service in reading order; what is opened last closes first. */
export async function startEventsService(config: EventsConfig, process: ServiceProcess): Promise<void> {
  const foundation = await openFoundation<EventsDatabase>(config, process)
  const { db, clock, log, registry, checkpoint, own, fail } = foundation
  const changes = own(createChanges({ databaseUrl: config.database.url, log }), (it) => it.stop())
  const { transact, wake } = tellingChanges(foundation, changes)
  const { notificationsKey } = config
  const storage = createObjectStorage(config.storage)
  await waitFor('MinIO', () => storage.ping(), { log })
  const { signingKey: firstKey, encryptionKey } = config.tickets
  const ticketCodes = own(await openTicketCodes({ db, clock, log, firstKey, encryptionKey }), (it) => it.stop())

  const redis = own(createRedis({ ...config.redis, role: 'producer' }), (it) => it.disconnect())
  await waitFor('Redis', () => redis.ping(), { log })
  const queue = own(createQueue({ connection: redis, name: ticketQueue, jobs: ticketJobs }), (it) => it.close())
  own(startTicketSweeper({ db, queue, clock, log }), (it) => it.stop())
  const requestTickets = createTicketRequests(queue, log)
  own(startPromoting({ db, transact, clock, log, requestTickets }), (it) => it.stop())
  own(startAnnouncing({ db, transact, clock, log, notificationsKey, checkpoint }), (it) => it.stop())
  const ticketThread = own(await startTicketThread(config, registry), (it) => it.stop())
  void ticketThread.failed.then(fail)

  const access = openAccess({ ...foundation, tokens: config.tokens })
  const consume = await openConsumers(foundation)
  consume({ groupId: 'events.tickets', subscriptions: ticketSubscriptions(queue), startAt: 'earliest' })
  const places = { db, transact, clock, requestTickets }
  consume({
    groupId: 'events.deleted-people',
    subscriptions: deletedPeopleSubscriptions(places),
    startAt: 'earliest',
  })
  const people = peopleSubscriptions({ db, proven: linkGuest({ transact, clock }) })
  consume({ groupId: 'events.people', subscriptions: people, startAt: 'earliest' })
  const roles = consume({ groupId: 'events.authorization', ...access.group })

  const once = createIdempotency({ db, transact, clock })
  own(startAnswersCleanUp({ db, clock, log }), (it) => it.stop())
  await serve(foundation, {
    config,
    routes: eventsRoutes({
      db,
      transact,
      wake,
      clock,
      storage,
      ticketCodes,
      requestTickets,
      notificationsKey,
      changes,
      publicUrl: config.publicUrl,
      once,
      letTicketsCatchUp: ticketThread.letTicketsCatchUp,
    }),
    authenticate: access.authenticate,
    knowledgeAgeMs: roles.behindMs,
  })
}

/** What is committed is told to whoever keeps answers. */
function tellingChanges(
  { transact, wake }: Pick<Foundation<EventsDatabase>, 'transact' | 'wake'>,
  { changed }: Pick<Changes, 'changed'>,
) {
  const telling: typeof transact = async (work) => {
    const result = await transact(work)
    changed()
    return result
  }
  const waking = () => {
    wake.wake()
    changed()
  }
  return { transact: telling, wake: { wake: waking } }
}
