// Who helps with a project or a batch, by chosen names or pseudonyms.
import type { Hand } from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import { tagOf } from '../accounts/domain/tag.js';
import { ACCOUNTS_PORT, type AccountsPort } from '../core-ports.js';
import { HostsService } from '../hosts/hosts.service.js';
import { RunningUnits } from '../hosts/running-units.service.js';
import { QuestionsRepository } from './questions.repository.js';

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
    const sums = this.questions.hands(scope, rowId, HANDS_MAXIMUM);
    const refs = this.accounts.accounts(sums.map(({ accountRowId }) => accountRowId));
    const online = this.hosts.onlineByAccount();
    const computing = this.running.byAccount(scope === 'batch' ? { batchRowId: rowId } : { projectRowId: rowId });
    return sums.map(({ accountRowId, hosts, running, answered, accepted, creditMilli }) => {
      const ref = refs.get(accountRowId);
      return {
        name: ref?.label ?? this.hosts.pseudonymOfAccount(accountRowId),
        tag: ref ? tagOf(ref.accountId) : '',
        isOnline: online.has(accountRowId),
        hosts: Math.max(1, hosts),
        runningUnits: Math.min(running, computing.get(accountRowId) ?? 0),
        answeredUnits: answered,
        acceptedReplicas: accepted,
        creditMilli,
      };
    });
  }
}
