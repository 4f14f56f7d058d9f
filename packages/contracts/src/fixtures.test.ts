import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as audit from './audit.ts'
import { catalogue } from './catalogue.ts'
import * as events from './events.ts'
import * as notifications from './notifications.ts'
import * as registrations from './registrations.ts'
import * as users from './users.ts'

const folder = new URL('../fixtures/', import.meta.url)
const released = catalogue.map((definition) => [definition.ceType, definition] as const)

describe.each(released)('%s', (ceType, definition) => {
  const file = new URL(`${ceType}.json`, folder)

  it('has a fixture', () => {
    expect(existsSync(file)).toBe(true)
  })

  it('still reads what was published when it was released', () => {
    const published = JSON.parse(readFileSync(file, 'utf8'))
    expect(definition.lenientSchema.parse(published)).toEqual(published)
    expect(definition.schema.parse(published)).toEqual(published)
  })

  it('drops a member that a newer producer added, and refuses it from our own', () => {
    const published = JSON.parse(readFileSync(file, 'utf8'))
    const newer = { ...published, addedLater: 1 }
    expect(definition.lenientSchema.parse(newer)).toEqual(published)
    expect(definition.schema.safeParse(newer).success).toBe(false)
  })

  it('is keyed by the id of its aggregate', () => {
    const published = JSON.parse(readFileSync(file, 'utf8'))
    expect(Object.values(published)).toContain(definition.key(published))
  })
})

it('has no fixture whose definition is gone', () => {
  const known = released.map(([ceType]) => `${ceType}.json`)
  expect(readdirSync(folder).filter((name) => !known.includes(name))).toEqual([])
})

it('declares every topic once', () => {
  const topics = catalogue.map(({ topic }) => topic)
  expect(new Set(topics).size).toBe(topics.length)
})

it('publishes every message that is declared', () => {
  const exported = [users, events, registrations, audit, notifications].flatMap((module) => Object.values(module))
  const declared = exported.filter((it) => typeof it === 'object' && 'ceType' in it)
  expect(new Set(declared)).toEqual(new Set(catalogue))
})
