import { violatedForeignKey } from '@rollcall/database/errors'
import { noContent, ok } from '@rollcall/http/answers'
import { DomainError } from '@rollcall/http/errors'
import { implement, type Route } from '@rollcall/http/operation'
import type { Kysely } from 'kysely'
import type { EventsDatabase } from '../database/tables.ts'
import { categoriesApi } from './api.ts'
import { insertCategory, listCategories, listTags, removeCategory } from './queries.ts'

export interface CategoryRouteDeps {
  db: Kysely<EventsDatabase>
}

export function categoryRoutes({ db }: CategoryRouteDeps): Route[] {
  return implement(categoriesApi, {
    async listCategories() {
      return ok({ items: await listCategories(db) })
    },
    async addCategory({ params }) {
      await insertCategory(db, params.name)
      return ok(params)
    },
    async removeCategory({ params }) {
      try {
        await removeCategory(db, params.name)
      } catch (error) {
        if (violatedForeignKey(error) !== 'events_category_fkey') throw error
        throw new DomainError('InvalidStatus', 'events have this category')
      }
      return noContent
    },
    async listTags({ query }) {
      return ok({ items: await listTags(db, { prefix: query.prefix?.toLowerCase() ?? '', limit: query.limit }) })
    },
  })
}
