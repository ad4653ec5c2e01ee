// Used nonces of signed requests in SQLite, so that a restart does not make an old request good again.
import { Injectable } from '@nestjs/common';
import { NoncesRepository } from '../../auth/nonces.repository.js';
import { SqliteDatabase } from './database.js';
import { given, prepare } from './prepare.js';

const EXPIRED_PER_USE = 100;

@Injectable()
export class SqliteNonces extends NoncesRepository {
  constructor(private readonly database: SqliteDatabase) {
    super();
  }

  use(nonce: string, expiresAtMs: number): Promise<boolean> {
    return this.database.write((db) => {
      const expired = `SELECT nonce FROM nonce WHERE expires_at_ms < ? LIMIT ${given('?')}`;
      prepare(db, `DELETE FROM nonce WHERE nonce IN (${expired})`).run(Date.now(), EXPIRED_PER_USE);
      const insert = 'INSERT INTO nonce (nonce, expires_at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING';
      return prepare(db, insert).run(nonce, expiresAtMs).changes === 1;
    });
  }
}
