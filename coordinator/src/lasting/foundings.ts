// Who brings hosts, accounts and projects into being: each is a row for good, so each network has a share of an hour. Asked where the row is inserted, in
// its transaction, so that no way in goes past it; what exists already costs nothing.
import { Injectable } from '@nestjs/common';
import { NEWCOMERS_PER_HOUR, Newcomers } from '../http/domain/newcomers.js';

/** Projects that wait for the operator, of one network in an hour: people found them by hand, and the operator reads each. */
const PENDING_PROJECTS_PER_HOUR = 20;
/** Where anybody may create projects. */
const OPEN_PROJECTS_PER_HOUR = 1000;

export type Founding = 'host' | 'account' | 'pending-project' | 'open-project';

@Injectable()
export class Foundings {
  private readonly shares: Readonly<Record<Founding, Newcomers>> = {
    host: new Newcomers(NEWCOMERS_PER_HOUR),
    account: new Newcomers(NEWCOMERS_PER_HOUR),
    'pending-project': new Newcomers(PENDING_PROJECTS_PER_HOUR),
    'open-project': new Newcomers(OPEN_PROJECTS_PER_HOUR),
  };

  /** Counts one more from an address; false when its network has had its share. */
  admit(founding: Founding, address: string): boolean {
    return this.shares[founding].admit(address, Date.now());
  }
}
