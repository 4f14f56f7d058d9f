import type { Api } from '@rollcall/http/operation'
import { queuesApi } from './queues/api.ts'

/** Everything that this service serves, for the API's document. */
export const apis: Api[] = [queuesApi]
