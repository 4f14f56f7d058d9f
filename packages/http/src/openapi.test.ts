import { expect, it } from 'vitest'
import { z } from 'zod'
import { createOpenApiDocument } from './openapi.ts'
import { defineApi } from './operation.ts'

const api = defineApi({
  makeThing: {
    method: 'post',
    path: '/things/{thingId}',
    summary: 'Make a thing',
    tag: 'things',
    permission: 'events.propose',
    params: z.object({ thingId: z.uuid() }),
    body: z.strictObject({ name: z.string() }),
    answers: { 201: { description: 'The thing', schema: z.object({ id: z.uuid() }), headers: { Location: 'Where' } } },
    problems: ['EmailTaken', 'Busy'],
    idempotent: true,
  },
  showThing: {
    method: 'get',
    path: '/things/{thingId}',
    summary: 'Show a thing',
    tag: 'things',
    permission: 'events.browse',
    answers: { 200: { description: 'The thing', schema: z.object({ id: z.uuid() }), html: true } },
  },
  thingImage: {
    method: 'get',
    path: '/things/{thingId}/image',
    summary: 'Its image',
    tag: 'things',
    permission: 'public',
    answers: { 200: { description: 'The image', contentType: 'image/png' }, 204: { description: 'There is none' } },
  },
  thingForm: {
    method: 'post',
    path: '/things-form',
    summary: 'For browsers',
    tag: 'things',
    permission: 'public',
    form: true,
    answers: { 303: { description: 'To the thing' } },
    internal: true,
  },
})

const document = createOpenApiDocument({ title: 'Things', version: '1', apis: [api] })
const paths = JSON.parse(JSON.stringify(document.paths))
const { post: makeThing, get: showThing } = paths['/things/{thingId}']
const { get: thingImage } = paths['/things/{thingId}/image']

it('keeps operations of one path together and leaves internal ones out', () => {
  expect(Object.keys(paths)).toEqual(['/things/{thingId}', '/things/{thingId}/image'])
  expect([makeThing.operationId, showThing.operationId]).toEqual(['makeThing', 'showThing'])
})

it('lists what an operation refuses: its own codes beside those of its kind, joined by status', () => {
  const statuses = Object.keys(makeThing.responses)
  expect(statuses).toEqual(['201', '400', '401', '403', '404', '409', '413', '415', '422', '429', '503'])
  expect(makeThing.responses['422'].description).toBe('`ValidationError`, `IdempotencyKeyReused`')
  expect(makeThing.responses['503'].description).toBe('`Unavailable`, `Busy`')
})

it('names no refusal that an operation without sign-in, body or input cannot give', () => {
  expect(Object.keys(thingImage.responses)).toEqual(['200', '204', '400', '404', '429', '503'])
})

it('describes the headers that answers and refusals always have', () => {
  const required = (status: string) => Object.keys(makeThing.responses[status].headers ?? {})
  expect(required('201')).toEqual(['Location'])
  expect(required('401')).toEqual(['WWW-Authenticate'])
  expect(required('429')).toEqual(['Retry-After'])
  expect(required('503')).toEqual(['Retry-After'])
  expect(required('404')).toEqual([])
})

it('asks for a token, lets it be left out, or asks for none', () => {
  expect(makeThing.security).toEqual([{ bearer: [] }])
  expect(showThing.security).toEqual([{}, { bearer: [] }])
  expect(thingImage.security).toBeUndefined()
})

it('describes bodies in each form that they come in', () => {
  expect(Object.keys(showThing.responses['200'].content)).toEqual(['application/json', 'text/html'])
  expect(Object.keys(thingImage.responses['200'].content)).toEqual(['image/png'])
  expect(thingImage.responses['204'].content).toBeUndefined()
  expect(Object.keys(makeThing.requestBody.content)).toEqual(['application/json'])
})

it('offers an idempotency key only where it is honoured', () => {
  const headers = (operation: { parameters?: { name: string; in: string }[] }) =>
    (operation.parameters ?? []).filter((parameter) => parameter.in === 'header').map(({ name }) => name)
  expect(headers(makeThing)).toEqual(['Idempotency-Key'])
  expect(headers(showThing)).toEqual([])
})

it('says that an address may be too long only where a query makes it so', () => {
  const listThings = { ...api.thingImage, path: '/things', query: z.strictObject({ tag: z.array(z.string()) }) }
  const { paths: listed } = createOpenApiDocument({ title: 'Things', version: '1', apis: [{ listThings }] })
  expect(listed?.['/things']?.get?.responses).toHaveProperty('414')
  expect(thingImage.responses).not.toHaveProperty('414')
})
