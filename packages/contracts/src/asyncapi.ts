import { z } from 'zod'
import { catalogue } from './catalogue.ts'
import type { Definition } from './define.ts'
import { dataschemaOf } from './message.ts'
import { deadLettersConfig, deadLettersTopic, topicConfigs } from './topics.ts'

/** What other teams need to subscribe, as an AsyncAPI 3.0 document: every topic, its messages, their headers and data. */
export function asyncApiDocument(definitions: readonly Definition[] = catalogue) {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Rollcall messages',
      version: '1.0.0',
      description:
        'Every change of state as a message on Kafka: facts tell what has happened, snapshots what is now. ' +
        'CloudEvents 1.0 in Kafka binary mode; at least once, in order per key. The same message may come again with ' +
        'the same `ce_id`. Of snapshots the highest `ce_sequence` counts; a record without a value erases its key.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: {
      ...Object.fromEntries(definitions.map((definition) => [definition.ceType, channelOf(definition)])),
      [deadLettersTopic]: deadLettersChannel(),
    },
    operations: Object.fromEntries(
      definitions.map((definition) => [`publish.${definition.ceType}`, operationOf(definition)]),
    ),
    components: {
      messages: {
        ...Object.fromEntries(definitions.map((definition) => [definition.ceType, messageOf(definition)])),
        [deadLettersTopic]: deadLetter,
      },
      schemas: {
        ...Object.fromEntries(definitions.map((definition) => [definition.ceType, payloadOf(definition)])),
        headers,
        deadLetterHeaders,
      },
    },
  }
}

function channelOf(definition: Definition) {
  const settings = topicConfigs([definition])[0]
  return {
    address: definition.topic,
    messages: { [definition.ceType]: { $ref: `#/components/messages/${definition.ceType}` } },
    bindings: {
      kafka: {
        topic: definition.topic,
        partitions: definition.partitions,
        topicConfiguration:
          definition.kind === 'fact'
            ? { 'cleanup.policy': ['delete'], 'retention.ms': definition.retention }
            : { 'cleanup.policy': ['compact'], 'delete.retention.ms': Number(settings?.config['delete.retention.ms']) },
      },
    },
  }
}

function deadLettersChannel() {
  const { config, partitions } = deadLettersConfig
  return {
    address: deadLettersTopic,
    messages: { [deadLettersTopic]: { $ref: `#/components/messages/${deadLettersTopic}` } },
    bindings: {
      kafka: {
        topic: deadLettersTopic,
        partitions,
        topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': Number(config['retention.ms']) },
      },
    },
  }
}

/** Not described by a schema of its own: the value is that of any topic, byte by byte. */
const deadLetter = {
  name: deadLettersTopic,
  summary: 'A record that a consumer group of Rollcall could not decode or handle, as it was',
  headers: { $ref: '#/components/schemas/deadLetterHeaders' },
}

function operationOf({ ceType }: Definition) {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${ceType}` },
    messages: [{ $ref: `#/channels/${ceType}/messages/${ceType}` }],
  }
}

function messageOf({ ceType, kind, aggregate }: Definition) {
  return {
    name: ceType,
    summary: kind === 'fact' ? `A fact about one ${aggregate}` : `The present state of one ${aggregate}`,
    contentType: 'application/json',
    headers: { $ref: '#/components/schemas/headers' },
    payload: { $ref: `#/components/schemas/${ceType}` },
    bindings: { kafka: { key: { type: 'string', format: 'uuid' } } },
  }
}

function payloadOf(definition: Definition) {
  // Subscribers are told the lenient form: members may be added at any time.
  const schema = z.toJSONSchema(definition.lenientSchema, { target: 'draft-7', io: 'input' })
  return { ...schema, $id: dataschemaOf(definition) }
}

const headers = {
  type: 'object',
  required: [
    'ce_specversion',
    'ce_id',
    'ce_source',
    'ce_type',
    'ce_subject',
    'ce_time',
    'ce_partitionkey',
    'ce_sequence',
  ],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: { type: 'string', format: 'uuid', description: 'UUIDv7, the same in every copy of a message' },
    ce_source: { type: 'string', description: 'path of the owning service' },
    ce_type: { type: 'string', description: 'type and version, `user.registered.v1`' },
    ce_subject: { type: 'string', description: 'id of the aggregate' },
    ce_time: { type: 'string', format: 'date-time' },
    ce_dataschema: { type: 'string', format: 'uri' },
    ce_partitionkey: { type: 'string' },
    ce_sequence: { type: 'string', pattern: '^\\d{16}$', description: "the aggregate's version, zero-padded" },
    'content-type': { type: 'string' },
    traceparent: { type: 'string', description: 'W3C trace context of the request that caused it' },
  },
}

const deadLetterHeaders = {
  type: 'object',
  required: ['reason', 'topic', 'partition', 'offset', 'group'],
  description: 'Beside these, each header of the record itself under `original-<name>`.',
  properties: {
    reason: { type: 'string' },
    topic: { type: 'string', description: 'where the record is' },
    partition: { type: 'string', pattern: '^\\d+$' },
    offset: { type: 'string', pattern: '^\\d+$' },
    group: { type: 'string', description: 'consumer group' },
    subscription: { type: 'string', description: 'which of its handlers failed; missing where decoding did' },
    cause: { type: 'string', description: 'what the handler threw, in one line' },
    'value-left-out': {
      type: 'string',
      description:
        "`SNAPSHOT`: it may hold personal data, and is in its own topic until it is replaced or erased; otherwise the broker's reason not to take it",
    },
  },
}
