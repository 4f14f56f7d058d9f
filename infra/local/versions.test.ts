import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from './settings.ts'
import { images, versions } from './versions.ts'

const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')

it.each(Object.entries(images))('names the image of %s as docker-compose.yml does', (_engine, image) => {
  expect(compose).toContain(`image: ${image}\n`)
})

it('runs the same Kafka natively and in a container', () => {
  expect(images.kafka).toContain(versions.kafka.version)
})
