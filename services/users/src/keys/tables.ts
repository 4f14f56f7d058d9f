import type { Generated } from 'kysely'

interface SigningKeysTable {
  kid: string
  /** Public JWK as JSON text. */
  public_jwk: string
  /** Private JWK as JWE: of use only together with KEY_ENCRYPTION_KEY. */
  sealed_private_jwk: string
  created_at: Date
  /** Published from its making, so that verifiers know it by then. */
  signs_from: Generated<Date>
}

export interface KeyTables {
  signing_keys: SigningKeysTable
}
