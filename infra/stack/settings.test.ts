import { expect, it } from 'vitest'
import { BadSetting, readSettings } from './settings.ts'

const NO_FILE = '/nowhere/.env'

it('has a default for every port', () => {
  const { ports, engines } = readSettings({}, NO_FILE)
  expect(ports).toMatchObject({ GATEWAY_PORT: 8080, MAILBOX_PORT: 8025, SMTP_PORT: 1025, POSTGRES_PORT: 15432 })
  expect(engines).toBe('automatic')
})

it('takes a port from the environment', () => {
  expect(readSettings({ KAFKA_PORT: '29092' }, NO_FILE).ports.KAFKA_PORT).toBe(29_092)
})

it('reports all that is wrong at once', () => {
  const read = () => readSettings({ KAFKA_PORT: 'many', REDIS_PORT: '70000', ROLLCALL_ENGINES: 'podman' }, NO_FILE)
  expect(read).toThrow(BadSetting)
  expect(read).toThrow(/REDIS_PORT is "70000".*\nKAFKA_PORT is "many".*\nROLLCALL_ENGINES is "podman"/)
})

it('refuses the same port twice', () => {
  expect(() => readSettings({ GATEWAY_PORT: '8025' }, NO_FILE)).toThrow('GATEWAY_PORT and MAILBOX_PORT are both 8025')
})
