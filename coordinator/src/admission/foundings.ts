// Who brings hosts, accounts and projects into being: each is a row for good, so each network has a share of an hour. Asked where the row is inserted, in
// its transaction, so that no way in goes past it; what exists already costs nothing.
import { NetworkBudget } from '@manyhands/foundation';
import { Inject, Injectable } from '@nestjs/common';
import { Admission } from './admission.js';

/** Projects that wait for the operator, of one network in an hour: people found them by hand, and the operator reads each. */
const PENDING_PROJECTS_PER_HOUR = 20;
/** Where anybody may create projects. */
const OPEN_PROJECTS_PER_HOUR = 1000;
const HOUR_SECONDS = 3600;

export type Founding = 'host' | 'account' | 'pending-project' | 'open-project';

@Injectable()
export class Foundings {
  private readonly shares: Readonly<Record<Founding, NetworkBudget>>;

  constructor(@Inject(Admission) private readonly admission: Pick<Admission, 'newcomersPerHour' | 'isExempt'>) {
    this.shares = {
      host: perHour(admission.newcomersPerHour),
      account: perHour(admission.newcomersPerHour),
      'pending-project': perHour(PENDING_PROJECTS_PER_HOUR),
      'open-project': perHour(OPEN_PROJECTS_PER_HOUR),
    };
  }

  /** Counts one more from an address; false when its network has had its share. */
  admit(founding: Founding, address: string): boolean {
    return this.admission.isExempt(address) || this.shares[founding].take(address, performance.now()) === 0;
  }
}

function perHour(count: number): NetworkBudget {
  return new NetworkBudget({ perSecond: count / HOUR_SECONDS, burst: count });
}
