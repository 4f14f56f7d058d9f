import { createLogger } from '@rollcall/runtime/logger'
import type { Consumer } from 'kafkajs'
import { expect, it } from 'vitest'
import { createOffsetKeeper } from './offsets.ts'

const log = createLogger({ service: 'test', level: 'silent' })

type Commit = Consumer['commitOffsets']

function keeperWith(commitOffsets: Commit) {
  const committed: string[][] = []
  const consumer: Pick<Consumer, 'commitOffsets'> = {
    async commitOffsets(positions) {
      committed.push(positions.map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`))
      await commitOffsets(positions)
    },
  }
  return { keeper: createOffsetKeeper({ consumer, log }), committed }
}

function failing(times: number): Commit {
  return async () => {
    times -= 1
    if (times >= 0) throw new Error('no coordinator')
  }
}

it('commits the offset after the last handled record, once', async () => {
  const { keeper, committed } = keeperWith(async () => {})
  keeper.handled({ topic: 'a', partition: 0, offset: '8' })
  keeper.handled({ topic: 'a', partition: 0, offset: '9' })
  keeper.handled({ topic: 'a', partition: 1, offset: '4' })
  await keeper.commit()
  await keeper.commit()
  expect(committed).toEqual([['a/0@10', 'a/1@5']])
})

it('queues the offsets of a failed commit again, unless handling has gone on', async () => {
  const { keeper, committed } = keeperWith(failing(1))
  keeper.handled({ topic: 'a', partition: 0, offset: '1' })
  keeper.handled({ topic: 'a', partition: 1, offset: '1' })
  const first = keeper.commit()
  await Promise.resolve()
  keeper.handled({ topic: 'a', partition: 1, offset: '5' })
  await first
  await keeper.commit()
  expect(committed.at(-1)?.toSorted()).toEqual(['a/0@2', 'a/1@6'])
})

it('forgets offsets when the partitions are handed out anew, also those of a commit under way', async () => {
  const { keeper, committed } = keeperWith(failing(1))
  keeper.handled({ topic: 'a', partition: 0, offset: '1' })
  const first = keeper.commit()
  await Promise.resolve()
  keeper.forget()
  await first
  await keeper.commit()
  expect(committed).toHaveLength(1)
})

it('commits one after the other, as an older commit that arrives last would set the group back', async () => {
  const slow = Promise.withResolvers<void>()
  const { keeper, committed } = keeperWith(() => slow.promise)
  keeper.handled({ topic: 'a', partition: 0, offset: '1' })
  const first = keeper.commit()
  await Promise.resolve()
  keeper.handled({ topic: 'a', partition: 0, offset: '2' })
  const second = keeper.commit()
  await Promise.resolve()
  expect(committed).toHaveLength(1)
  slow.resolve()
  await Promise.all([first, second])
  expect(committed).toHaveLength(2)
})
