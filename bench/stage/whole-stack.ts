import { applyTestTopics, createTestSecrets } from '@rollcall/test-stack/environments'
import { startSmtpSink } from '@rollcall/testing/smtp-sink'
import { benchEngines } from './engines.ts'
import { startNotifications } from './notifications-process.ts'
import { startEvents, startUsers } from './service.ts'

/** The three services, each by itself. */
export async function startWholeStack() {
  const secrets = await createTestSecrets()
  await applyTestTopics(secrets, (await benchEngines()).kafka)
  const sink = await startSmtpSink()
  const users = await startUsers({})
  const events = await startEvents('http://127.0.0.1:9/jwks.json')
  const [notifications] = await startNotifications({ smtpUrl: sink.url, secrets, processes: 1 })
  if (!notifications) throw new TypeError('no notifications service was started')
  return {
    services: { users: users.process, events: events.process, notifications },
    async close() {
      await Promise.all([users.stop(), events.stop(), notifications.kill('SIGTERM'), sink.stop()])
    },
  }
}
