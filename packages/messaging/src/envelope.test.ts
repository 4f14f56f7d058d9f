import { randomUUID } from 'node:crypto'
import { message, tombstone } from '@rollcall/contracts/message'
import type { KafkaMessage } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { happened, ProbeHappened, ProbeSnapshot, toWire } from '../test/probe.ts'
import { decode, Undecodable, type WireMessage } from './envelope.ts'

function asRecord({ key, value, headers }: WireMessage): KafkaMessage {
  const bytes = (it: string | Buffer | null) => (it === null ? null : Buffer.from(it))
  const entries = Object.entries(headers).map(([name, header]) => [name, Buffer.from(header)])
  return {
    key: bytes(key),
    value: bytes(value),
    headers: Object.fromEntries(entries),
    offset: '7',
    timestamp: '1763726400000',
    attributes: 0,
  }
}

const probeId = randomUUID()
const at = new Date('2026-11-21T12:00:00.000Z')
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('decode', () => {
  it('reads what encode wrote', () => {
    const outgoing = message(ProbeHappened, { data: { probeId, text: 'größer' }, sequence: 12, at })
    expect(decode(ProbeHappened, asRecord(toWire(outgoing, traceparent)))).toEqual({
      id: outgoing.id,
      type: 'probe.happened.v1',
      subject: probeId,
      sequence: 12,
      time: at,
      publishedAt: new Date(1763726400000),
      traceparent,
      data: { probeId, text: 'größer' },
    })
  })

  it('reads a tombstone of a snapshot', () => {
    const erased = tombstone(ProbeSnapshot, { id: probeId, sequence: 3, at })
    expect(decode(ProbeSnapshot, asRecord(toWire(erased)))).toMatchObject({ subject: probeId, sequence: 3, data: null })
  })

  it('drops members that a newer producer added', () => {
    const wire = happened({ probeId })
    const newer = { ...wire, value: JSON.stringify({ probeId, addedLater: true }) }
    expect(decode(ProbeHappened, asRecord(newer)).data).toEqual({ probeId })
  })

  it.each([
    ['no envelope', (wire: WireMessage) => ({ ...wire, headers: {} }), /^headers: ce_specversion/],
    ['another version', withHeader('ce_type', 'probe.happened.v2'), /^unknown type, not probe.happened.v1$/],
    ['a sequence that is no number', withHeader('ce_sequence', 'twelve'), /^headers: ce_sequence/],
    ['bytes that are no UTF-8', withValue(Buffer.from([0xff, 0xfe])), /^data: not JSON in UTF-8$/],
    ['half of a JSON text', withValue('{"probeId":'), /^data: not JSON in UTF-8$/],
    ['data of another shape', withValue('{"probeId":"canary"}'), /^data: probeId invalid_format$/],
    ['a fact without data', withValue(null), /^data: a fact has no tombstone$/],
  ])('refuses %s, and says where without telling values', (_, damage, reason) => {
    const attempt = () => decode(ProbeHappened, asRecord(damage(happened())))
    expect(attempt).toThrow(Undecodable)
    expect(attempt).toThrow(reason)
    expect(attempt).not.toThrow(/canary|twelve/)
  })
})

function withHeader(name: string, value: string) {
  return (wire: WireMessage): WireMessage => ({ ...wire, headers: { ...wire.headers, [name]: value } })
}

function withValue(value: string | Buffer | null) {
  return (wire: WireMessage): WireMessage => ({ ...wire, value })
}
