// Port: which signed requests were already used.

export abstract class NoncesRepository {
  /** Remembers a nonce until then. False when it was remembered before. Forgets expired ones. */
  abstract use(nonce: string, expiresAtMs: number): Promise<boolean>;
}
