import { workerData } from 'node:worker_threads'
import { hashSync } from 'bcrypt'

const { count, cost } = workerData as { count: number; cost: number }
for (let i = 0; i < count; i += 1) hashSync(`password ${i}`, cost)
