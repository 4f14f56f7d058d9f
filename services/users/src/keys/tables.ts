interface SigningKeysTable {
  kid: string
  /** Public JWK as JSON text. */
  public_jwk: string
  /** Private JWK as JWE: of use only together with KEY_ENCRYPTION_KEY. */
  sealed_private_jwk: string
  created_at: Date
}

export interface KeyTables {
  signing_keys: SigningKeysTable
}
