// Who helps with a project or a batch, by chosen names or pseudonyms.
import type { Hand } from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import { tagOf } from '../core/domain/tag.js';
import { HostsService } from '../core/hosts/hosts.service.js';
import { RunningUnits } from '../core/hosts/running-units.service.js';
import { ACCOUNTS_PORT, type AccountsPort } from '../core/ports/accounts.js';
import { type HandSums, QuestionsRepository } from './questions.repository.js';

const HANDS_MAXIMUM = 50;

@Injectable()
export class HandsService {
  constructor(
    private readonly questions: QuestionsRepository,
    private readonly hosts: HostsService,
    private readonly running: RunningUnits,
    @Inject(ACCOUNTS_PORT) private readonly accounts: AccountsPort,
  ) {}

  /** At work, with answers that wait, or with accepted units; most accepted units first. */
  list(scope: 'batch' | 'project', rowId: number): Hand[] {
    const computing = this.running.byAccount(scope === 'batch' ? { batchRowId: rowId } : { projectRowId: rowId });
    const sums = this.sums(scope, rowId, computing);
    const refs = this.accounts.accounts(sums.map(({ accountRowId }) => accountRowId));
    const online = this.hosts.onlineByAccount();
    return sums.map(({ accountRowId, hosts, answered, accepted, creditMilli }) => {
      const ref = refs.get(accountRowId);
      return {
        name: ref?.label ?? this.hosts.pseudonymOfAccount(accountRowId),
        tag: ref ? tagOf(ref.accountId) : '',
        isOnline: online.has(accountRowId),
        hosts: Math.max(1, hosts),
        runningUnits: computing.get(accountRowId) ?? 0,
        answeredUnits: answered,
        acceptedReplicas: accepted,
        creditMilli,
      };
    });
  }

  /** Those who have something to show first, then those who have only begun. */
  private sums(scope: 'batch' | 'project', rowId: number, computing: ReadonlyMap<number, number>): HandSums[] {
    const shown = this.questions.hands(scope, rowId, HANDS_MAXIMUM);
    const known = new Set(shown.map(({ accountRowId }) => accountRowId));
    for (const accountRowId of computing.keys()) {
      if (shown.length >= HANDS_MAXIMUM) break;
      const begun = known.has(accountRowId) ? undefined : this.questions.handOf(scope, rowId, accountRowId);
      if (begun) shown.push(begun);
    }
    return shown;
  }
}
